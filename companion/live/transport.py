"""The transport under Socket.IO: closed for good when a connection ends, bounded, and gone where nobody connects on it.

The library ends a connection but leaves its transport open, waits for ever for somebody who never says who she is, and
bounds a WebSocket frame, but not a message in many frames.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion import server

ANSWER_SECONDS, ANSWER_TRIES = 0.05, 10
GRACE_SECONDS = 0.4  # for "bye" and the library's own farewell to arrive first
SILENT_SECONDS = 12  # a slow phone has said who it is by then


def hang_up(socketio_server: Any, connection: str) -> None:
    """End a connection and then its transport, whether or not the other side agrees."""
    transport = transport_of(socketio_server, connection)
    socketio_server.disconnect(connection)
    server.spawn(close_soon, socketio_server.eio, transport)


def hang_up_soon(socketio_server: Any, connection: str, is_answering: Callable[[str], bool]) -> None:
    """End a connection once the tap that is in hand, perhaps "I leave", has been answered."""
    for _ in range(ANSWER_TRIES):
        server.sleep(ANSWER_SECONDS)
        if not is_answering(connection):
            break
    hang_up(socketio_server, connection)


def transport_of(socketio_server: Any, connection: str) -> str:
    """The transport of a connection, or of one that is just being refused."""
    return str(socketio_server.manager.eio_sid_from_sid(connection, "/") or "")


def close_soon(engine: Any, transport: str) -> None:
    """Close a transport after a moment, without waiting for what is still on its way."""
    server.sleep(GRACE_SECONDS)
    _close(engine, transport)


def close_the_silent(socketio_server: Any) -> None:
    """Close each transport on which nobody has connected in time."""
    engine = socketio_server.eio
    begin = engine.handlers["connect"]

    def begin_and_watch(transport: str, environ: dict[str, Any]) -> Any:
        answer = begin(transport, environ)
        server.spawn(_close_if_silent, socketio_server, transport)
        return answer

    engine.on("connect", begin_and_watch)


def bound_messages(engine: Any, most_bytes: int) -> None:
    """Let no WebSocket message in many frames grow beyond ``most_bytes``."""
    library = engine._async["websocket"]
    if library is None:
        return

    class Bounded(library):  # type: ignore[misc, valid-type]
        def __init__(self, handler: Callable[[Any], Any], owner: Any) -> None:
            super().__init__(lambda socket: handler(_bounded(socket, most_bytes)), owner)
            if hasattr(self, "server_args"):  # simple-websocket, under gevent
                self.server_args["max_message_size"] = most_bytes

    engine._async = {**engine._async, "websocket": Bounded}


def _bounded(socket: Any, most_bytes: int) -> Any:
    message = getattr(socket, "Message", None)
    if message is None:
        return socket

    class Message(message):  # type: ignore[misc, valid-type]
        """Eventlet's message, which is given its pieces one by one."""

        def push(self, piece: Any, final: bool = False) -> None:
            self.size = getattr(self, "size", 0) + len(piece)
            if self.size > most_bytes:
                raise ValueError("too long")
            super().push(piece, final)

    socket.Message = Message
    return socket


def _close_if_silent(socketio_server: Any, transport: str) -> None:
    server.sleep(SILENT_SECONDS)
    if not socketio_server.manager.sid_from_eio_sid(transport, "/"):
        _close(socketio_server.eio, transport)


def _close(engine: Any, transport: str) -> None:
    found = engine.sockets.get(transport)
    if found is not None:
        found.close(wait=False)
