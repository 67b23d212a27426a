"""Where bytes leave for one client: straight to its socket, or behind what waits, of which there is an end."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from socket import SHUT_RDWR, SO_LINGER, SO_SNDBUF, SOL_SOCKET
from struct import pack
from typing import Any, ClassVar
from weakref import WeakSet

from companion import server

log = logging.getLogger("companion.transport")
MOST_WAITING = 262_144  # bytes for one client: several whole panels of a facilitator
FULL_SECONDS = 10.0  # nothing at all gets through to it for so long: it is cut
KERNEL_BYTES = 131_072  # else the system would keep up to 4 MB for a client that reads nothing
AT_ONCE = pack("ii", 1, 0)  # SO_LINGER: the system keeps nothing for a client that is cut


class Outlet:
    """The one place where bytes leave for one client, whoever sends: whole frames, in their order, never waiting."""

    __slots__ = ("__weakref__", "_bytes", "_ended", "_green", "_plain", "_waiting")
    all: ClassVar[WeakSet[Outlet]] = WeakSet()  # of this node, for companion.live.gauges
    cuts: ClassVar[int] = 0

    def __init__(self, green: Any, plain: Any) -> None:
        Outlet.all.add(self)
        self._green, self._plain = green, plain
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._ended = False
        with suppress(OSError):
            plain.setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_BYTES)

    @property
    def waiting(self) -> int:
        """How many bytes wait."""
        return self._bytes

    def write(self, data: bytes) -> None:
        """Write one frame, or put it behind those that wait."""
        if self._ended:
            return
        if self._waiting:
            self._put_behind(data)
            return
        sent = self._try(data)
        if sent < len(data) and not self._ended:
            self._put_behind(data[sent:])
            server.spawn(self._drain)

    def _put_behind(self, data: bytes) -> None:
        self._waiting.append(data)
        self._bytes += len(data)
        if self._bytes > MOST_WAITING:
            self._cut("a client that did not read was cut")

    def _drain(self) -> None:
        while self._waiting:
            if not server.wait_writable(self._green, FULL_SECONDS):
                self._cut("a client that read nothing was cut")
                return
            while self._waiting and not self._ended:
                data = self._waiting[0]
                sent = self._try(data)
                if self._ended:
                    return  # it has gone meanwhile, and nothing waits any more
                self._bytes -= sent
                if sent < len(data):
                    self._waiting[0] = data[sent:]
                    break
                self._waiting.popleft()

    def _try(self, data: bytes) -> int:
        try:
            return int(self._plain.send(data))
        except BlockingIOError:
            return 0
        except OSError:
            self._end()
            return 0

    def _cut(self, why: str) -> None:
        if not self._ended:
            log.error(why)
            Outlet.cuts += 1
            self._end()

    def _end(self) -> None:
        # Whoever reads from it hears the end, and sees everything off as after any other.
        self._ended = True
        self._waiting.clear()
        self._bytes = 0
        with suppress(OSError):
            self._plain.setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        with suppress(OSError):
            self._plain.shutdown(SHUT_RDWR)
