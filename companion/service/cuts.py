"""Remembers which cuts were made on this node already, so that its own do not come back to it from the feed."""

from __future__ import annotations

import threading
from collections import OrderedDict

REMEMBERED = 10_000


class Cuts:
    """One a process: the cuts that were made here already. Native lock: it is asked from worker threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: OrderedDict[str, None] = OrderedDict()

    def is_new(self, cut_id: str) -> bool:
        """Whether this cut was not made here; from now on it was."""
        with self._lock:
            if cut_id in self._done:
                return False
            self._done[cut_id] = None
            while len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            return True
