"""Makes WebSockets as strict as RFC 6455 where the libraries are not, and bounds a message in many frames.

Both bound a frame, but not a message. Eventlet's lets two of the reserved bits through, and calls text that is no UTF-8
a fault of its own.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

WRONG, NO_TEXT, TOO_BIG = 1002, 1007, 1009  # RFC 6455, 7.4.1
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
        _refuse_reserved_bits(socket, failed)
    _take_packets_only(socket)
    return socket


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


def _refuse_reserved_bits(socket: Any, failed: Any) -> None:
    read_frame, read_bytes = socket._recv_frame, socket._get_bytes
    at_head = False

    def begin(message: Any = None) -> Any:
        nonlocal at_head
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
