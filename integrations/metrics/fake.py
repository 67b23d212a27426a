"""Meters that keep everything in lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from companion.ports import Gauges


@dataclass
class FakeMeters:
    """Implements ports.Meters."""

    answers: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def answered(self, code: str) -> None:
        self.answers.append(code)

    def refused(self, reason: str) -> None:
        self.refusals.append(reason)

    @contextmanager
    def commit(self, taps: int) -> Iterator[None]:
        yield
        if taps:
            self.commits.append(taps)

    def shown(self, seconds: Sequence[float]) -> None:
        self.seconds.extend(seconds)

    def page(self, gauges: Gauges) -> tuple[bytes, str]:
        return repr((self, gauges)).encode(), "text/plain"
