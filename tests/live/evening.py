"""Prepares a session in a data folder and serves it with the real server in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from companion.core import commands as c
from companion.core.model import SYSTEM, GroupRules, Role
from companion.core.values import replace
from companion.records import Access, Group, GroupSettings
from companion.service import calls, gathering, inviting, organising
from companion.service.accesses import connect_key, hash_token
from companion.service.deps import Deps
from companion.service.perform import perform
from companion.settings import from_environment
from companion.web.cookies import access_cookie
from companion.wiring import make_deps
from tests.fakes.plans import PLAN
from tests.live.wire import Wire

ROOT = Path(__file__).parents[2]
CAST: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("facilitator", "Rae"),
    ("peer_supporter", "Noor"),
    ("tech_helper", "Kit"),
    ("member", "Wren"),
    ("member", "Ash"),
    ("member", "Fern"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """How one person of a prepared session gets in."""

    alias: str
    role: Role
    seat_id: str
    access_id: str
    cookie: str
    key: str


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lean_on(data: Path, port: int) -> Deps:
    """The dependencies of a node on this data folder, for preparing and for looking at what is kept."""
    return make_deps(from_environment({"COMPANION_DATA": str(data), "PORT": str(port), **_database()}))


def prepare(
    deps: Deps,
    cast: tuple[tuple[Role, str], ...] = CAST,
    *,
    rules: GroupRules | None = None,
    admit: bool = True,
    phase: str = "live",
) -> dict[str, Way]:
    """A session with these people in it, each through the same service as a browser; by alias."""
    group = organising.add_group(deps, "Tuesday", GroupSettings(call_link="https://call.example/x", safeguarding=PLAN))
    deps.store.save_group(_with_rules(group, rules))
    session = organising.add_session(deps, group.id, deps.clock())
    ways: dict[str, Way] = {}
    for role, alias in cast:
        person = organising.add_person(
            deps, group.id, role, f"{alias} Private", alias, phone="07700 900123", waived_by="Sol"
        )
        invite = inviting.invite(deps, session.id, person.id).invite
        access = Access(
            deps.fresh_id(), "", invite.id, session.id, invite.seat_id, role, "in", deps.clock(), _later(deps)
        )
        token = deps.fresh_id()
        deps.store.save_access(replace(access, token_hash=hash_token(deps, token)))
        cookie = f"{access_cookie(deps.settings)}={token}"
        ways[alias] = Way(alias, role, invite.seat_id, access.id, cookie, connect_key(deps, access))
    gathering.begin(deps, session.id)
    if phase != "planned":
        perform(deps, session.id, c.OpenDoors(), by=SYSTEM)
        for way in ways.values():
            known = calls.ref_of(deps, session.id, way.seat_id)
            arrival = c.Arrive(seat=way.seat_id, device=way.access_id, alias=way.alias, caller=known)
            perform(deps, session.id, arrival, by=SYSTEM)
    host = next(way for way in ways.values() if way.role == "facilitator")
    if admit and phase != "planned":
        perform(deps, session.id, c.AdmitAll(), by=host.seat_id)
    if phase == "live":
        perform(deps, session.id, c.StartSession(), by=host.seat_id)
    return ways


def session_of(deps: Deps, way: Way) -> str:
    """The session that somebody is in."""
    access = deps.store.access(way.access_id)
    assert access is not None
    return access.session_id


class Served:
    """The real server, in a process of its own."""

    def __init__(
        self,
        data: Path,
        port: int | None = None,
        *,
        clock: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._clock = clock
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.log = data / f"server-{self.port}.log"

    def __enter__(self) -> Served:
        self.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it can take a tap."""
        env = {**os.environ, "COMPANION_DATA": str(self.data), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        env |= self._settings
        if self._clock is not None:
            env["TEST_CLOCK"] = str(self._clock)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.live.served"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 120  # a busy machine takes its time to import
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.03)

    @property
    def pid(self) -> int:
        """The process, for tests that take something away from it."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is there."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    def connect(self, way: Way, *, form: str = "html") -> Wire:
        """Open a page for somebody and wait for her whole panel."""
        wire = Wire(self.address, way.cookie, way.key, form=form)
        wire.until(lambda: bool(wire.panels()), "the first panel")
        return wire

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/ready", timeout=1) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _with_rules(group: Group, rules: GroupRules | None) -> Group:
    return group if rules is None else replace(group, rules=rules)


def _later(deps: Deps) -> datetime:
    return deps.clock() + timedelta(hours=12)


def _database() -> dict[str, str]:
    url = os.environ.get("DATABASE_URL")
    return {"DATABASE_URL": url} if url else {}


def at_noon() -> datetime:
    """A fixed moment for tests that set the clock."""
    return datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
