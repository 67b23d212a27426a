"""What nodes tell one another and what they count together. Nobody ever waits for it, and no tap ever needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Apart(Exception):
    """What the nodes share cannot be reached just now: each goes by what it knows itself."""


class Hints(Protocol):
    """Hints from node to node that a session has changed. One may get lost; ``missed`` says when to look oneself."""

    def post(self, session_id: str) -> None:
        """Hint that this session has changed. Never waits and never fails."""

    def listen(self, heard: Callable[[str], object]) -> None:
        """From now on call ``heard``, in native threads, with the id of each session that another node has changed."""

    def missed(self) -> bool:
        """Whether hints may have been missed since this was asked last."""


class Tallies(Protocol):
    """Counts of all nodes together, by any text as key. Each may raise Apart, and waits half a second at most."""

    def take(self, key: str, at: float, window: float, most: int, many: int = 1) -> int:
        """Count ``many`` at that time (seconds since 1970) if ``most`` are not exceeded within ``window`` seconds.

        Returns how many are left then, or -1 where nothing was counted.
        """

    def recent(self, key: str, at: float, window: float) -> tuple[float, int]:
        """When the first within the window was counted (``at`` if there is none), and how many there are."""

    def give_back(self, key: str) -> None:
        """The latest one counts no more."""

    def forget(self, key: str) -> None:
        """None of them counts any more."""

    def add(self, key: str, many: int) -> int:
        """Add to a plain number, which never falls below nought, and return it; 0 only reads."""


class NoTallies:
    """One node alone."""

    def take(self, key: str, at: float, window: float, most: int, many: int = 1) -> int:
        """Raises Apart."""
        raise Apart

    def recent(self, key: str, at: float, window: float) -> tuple[float, int]:
        """Raises Apart."""
        raise Apart

    def give_back(self, key: str) -> None:
        """Raises Apart."""
        raise Apart

    def forget(self, key: str) -> None:
        """Raises Apart."""
        raise Apart

    def add(self, key: str, many: int) -> int:
        """Raises Apart."""
        raise Apart
