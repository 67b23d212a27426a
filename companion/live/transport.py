"""The transport under Socket.IO: closed for good when a connection ends, and gone where nobody connects on it.

The library ends a connection but leaves its transport open, and waits for ever for somebody who never says who she is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion import server
from companion.live.heartbeats import Heartbeats

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

    def close_if_silent(socket: Any) -> None:
        if not socketio_server.manager.sid_from_eio_sid(socket.sid, "/"):
            socket.close(wait=False)

    # One task for all: one for each would cost 20 kB a client for so long, when thousands come at once.
    silent = Heartbeats(close_if_silent)

    def begin_and_watch(transport: str, environ: dict[str, Any]) -> Any:
        answer = begin(transport, environ)
        silent.after(SILENT_SECONDS, engine.sockets[transport])
        return answer

    engine.on("connect", begin_and_watch)


def hear_nobody_who_has_gone(socketio_server: Any) -> None:
    """Pass over what comes on a transport after its end: the library would let in somebody whom it never sees off."""
    engine = socketio_server.eio
    hear = engine.handlers["message"]

    def hear_those_there(transport: str, said: Any) -> Any:
        return hear(transport, said) if transport in socketio_server.environ else None

    engine.on("message", hear_those_there)


def _close(engine: Any, transport: str) -> None:
    found = engine.sockets.get(transport)
    if found is not None:
        found.close(wait=False)
