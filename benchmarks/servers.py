"""What is measured: the companion as it ships, and what somebody would use instead, each started by its own command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from benchmarks.native import HERE, Missing, built
from benchmarks.people import Person
from benchmarks.shape import Shape

ROOT = HERE.parent
PEERS = HERE / "peers"
START_SECONDS = 60
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Kind:
    """One server; ``command`` takes the folder it works in and its port."""

    name: str
    title: str
    command: Callable[[Path, int], list[str]]
    ours: bool = False
    form: str = "json"
    ready: str = "/"
    environment: tuple[tuple[str, str], ...] = ()


def companion(folder: Path, port: int) -> list[str]:
    """The project's own command."""
    return [sys.executable, "-W", "ignore", "-m", "companion.cli", "run"]


def node(commit: str) -> Callable[[Path, int], list[str]]:
    """Socket.IO on Node with ``commit`` "tap" or "group"."""

    def command(folder: Path, port: int) -> list[str]:
        _fetch_node_modules()
        program = [_node(), "--no-warnings", str(PEERS / "node.mjs")]
        return [*program, str(folder / "work.json"), str(folder / "peer.sqlite3"), str(port), commit]

    return command


def stock(folder: Path, port: int) -> list[str]:
    """Flask-SocketIO as installed."""
    program = [sys.executable, "-W", "ignore", str(PEERS / "stock.py")]
    return [*program, str(folder / "work.json"), str(folder / "peer.sqlite3"), str(port)]


def floor(folder: Path, port: int) -> list[str]:
    """As little as a server can do."""
    return [str(built("floor")), str(folder / "work.txt"), str(folder / "peer.sqlite3"), str(port)]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("companion", "companion, HTML regions", companion, True, "html", "/health/ready"),
        Kind("companion-json", "companion, JSON views", companion, True, "json", "/health/ready"),
        Kind(
            "companion-gevent",
            "companion on gevent, HTML regions",
            companion,
            True,
            "html",
            "/health/ready",
            (("COMPANION_SERVER", "gevent"),),
        ),
        Kind("node", "Node, a commit per tap", node("tap")),
        Kind("node-group", "Node, group commit", node("group")),
        Kind("stock", "Flask-SocketIO as installed, a commit per tap", stock),
        Kind("floor", "C, raw frames, group commit", floor),
    )
}


def write_work(folder: Path, people: list[Person], shape: Shape) -> None:
    """What the peers need to know of the work: for Node and Python as JSON, for C as lines."""
    work = {"people": [asdict(person) for person in people], "shape": asdict(shape)}
    (folder / "work.json").write_text(json.dumps(work))
    lines = [f"N {len({person.session for person in people})}", f"B {shape.document}"]
    lines += [f"P {p.session} {p.seat} {p.token} {p.key} {p.member}" for p in people]
    for step, members in enumerate(shape.deliveries):
        for member, sent in enumerate(members):
            lines += [f"D {step} {member} {seat} {size}" for seat, size in sent]
    lines += [f"W {size}" for size in shape.whole]
    (folder / "work.txt").write_text("\n".join(lines) + "\n")


class Running:
    """A server in a process of its own, on one core, with each fsync as slow as it is told to be."""

    def __init__(self, kind: Kind, folder: Path, core: int | None, sync_ms: float) -> None:
        self.kind, self.folder, self.port = kind, folder, _free_port()
        environment = {
            **os.environ,
            "COMPANION_DATA": str(folder),
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "LD_PRELOAD": str(built("shim")),
            "SLOW_SYNC_MICROSECONDS": str(round(sync_ms * 1000)),
            **dict(kind.environment),
        }
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*pinned(core), *kind.command(folder, self.port)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self._wait()

    @property
    def cpu_seconds(self) -> float:
        """What its threads have used so far, to the nanosecond where the system counts so finely."""
        spent = [int(thread.read_text().split()[0]) for thread in self._threads("schedstat")]
        if any(spent):
            return sum(spent) / 1e9
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    @property
    def memory(self) -> int:
        """Bytes of memory that are its own and in use."""
        lines = self._proc("smaps_rollup").splitlines()
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))

    def kill(self) -> None:
        """SIGKILL, as a power cut would: what was acknowledged has to be there all the same."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:]

    def _threads(self, name: str) -> list[Path]:
        return list(Path(f"/proc/{self._process.pid}/task").glob(f"*/{name}"))

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self._process.pid}/{name}").read_text()

    def _wait(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise Missing(f"{self.kind.title}, which does not start:\n{self.last_words()}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.kind.ready}", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def pinned(core: int | None) -> list[str]:
    """What to write in front of a command so that it stays on one core."""
    return [] if core is None else ["taskset", "-c", str(core)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _node() -> str:
    beside = Path(sys.executable).with_name("node")  # the development packages bring one; node:sqlite needs 22.13
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        raise Missing("node, which `make setup` brings")
    return found


@cache
def _fetch_node_modules() -> None:
    lock, kept = PEERS / "package-lock.json", PEERS / "node_modules" / ".package-lock.json"
    if kept.exists() and kept.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = ["npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
    if subprocess.run(npm, cwd=PEERS, env=environment, stdout=subprocess.DEVNULL).returncode:
        raise Missing("the node modules of benchmarks/peers, which npm could not fetch")
    kept.touch()
