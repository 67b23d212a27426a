"""Counts tries at passcodes by link and address: the same for links that exist and for links that do not.

They are counted by all nodes together where there are several, and in memory. Memory alone counts while the nodes
cannot reach what they share, so that nobody is locked out by that, and nobody can guess without end.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from companion.core.refusals import Refused
from companion.ports import Apart, NoTallies, Tallies

TRIES = 5
WINDOW = timedelta(minutes=15)
REMEMBERED = 20_000  # links and addresses; the oldest are forgotten first, so that a flood cannot fill the memory


class Guesses:
    """One a process. Native lock: it is asked from worker threads."""

    def __init__(self, remembered: int = REMEMBERED, tallies: Tallies | None = None) -> None:
        self._lock = threading.Lock()
        self._remembered = remembered
        self._tallies = tallies or NoTallies()
        self._recent: OrderedDict[Hashable, tuple[datetime, ...]] = OrderedDict()
        self._nowhere: OrderedDict[str, int] = OrderedDict()

    def begin(self, key: Hashable, at: datetime, tries: int = TRIES) -> int:
        """Count a try before it is made, so that many at once cannot slip through; returns how many are left then.

        Raises Refused("too_fast") where none was left.
        """
        try:
            left = self._tallies.take(_name(key), at.timestamp(), WINDOW.total_seconds(), tries)
        except Apart:
            left = self._begin_here(key, at, tries)
        else:
            self._follow_here(key, at, left)
        if left < 0:
            raise Refused("too_fast")
        return left

    def give_back(self, key: Hashable) -> None:
        """That try was no guess after all."""
        with suppress(Apart):
            self._tallies.give_back(_name(key))
        with self._lock:
            self._recent[key] = self._recent.get(key, ())[:-1]

    def forgive(self, key: Hashable) -> None:
        """The right passcode came: the tries before it were slips."""
        with suppress(Apart):
            self._tallies.forget(_name(key))
        with self._lock:
            self._recent.pop(key, None)

    def of_nowhere(self, token_hash: str) -> int:
        """How many wrong guesses there were at a link that leads nowhere; the store counts those of real ones."""
        return self._add_nowhere(token_hash, 0)

    def count_nowhere(self, token_hash: str) -> int:
        """Count one more of them."""
        return self._add_nowhere(token_hash, 1)

    def uncount_nowhere(self, token_hash: str) -> None:
        """One of them was no guess after all."""
        self._add_nowhere(token_hash, -1)

    def as_nowhere(self, token_hash: str) -> None:
        """Ask as much of what nodes share as a try at a link that leads nowhere does: it must not tell them apart."""
        with suppress(Apart):
            self._tallies.add(f"real {token_hash}", 0)
            self._tallies.add(f"real {token_hash}", 1)

    def _begin_here(self, key: Hashable, at: datetime, tries: int) -> int:
        with self._lock:
            recent = tuple(when for when in self._recent.get(key, ()) if at - when < WINDOW)
            if len(recent) >= tries:
                return -1
            self._keep(self._recent, key, (*recent, at))
            return tries - len(recent) - 1

    def _follow_here(self, key: Hashable, at: datetime, left: int) -> None:
        # So that it goes on from here should the nodes be apart for a while.
        if left >= 0:
            with self._lock:
                recent = tuple(when for when in self._recent.get(key, ()) if at - when < WINDOW)
                self._keep(self._recent, key, (*recent, at))

    def _add_nowhere(self, token_hash: str, many: int) -> int:
        with self._lock:
            here = max(0, self._nowhere.get(token_hash, 0) + many)
            if many:
                self._keep(self._nowhere, token_hash, here)
        try:
            return max(here, self._tallies.add(f"nowhere {token_hash}", many))
        except Apart:
            return here

    def _keep(self, where: OrderedDict[Any, Any], key: Hashable, value: object) -> None:
        where[key] = value
        where.move_to_end(key)
        while len(where) > self._remembered:
            where.popitem(last=False)


def _name(key: Hashable) -> str:
    return f"tries {key!r}"
