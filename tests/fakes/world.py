"""A small world for tests of use cases and pages: a store in memory, a clock to turn, a hasher that is not slow."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from companion.core.commands import Arrive, Command, OpenDoors
from companion.core.model import SYSTEM, Role, Seat, SessionState
from companion.core.views import Panel
from companion.records import Access, Group, GroupSettings, Invite, Person, PlannedSession
from companion.service import gathering, inviting, joining, organising
from companion.service.accesses import hash_token
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.inviting import Issued
from companion.service.perform import perform
from companion.settings import Settings
from integrations.link.fake import FakeCalls
from integrations.mail.fake import FakeMailer
from integrations.sms.fake import FakeTexter
from tests.fakes.memory_store import MemoryStore
from tests.fakes.plans import PLAN

START = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)


@dataclass
class TurnedClock:
    """A clock that stands still until it is turned."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class QuickHasher:
    """Implements ports.Hasher, and counts what it was asked to verify."""

    def __init__(self) -> None:
        self.verified: list[str] = []

    def hash(self, secret: str) -> str:
        return "quick:" + hashlib.sha256(secret.encode()).hexdigest()

    def verify(self, kept: str, secret: str) -> bool:
        self.verified.append(kept)
        return kept == self.hash(secret)

    def is_old(self, kept: str) -> bool:
        return not kept.startswith("quick:")


class PlainKeys:
    """Implements deps.Sealer. Put another secret first and the keys are rotated."""

    def __init__(self, *secrets: bytes) -> None:
        self.secrets = secrets or (b"a test's own secret ",)

    def subkey(self, purpose: str) -> bytes:
        return self.subkeys(purpose)[0]

    def subkeys(self, purpose: str) -> tuple[bytes, ...]:
        return tuple(hashlib.sha256(secret + purpose.encode()).digest() for secret in self.secrets)

    def signing(self, purpose: str) -> bytes:
        return self.subkeys(purpose)[-1]


@dataclass
class SeenPanels:
    """Implements deps.Panels and remembers what was cut, and what was shown again."""

    cuts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    again: list[SessionState] = field(default_factory=list)
    again_for: list[set[str]] = field(default_factory=list)

    def send(self, after: SessionState, changes: dict[str, Panel]) -> None:
        return None

    def send_whole(self, state: SessionState, seat_id: str, connection: str, shows: int = -1) -> None:
        return None

    def welcome(self, connection: str) -> None:
        return None

    def show_again(self, state: SessionState, seat_ids: Collection[str]) -> None:
        self.again.append(state)
        self.again_for.append(set(seat_ids))

    def cut(self, access_ids: tuple[str, ...], code: str) -> None:
        self.cuts.append((access_ids, code))

    def measure(self, came: Sequence[float]) -> None:
        return None


@dataclass
class World:
    """Dependencies and the fakes inside them."""

    deps: Deps
    store: MemoryStore
    clock: TurnedClock
    hasher: QuickHasher
    mailer: FakeMailer
    panels: SeenPanels
    group: Group
    session: PlannedSession
    texter: FakeTexter

    def person(self, alias: str = "Wren", role: Role = "member", **more: Any) -> Person:
        known = {"waived_by": "Sol", **more}
        return organising.add_person(self.deps, self.group.id, role, f"Mary {alias}son-Longname", alias, **known)

    def invite(self, alias: str = "Wren", role: Role = "member", **more: Any) -> Issued:
        return inviting.invite(self.deps, self.session.id, self.person(alias, role, **more).id)

    def enter(self, issued: Issued) -> Access:
        """Open a link with its passcode."""
        return joining.enter(self.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en").access

    def begin(self) -> None:
        gathering.begin(self.deps, self.session.id)

    def open_doors(self, host: str = "Sol") -> Issued:
        """Begin, let a facilitator arrive, and open the doors."""
        issued = self.invite(host, "facilitator")
        self.begin()
        self.perform(Arrive(seat=issued.invite.seat_id, device="host-device", alias=host))
        self.perform(OpenDoors(), by=issued.invite.seat_id)
        return issued

    def perform(self, command: Command, by: str = SYSTEM) -> SessionState:
        return perform(self.deps, self.session.id, command, by=by).state

    def live(self) -> SessionState:
        saved = self.store.load(self.session.id)
        assert saved is not None
        return saved.state

    def seat(self, issued: Issued) -> Seat:
        return self.live().seat(issued.invite.seat_id)

    def again(self, issued: Issued) -> Invite:
        """The invite as it is kept now."""
        found = self.store.invite(issued.invite.id)
        assert found is not None
        return found

    def hash(self, token: str) -> str:
        return hash_token(self.deps, token)


def a_world(**settings: Any) -> World:
    """A group with one session planned for now."""
    store, clock, hasher, mailer, panels = MemoryStore(), TurnedClock(), QuickHasher(), FakeMailer(), SeenPanels()
    texter = FakeTexter()
    numbers = count(1)
    deps = Deps(
        store=store,
        clock=clock,
        fresh_id=lambda: f"fresh-{next(numbers)}",
        hasher=hasher,
        mailer=mailer,
        calls=FakeCalls(),
        settings=Settings(data=Path("/nowhere"), **settings),
        sealer=PlainKeys(),
        panels=panels,
        texter=texter,
    )
    settings_of_group = GroupSettings(backup_number="020 7946 0000", safeguarding=PLAN)
    group = organising.add_group(deps, "Tuesday circle", settings_of_group)
    session = organising.add_session(deps, group.id, clock())
    return World(deps, store, clock, hasher, mailer, panels, group, session, texter)


def token_of(issued: Issued) -> str:
    """The token in a link."""
    return issued.link.rpartition("/")[2]


def wrong_for(issued: Issued) -> str:
    """Eight digits that are not the passcode."""
    return f"{(int(issued.passcode) + 1) % 10**8:08}"
