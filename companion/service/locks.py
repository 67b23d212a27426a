"""One command at a time in a session on this node, so that its panels leave in the order of its commits."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager


class SessionLocks:
    """A native lock for each session in use: use cases run in worker threads, never on the event loop."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of_those_free(self, session_ids: Iterable[str]) -> Iterator[frozenset[str]]:
        """Hold those of these sessions that nobody holds just now, and say which; never waits."""
        with ExitStack() as stack:
            yield frozenset(each for each in set(session_ids) if self._take(stack, each))

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
            self._leave(session_id)

    def _take(self, stack: ExitStack, session_id: str) -> bool:
        lock = threading.Lock()
        with self._guard:
            if session_id in self._held:
                return False
            lock.acquire()
            self._held[session_id] = (lock, 1)
        stack.callback(self._leave, session_id)
        stack.callback(lock.release)
        return True

    def _leave(self, session_id: str) -> None:
        with self._guard:
            lock, users = self._held[session_id]
            if users == 1:
                del self._held[session_id]
            else:
                self._held[session_id] = (lock, users - 1)
