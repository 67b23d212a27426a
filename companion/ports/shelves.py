"""Where plain records are kept: one shelf a kind, found by id or by the columns of its table that are not sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class UpTo:
    """In ``find`` and ``remove``: the column is not later than this; a column without a time is never meant."""

    at: datetime


class Shelf(Protocol[R]):
    """Records of one kind. ``columns`` are unsealed ones: each is a value, several values in a tuple, or UpTo.

    Sealed ones that have a keyed index (a person's ``email`` and ``phone``) can be looked for by one value.
    """

    def put(self, record: R) -> None:
        """Add it, or replace the one with its id."""

    def add(self, record: R) -> bool:
        """Add it unless one with its id is there; whether it was added."""

    def get(self, record_id: str) -> R | None:
        """One record."""

    def find(self, *, limit: int | None = None, **columns: object) -> Sequence[R]:
        """All that fit, in the order of their ids."""

    def change(self, record_id: str, how: Callable[[R], R | None]) -> R | None:
        """Change it in one transaction, alone; None from ``how`` leaves it as it is. Returns what is kept now."""

    def remove(self, **columns: object) -> int:
        """Remove all that fit (at least one column is needed) and say how many."""
