"""One task that pings every connection in its turn; the library has a task for each, which wakes for one ping."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Any
from weakref import ref

from companion import server

log = logging.getLogger("companion.transport")
AT_A_TIME = 50  # pings, before somebody else may do something


class Heartbeats:
    """Calls ``ping`` of each socket so many seconds after it was asked for; all wait equally long and stay in line.

    A socket that has gone meanwhile is not kept for it.
    """

    def __init__(self) -> None:
        self._line: deque[tuple[float, ref[Any]]] = deque()
        self._runs = False

    def after(self, seconds: float, socket: Any) -> None:
        """Ping this socket after so long."""
        self._line.append((time.monotonic() + seconds, ref(socket)))
        if not self._runs:
            self._runs = True
            server.spawn(self._run)

    def _run(self) -> None:
        try:
            while self._line:
                wait = self._line[0][0] - time.monotonic()
                server.sleep(max(0.0, wait))
                self._ping_those_due()
        finally:
            self._runs = False

    def _ping_those_due(self) -> None:
        now = time.monotonic()
        for _ in range(AT_A_TIME):
            if not self._line or self._line[0][0] > now:
                return
            socket = self._line.popleft()[1]()
            if socket is not None:
                _ping(socket)


def _ping(socket: Any) -> None:
    try:
        socket.ping()
    except Exception:
        log.exception("a connection could not be pinged")  # and must not stop what waits behind it
