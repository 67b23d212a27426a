"""Hands work from the loop to one native thread, together with whatever else has come meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from companion import server

A = TypeVar("A")
R = TypeVar("R")
MOST = 64  # in one go, so that the last of many does not wait for ever


class Together(Generic[A, R]):
    """Does in one go what comes while the last go is under way: one native thread at a time, whoever asks waits."""

    def __init__(self, work: Callable[[list[A]], Sequence[R]]) -> None:
        self._work = work
        self._waiting: deque[tuple[A, Callable[[Any], object]]] = deque()
        self._busy = False

    def do(self, item: A) -> R:
        """Wait for the result of one. Raises what the go it was in has raised."""
        if not server.runs():
            return self._work([item])[0]
        give, wait = server.promise()
        self._waiting.append((item, give))
        if not self._busy:
            self._busy = True
            server.spawn(self._run)
        returned, raised = wait()
        if raised is not None:
            raise raised
        return returned

    def _run(self) -> None:
        try:
            while self._waiting:
                now = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                results, raised = server.off_loop(server.outcome, self._work, ([item for item, _ in now],), {})
                for number, (_, give) in enumerate(now):
                    give((results[number] if results is not None else None, raised))
        finally:
            self._busy = False
