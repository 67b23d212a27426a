"""Numbers for whoever watches the machines: counted in passing, and looked at when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Pages:
    """The connections of this node: how many, and what waits because somebody reads too slowly."""

    sockets: int = 0
    waiting_sockets: int = 0
    waiting_bytes: int = 0
    cut: int = 0  # since the start, for reading nothing


@dataclass(frozen=True, slots=True)
class Backlog:
    """What should have left by now and has not: how many, and for how many seconds the oldest."""

    many: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Gauges:
    """How things stand in the moment in which somebody asks."""

    pages: Pages = Pages()
    outbox: Mapping[str, Backlog] | None = None  # None: the database cannot be used
    build: Mapping[str, str] = field(default_factory=dict)


class Meters(Protocol):
    """Counts. Called on the loop and from worker threads; never waits, never fails, knows nobody."""

    def answered(self, code: str) -> None:
        """A tap was answered: "" for yes, or the reason why not."""

    def refused(self, reason: str) -> None:
        """A page or a connection was refused."""

    def commit(self, taps: int) -> AbstractContextManager[object]:
        """Around one commit of so many taps; without any it is not counted."""

    def shown(self, seconds: Sequence[float]) -> None:
        """So long after each of these taps had come, the last panel of it had been handed to the sockets."""

    def page(self, gauges: Gauges) -> tuple[bytes, str]:
        """Everything so far, with its media type."""


class NoMeters:
    """Nobody watches."""

    def answered(self, code: str) -> None:
        """Count nothing."""

    def refused(self, reason: str) -> None:
        """Count nothing."""

    def commit(self, taps: int) -> AbstractContextManager[object]:
        """Count nothing."""
        return nullcontext()

    def shown(self, seconds: Sequence[float]) -> None:
        """Count nothing."""

    def page(self, gauges: Gauges) -> tuple[bytes, str]:
        """Say nothing."""
        return b"", "text/plain"
