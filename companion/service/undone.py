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
        self._waiting: deque[tuple[Callable[[], object], str]] = deque()
        self._names: set[str] = set()

    def add(self, work: Callable[[], object], name: str = "") -> None:
        """Do this once the database is back; once, if it has a name by which it may come again meanwhile."""
        with self._lock:
            if name and name in self._names:
                return
            self._names.add(name)
            self._waiting.append((work, name))

    def do(self) -> None:
        """Do what waits. If the database is still away, StoreDown is raised and the rest goes on waiting."""
        for _ in range(len(self._waiting)):
            with self._lock:
                if not self._waiting:
                    return
                work, name = self._waiting.popleft()
                self._names.discard(name)
            try:
                work()
            except StoreDown:
                with self._lock:
                    self._waiting.appendleft((work, name))
                    self._names.add(name)
                raise
            except Exception:
                log.exception("something could not be made good")  # and must not stop what waits behind it
