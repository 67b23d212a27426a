"""What still has to follow a commit, because the database went away in between: done again, in order, by the clock."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from companion.ports import StoreDown

log = logging.getLogger("companion.undone")


class Undone:
    """One a process. Native lock: it is filled from worker threads. Whatever is in it must be safe to do twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], object]] = deque()

    def add(self, work: Callable[[], object]) -> None:
        """Do this once the database is back."""
        with self._lock:
            self._waiting.append(work)

    def do(self) -> None:
        """Do what waits. If the database is still away, StoreDown is raised and the rest goes on waiting."""
        for _ in range(len(self._waiting)):
            with self._lock:
                if not self._waiting:
                    return
                work = self._waiting.popleft()
            try:
                work()
            except StoreDown:
                with self._lock:
                    self._waiting.appendleft(work)
                raise
            except Exception:
                log.exception("something could not be made good")  # and must not stop what waits behind it
