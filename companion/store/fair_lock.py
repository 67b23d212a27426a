"""A lock that serves threads in the order in which they came, so that no tap waits behind later ones."""

from __future__ import annotations

from collections import deque
from threading import Lock


class FairLock:
    """First come, first served."""

    def __init__(self) -> None:
        self._door = Lock()
        self._held = False
        self._waiting: deque[Lock] = deque()

    def acquire(self, timeout: float) -> bool:
        """Take it, or give up after ``timeout`` seconds."""
        with self._door:
            if not self._held:
                self._held = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        return turn.acquire(timeout=timeout) or self._too_late_to_give_up(turn)

    def release(self) -> None:
        """Hand it to the next in line."""
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def _too_late_to_give_up(self, turn: Lock) -> bool:
        with self._door:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True  # it was handed over at the last moment
