"""New cookies whose answer may have been lost on the way: for a minute, whoever sends the same form again gets hers.

Only the form or page that gave out the new token looks here; for everything else the old one is worth nothing at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

GRACE = timedelta(seconds=60)
REMEMBERED = 1_000


class Renewals:
    """One a process, in memory alone. Native lock: it is asked from worker threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._renewed: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def keep(self, old_hash: str, token: str, at: datetime) -> None:
        """The old token has just been replaced by this one."""
        with self._lock:
            self._renewed[old_hash] = (token, at + GRACE)
            while len(self._renewed) > REMEMBERED or next(iter(self._renewed.values()))[1] <= at:
                self._renewed.popitem(last=False)

    def find(self, old_hash: str, at: datetime) -> str:
        """The token that replaced an old one within the last minute, or nothing."""
        with self._lock:
            token, until = self._renewed.get(old_hash, ("", at))
        return token if at < until else ""
