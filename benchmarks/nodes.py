"""Two nodes beside one, with the PostgreSQL and the Redis of the tests.

There are two cores here and a generator takes one of them, together with the databases. So both nodes share the other
core: what the two do there, of what one does there alone, is what working together costs. Each session lives on one
node, as nginx routes them; that is how a service of several nodes is to be run (docs/operating.md).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.generator import Generator
from benchmarks.goals import ONE, TWO
from benchmarks.people import ENVIRONMENT, Person, made
from benchmarks.proof import Proof, proved, seen_of
from benchmarks.servers import KINDS, Running
from benchmarks.trial import Result, Work
from companion.core.values import replace

KIND = KINDS["companion-json"]  # what each node is


def nodes_tried(work: Work, sessions: int) -> Iterator[Result]:
    """One trial of one node and one of two, with so many sessions on each."""
    for title, count in ((ONE, 1), (TWO, 2)):
        with _machines() as environment, tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
            yield _tried(title, count, work, sessions, Path(folder), environment)


def _tried(title: str, count: int, work: Work, sessions: int, home: Path, environment: dict[str, str]) -> Result:
    (home / ENVIRONMENT).write_text(json.dumps(environment))
    people = made(home, count * sessions)
    with ExitStack() as stack:
        running = [_node(home, f"node{at}", work, environment, stack) for at in range(count)]
        parts = [_part(people, at, count) for at in range(count)]
        generators = [
            stack.enter_context(Generator(part, node.port, node.folder, work.generator_core, KIND))
            for part, node in zip(parts, running, strict=True)
        ]
        at_once = stack.enter_context(ThreadPoolExecutor(count))

        def all_do(*words: object) -> list[dict[str, Any]]:
            return list(at_once.map(lambda generator: generator.do(*words), generators))

        all_do("connect", 64, 60)
        all_do("closed", work.out, work.warm)
        cpu = sum(node.cpu_seconds for node in running)
        before = sum(generator.counts["acknowledged"] for generator in generators)
        found = all_do("closed", work.out, work.closed)
        done = sum(generator.counts["acknowledged"] for generator in generators) - before
        microseconds = 1e6 * (sum(node.cpu_seconds for node in running) - cpu)
        for generator, node in zip(generators, running, strict=True):
            generator.do("wholes", node.folder / "wholes")
            generator.do("numbers", node.folder / "numbers")
        for node in running:
            node.kill()
        values = {
            "taps_s": sum(one["acknowledged"] / one["seconds"] for one in found),
            "us_tap": microseconds / max(1, done),
            "generator": sum(one["generator"] for one in found),
        }
        return Result(title, _proof(home, parts, generators, running), values)


def _node(home: Path, name: str, work: Work, environment: dict[str, str], stack: ExitStack) -> Running:
    folder = home / name
    folder.mkdir()
    for kept in home.glob("*.key"):
        shutil.copy(kept, folder)
    given = (*environment.items(), ("COMPANION_NODE", name))
    node = Running(replace(KIND, environment=given), folder, work.server_core, work.sync_ms)
    stack.callback(node.kill)
    return node


def _part(people: list[Person], at: int, count: int) -> list[Person]:
    sessions = list(dict.fromkeys(person.session for person in people))[at::count]
    return [person for person in people if person.session in set(sessions)]


def _proof(home: Path, parts: list[list[Person]], generators: list[Generator], running: list[Running]) -> Proof:
    # Rows are of all nodes together, everything else is of each.
    counts = {
        name: sum(generator.counts[name] for generator in generators)
        for name in ("taps", "acknowledged", "refused", "regressed", "skipped", "broken", "lost", "in", "overrun")
    }
    seen = [
        one
        for part, node in zip(parts, running, strict=True)
        for one in seen_of(part, node.folder / "numbers", node.folder / "wholes")
    ]
    return proved(counts, seen, home, KIND.form, KIND.ours, 1)


@contextmanager
def _machines() -> Iterator[dict[str, str]]:
    from tests.cluster.machines import Redis
    from tests.postgres import fresh_database

    with fresh_database() as url, tempfile.TemporaryDirectory(prefix="companion-redis-") as folder:
        redis = Redis(Path(folder))
        redis.start()
        try:
            yield {"DATABASE_URL": url, "COMPANION_REDIS": redis.url}
        finally:
            redis.stop()
