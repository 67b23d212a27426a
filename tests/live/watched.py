"""A served session under watch: what the server has logged, whether the state was touched, and forms beside sockets."""

from __future__ import annotations

import html
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from companion import drawing
from companion.records import Saved
from companion.service.deps import Deps
from tests.live.evening import Served, Way, at_noon, session_of
from tests.live.wire import Wire


class Hands:
    """The hands of a clock that a served session and its test both read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._set(at_noon())

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text())

    def turn(self, seconds: float) -> None:
        """Let so much time pass."""
        self._set(self() + timedelta(seconds=seconds))

    def _set(self, moment: datetime) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(moment.isoformat())
        os.replace(draft, self.file)  # the server never reads half a time


@dataclass
class Watched:
    """One session on one server. Each person keeps one page open, so that no test makes her drop."""

    served: Served
    deps: Deps
    ways: dict[str, Way]
    wires: dict[str, Wire] = field(default_factory=dict)

    @classmethod
    def open(cls, served: Served, deps: Deps, ways: dict[str, Way]) -> Watched:
        """Open everybody's page."""
        wires = {alias: served.connect(way, form="json") for alias, way in ways.items()}
        return cls(served, deps, ways, wires)

    def close(self) -> None:
        """Close every page."""
        for wire in self.wires.values():
            wire.close()

    def saved(self) -> Saved:
        """What is kept of the session now."""
        found = self.deps.store.load(session_of(self.deps, next(iter(self.ways.values()))))
        assert found is not None
        return found

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Nothing is saved meanwhile, not even the same again."""
        before = self.saved()
        yield
        assert self.saved() == before

    @contextmanager
    def logged(self, *expected: str, never: tuple[str, ...] = ()) -> Iterator[None]:
        """Meanwhile the server logs these, and none of those, nor anybody's name."""
        start = self.served.log.stat().st_size
        yield
        eventually(lambda: all(part in self._log(start) for part in expected), f"{expected} in the log")
        for word in (*never, *self.ways):
            assert word not in self._log(start)

    def post(self, who: str, command: str, fields: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        """Send a form, as a page without script does."""
        sent = {"Cookie": self.ways[who].cookie, "Origin": self.served.address, **headers}
        return requests.post(
            f"{self.served.address}/act/{command}", data=fields, headers=sent, allow_redirects=False, timeout=20
        )

    def get(self, who: str, path: str = "/here") -> requests.Response:
        """Read a page."""
        return requests.get(
            f"{self.served.address}{path}",
            headers={"Cookie": self.ways[who].cookie},
            allow_redirects=False,
            timeout=20,
        )

    def _log(self, start: int) -> str:
        with self.served.log.open("rb") as log:
            log.seek(start)
            return log.read().decode()


def refusal(code: str, again: int | None = None) -> dict[str, Any]:
    """The whole answer to a refused tap."""
    said: dict[str, Any] = {"ok": False, "code": code, "say": drawing.refusal(code, "en")}
    return said if again is None else {**said, "again": again}


def says(page: requests.Response, code: str) -> bool:
    """Whether a page holds the sentence of a refusal."""
    return drawing.refusal(code, "en") in html.unescape(page.text)


def bye(wire: Wire) -> Any:
    """What a connection was told before it was cut."""
    return next((body for name, body in wire.events() if name == "bye"), None)


def eventually(met: Callable[[], Any], what: str, seconds: float = 10.0) -> Any:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while True:
        found = met()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.03)


def message(name: object, fields: object, tap_id: object = "tap-of-a-test") -> str:
    """One tap as it stands on the wire, before its number."""
    return json.dumps(["tap", {"id": tap_id, "name": name, "fields": fields}])
