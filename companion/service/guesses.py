"""Counts tries at passcodes in memory, by link and address: the same for links that exist and for links that do not."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

from companion.core.refusals import Refused

TRIES = 5
WINDOW = timedelta(minutes=15)
REMEMBERED = 20_000  # links and addresses; the oldest are forgotten first, so that a flood cannot fill the memory


class Guesses:
    """One a process. Native lock: it is asked from worker threads."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._lock = threading.Lock()
        self._remembered = remembered
        self._recent: OrderedDict[Hashable, tuple[datetime, ...]] = OrderedDict()
        self._nowhere: OrderedDict[str, int] = OrderedDict()

    def begin(self, key: Hashable, at: datetime, tries: int = TRIES) -> int:
        """Count a try before it is made, so that many at once cannot slip through; returns how many are left then.

        Raises Refused("too_fast") where none was left.
        """
        with self._lock:
            recent = tuple(when for when in self._recent.get(key, ()) if at - when < WINDOW)
            if len(recent) >= tries:
                raise Refused("too_fast")
            self._keep(self._recent, key, (*recent, at))
            return tries - len(recent) - 1

    def give_back(self, key: Hashable) -> None:
        """That try was no guess after all."""
        with self._lock:
            self._recent[key] = self._recent.get(key, ())[:-1]

    def forgive(self, key: Hashable) -> None:
        """The right passcode came: the tries before it were slips."""
        with self._lock:
            self._recent.pop(key, None)

    def of_nowhere(self, token_hash: str) -> int:
        """How many wrong guesses there were at a link that leads nowhere; the store counts those of real ones."""
        with self._lock:
            return self._nowhere.get(token_hash, 0)

    def count_nowhere(self, token_hash: str) -> int:
        """Count one more of them."""
        with self._lock:
            count = self._nowhere.get(token_hash, 0) + 1
            self._keep(self._nowhere, token_hash, count)
            return count

    def uncount_nowhere(self, token_hash: str) -> None:
        """One of them was no guess after all."""
        with self._lock:
            self._nowhere[token_hash] = max(0, self._nowhere.get(token_hash, 0) - 1)

    def _keep(self, where: OrderedDict[Any, Any], key: Hashable, value: object) -> None:
        where[key] = value
        where.move_to_end(key)
        while len(where) > self._remembered:
            where.popitem(last=False)
