"""One command at a time in a session on this node, so that its panels leave in the order of its commits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SessionLocks:
    """A native lock for each session in use: use cases run in worker threads, never on the event loop."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, session_id: str) -> Iterator[None]:
        """Wait for this session's turn and hold it."""
        with self._guard:
            lock, users = self._held.get(session_id, (threading.Lock(), 0))
            self._held[session_id] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._held[session_id]
                if users == 1:
                    del self._held[session_id]
                else:
                    self._held[session_id] = (lock, users - 1)
