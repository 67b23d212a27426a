"""One task that pings every connection in its turn; the library has a task for each, which wakes for one ping.

Another one looks in the same way whether each ping has been answered in time.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import ref

from companion import server

log = logging.getLogger("companion.transport")
AT_A_TIME = 50  # before somebody else may do something
S = TypeVar("S")


class Heartbeats(Generic[S]):
    """Does something with each socket so many seconds after it was asked for; all wait equally long and stay in line.

    A socket that has gone meanwhile is not kept for it.
    """

    def __init__(self, beat: Callable[[S], object]) -> None:
        self._beat = beat
        self._line: deque[tuple[float, ref[S]]] = deque()
        self._runs = False

    def after(self, seconds: float, socket: S) -> None:
        """It is this socket's turn after so long."""
        self._line.append((time.monotonic() + seconds, ref(socket)))
        if not self._runs:
            self._runs = True
            server.spawn(self._run)

    def _run(self) -> None:
        try:
            while self._line:
                wait = self._line[0][0] - time.monotonic()
                server.sleep(max(0.0, wait))
                self._see_to_those_due()
        finally:
            self._runs = False

    def _see_to_those_due(self) -> None:
        now = time.monotonic()
        for _ in range(AT_A_TIME):
            if not self._line or self._line[0][0] > now:
                return
            socket = self._line.popleft()[1]()
            if socket is not None:
                self._see_to(socket)

    def _see_to(self, socket: S) -> None:
        try:
            self._beat(socket)
        except Exception:
            log.exception("a connection could not be seen to")  # and must not stop what waits behind it
