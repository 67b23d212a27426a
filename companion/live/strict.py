"""Makes WebSockets as strict as RFC 6455 where the libraries are not, and bounds messages and what one client sends.

Both bound a frame, but not a message. Eventlet's lets two of the reserved bits through, and calls text that is no UTF-8
a fault of its own.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from companion import server
from companion.live.pace import Budget, Rate

WRONG, NO_TEXT, TOO_MUCH, TOO_BIG = 1002, 1007, 1008, 1009  # RFC 6455, 7.4.1
FRAMES = Rate(1000, 10)  # of one client, with pings and pieces; a page sends a few
BYTES = Rate(262_144, 10)  # of one client: sixty messages of the longest kind
RESERVED = 0x70
KINDS = tuple("0123456")  # of Engine.IO packets
log = logging.getLogger("companion.taps")


def be_strict(engine: Any, most_bytes: int) -> None:
    """Close a WebSocket with the right code on whatever is wrong; no message may be longer than ``most_bytes``."""
    library = engine._async["websocket"]
    if library is None:
        return

    class Strict(library):  # type: ignore[misc, valid-type]
        def __init__(self, handler: Callable[[Any], Any], owner: Any) -> None:
            super().__init__(lambda socket: handler(_strict(socket, most_bytes)), owner)
            if hasattr(self, "server_args"):  # simple-websocket, under gevent, lacks nothing but this
                self.server_args["max_message_size"] = most_bytes

    engine._async = {**engine._async, "websocket": Strict}


def _strict(socket: Any, most_bytes: int) -> Any:
    if hasattr(socket, "Message"):  # eventlet's
        failed = sys.modules[type(socket).__module__].FailedConnectionError
        socket.Message = _message(socket.Message, failed, most_bytes)
        _check_each_frame(socket, failed)
    elif hasattr(socket, "ws"):
        socket.ws.sock = _Counted(socket.ws.sock)
    _take_packets_only(socket)
    return socket


class _Counted:
    """A socket, under gevent, whose client may send only so much and gives way to others each time."""

    def __init__(self, green: Any) -> None:
        self._green, self._budget = green, Budget(BYTES)

    def recv(self, most: int) -> bytes:
        """What has come; nothing more once it was too much."""
        found: bytes = self._green.recv(most)
        server.sleep(0)
        if self._budget.spend(len(found)):
            return found
        log.warning("a connection that flooded was cut")
        return b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._green, name)


def _take_packets_only(socket: Any) -> None:
    wait = socket.wait

    def packet() -> Any:
        said = wait()
        if isinstance(said, str) and said[:1] not in KINDS:
            # The library would throw, and the server would write its first letter into the log.
            log.info("refused reason=malformed command=?")
            return None  # as if the client had closed it
        return said

    socket.wait = packet


@cache  # a class for each connection would cost as much as the connection
def _message(library: Any, failed: Any, most_bytes: int) -> Any:
    class Message(library):
        """A message, which is given its pieces one by one."""

        size = 0

        def push(self, piece: Any, final: bool = False) -> None:
            self.size += len(piece)
            if self.size > most_bytes:
                raise failed(TOO_BIG, "too long")
            super().push(piece, final)

        def getvalue(self) -> Any:
            try:
                return super().getvalue()
            except UnicodeDecodeError as error:
                raise failed(NO_TEXT, "not UTF-8") from error

    return Message


def _check_each_frame(socket: Any, failed: Any) -> None:
    read_frame, read_bytes, budget = socket._recv_frame, socket._get_bytes, Budget(FRAMES)
    at_head = False

    def begin(message: Any = None) -> Any:
        nonlocal at_head
        # Bytes that are there are read without a pause: whoever sends without one would be all that this process hears.
        if not budget.spend():
            log.warning("a connection that flooded was cut")
            raise failed(TOO_MUCH, "too much")
        at_head = True
        return read_frame(message=message)

    def read(count: int) -> bytes:
        nonlocal at_head
        found: bytes = read_bytes(count)
        if at_head and found[0] & RESERVED:
            raise failed(WRONG, "reserved bits")
        at_head = False
        return found

    socket._recv_frame, socket._get_bytes = begin, read
