"""One trial: a server started, filled with people, measured, asked for everything, killed, and its disk looked at."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.generator import Generator
from benchmarks.people import Person
from benchmarks.proof import Proof, proved, seen_of
from benchmarks.servers import Kind, Running, write_work
from benchmarks.shape import Shape

PATIENCE, PATIENCE_EACH = 60, 0.1  # seconds at most for everybody to come, and to come back
SHM = Path("/dev/shm")  # noqa: S108 - a file system in memory, where an fsync takes no time of its own


@dataclass(frozen=True, slots=True)
class Work:
    """What is done in a trial; seconds of 0 leave a phase out."""

    people: list[Person]
    data: Path  # the companion's database with these people in it
    shapes: dict[str, Shape]  # by format
    sync_ms: float = 0.1
    out: int = 64  # taps that are out at a time while it is saturated
    warm: float = 0.5
    closed: float = 1.5
    rate: float = 200.0
    open: float = 1.5
    storm: int = -1  # taps that are out when everybody is cut; -1: nobody is
    draw_each: int = 10  # of so many sessions one is drawn again and compared word by word
    generator_core: int | None = None
    server_core: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial found: numbers by name, and whether it counts."""

    kind: str
    proof: Proof
    values: dict[str, float] = field(default_factory=dict)
    refusal: str = ""  # the last that was said to anybody


def tried(kind: Kind, work: Work) -> Result:
    """One trial of one server."""
    with _folder() as folder:
        if kind.ours:
            shutil.copytree(work.data, folder, dirs_exist_ok=True)
        else:
            write_work(folder, work.people, work.shapes[kind.form])
        server = Running(kind, folder, work.server_core, work.sync_ms)
        try:
            with Generator(work.people, server.port, folder, work.generator_core, kind) as generator:
                values = _measured(server, generator, work)
                generator.do("wholes", folder / "wholes")
                ended = generator.do("numbers", folder / "numbers")
                server.kill()
        except Exception as problem:
            raise RuntimeError(f"{kind.title}: {problem}\n{server.last_words()}") from problem
        finally:
            server.kill()
        seen = seen_of(work.people, folder / "numbers", folder / "wholes")
        proof = proved(ended["so_far"], seen, folder, kind.form, kind.ours, work.draw_each)
        return Result(kind.name, proof, values, ended["refusal"])


def _measured(server: Running, generator: Generator, work: Work) -> dict[str, float]:
    empty = server.memory
    values = {"MB_empty": empty / 1e6, "connect_s": generator.do("connect", 64, _patience(work))["seconds"]}
    if generator.counts["in"] < len(work.people):
        raise RuntimeError(f"only {generator.counts['in']} of {len(work.people)} people could come in")
    values["kB_per_socket"] = (server.memory - empty) / 1000 / len(work.people)
    if work.warm:
        generator.do("closed", work.out, work.warm)
    if work.closed:
        values |= _saturated(server, generator, work)
    if work.open:
        values |= _paced(server, generator, work)
    if work.storm >= 0:
        values["storm_s"] = generator.do("storm", work.storm, _patience(work))["seconds"]
    return values


def _patience(work: Work) -> float:
    return PATIENCE + PATIENCE_EACH * len(work.people)


def _saturated(server: Running, generator: Generator, work: Work) -> dict[str, float]:
    cpu, before = server.cpu_seconds, generator.counts
    found = generator.do("closed", work.out, work.closed)
    microseconds = (server.cpu_seconds - cpu) * 1e6
    done = {name: max(1, count - before[name]) for name, count in generator.counts.items()}
    return {
        "taps_s": found["acknowledged"] / found["seconds"],
        "deliveries_tap": done["deliveries"] / done["acknowledged"],
        "bytes_delivery": done["bytes"] / done["deliveries"],
        "us_delivery": microseconds / done["deliveries"],
        "us_tap": microseconds / done["acknowledged"],
        "full_p50_ms": found["own"]["p50"],
        "full_p99_ms": found["own"]["p99"],
        "generator": found["generator"],
        "measured_s": found["seconds"],
    }


def _paced(server: Running, generator: Generator, work: Work) -> dict[str, float]:
    found = generator.do("open", work.rate, work.open)
    return {
        "p50_ms": found["own"]["p50"],
        "p99_ms": found["own"]["p99"],
        "max_ms": found["own"]["max"],
        "all_p50_ms": found["all"]["p50"],
        "all_p99_ms": found["all"]["p99"],
        "all_max_ms": found["all"]["max"],
    }


@contextmanager
def _folder() -> Iterator[Path]:
    place = SHM if SHM.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="companion-bench-", dir=place) as folder:
        yield Path(folder)
