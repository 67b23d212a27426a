"""The transport under Socket.IO: closed for good when a connection ends, and gone where nobody connects on it.

The library ends a connection but leaves its transport open, and waits for ever for somebody who never says who she is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
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
    begin, watch = engine.handlers["connect"], _Watch(socketio_server)

    def begin_and_watch(transport: str, environ: dict[str, Any]) -> Any:
        answer = begin(transport, environ)
        watch.begin(transport)
        return answer

    engine.on("connect", begin_and_watch)


class _Watch:
    """One task for all transports: one for each would cost 20 kB a client for so long, when thousands come at once."""

    def __init__(self, socketio_server: Any) -> None:
        self._server = socketio_server
        self._waiting: deque[tuple[float, str]] = deque()
        self._busy = False

    def begin(self, transport: str) -> None:
        self._waiting.append((time.monotonic() + SILENT_SECONDS, transport))
        if not self._busy:
            self._busy = True
            server.spawn(self._look)

    def _look(self) -> None:
        try:
            while self._waiting:
                at, transport = self._waiting.popleft()
                server.sleep(max(0.0, at - time.monotonic()))
                if not self._server.manager.sid_from_eio_sid(transport, "/"):
                    with suppress(Exception):  # it has gone in this very moment
                        _close(self._server.eio, transport)
        finally:
            self._busy = False


def _close(engine: Any, transport: str) -> None:
    found = engine.sockets.get(transport)
    if found is not None:
        found.close(wait=False)
