"""The load generator in native code, on a core of its own: one line of command in, one line of JSON back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.native import built
from benchmarks.people import SEATS, Person
from benchmarks.servers import Kind, pinned

SEATS_AN_ADDRESS = 2 * SEATS  # a node lets sixty connections an address in: all of these, and once more in a storm


class Generator:
    """As many people as there are in ``people``, none of them connected yet."""

    def __init__(self, people: list[Person], port: int, folder: Path, core: int | None, kind: Kind) -> None:
        listed = folder / "people.txt"
        listed.write_text("".join(_line(at, person, kind.form) for at, person in enumerate(people)))
        limits = "limited" if kind.ours else "unlimited"
        self._process = subprocess.Popen(
            [*pinned(core), str(built("load")), str(port), f"run{port}", str(listed), limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.counts: dict[str, int] = {}
        self._read()

    def __enter__(self) -> Generator:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, *words: object) -> dict[str, Any]:
        """Carry out one command of load/phases.c and return what it says."""
        assert self._process.stdin
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        found = self._read()
        self.counts = found["so_far"]
        return found

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the load generator ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found


def _line(at: int, person: Person, form: str) -> str:
    house = at // SEATS_AN_ADDRESS
    address = f"127.{64 + house // 62500}.{house // 250 % 250}.{1 + house % 250}"
    auth = json.dumps({"key": person.key, "format": form}, separators=(",", ":"))
    return f"{at // SEATS}\t{address}\t{person.member}\t{person.cookie}={person.token}\t{auth}\n"
