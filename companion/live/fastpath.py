"""The short way in and out of a WebSocket: one frame for each distinct message, written straight to the socket.

The library has a queue without end and a writer for each client, a task for each of its pings, and several layers for
each message. Here a frame goes to the socket at once. Only where that is full it waits, in order, in a backlog that has
an end; a client that stays full is cut, comes back by itself and gets its whole panel. What comes all the time, taps
and answers to pings, is read where it comes in. Polling clients, everything before an upgrade is complete, and whatever
is out of the ordinary take the library's own way.

It reaches into the libraries, so it is used with the very versions that it was read against and with no others;
COMPANION_FASTPATH=off does without, and tests/live/test_fastpath.py says what to look at when one of them changes.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

from companion.live.short_socket import ShortSocket

log = logging.getLogger("companion.transport")
READ_AGAINST = {
    "python-engineio": "4.15.1",
    "python-socketio": "5.18.1",
    "eventlet": "0.41.3",
    "gevent": "26.9.0",
    "simple-websocket": "1.1.0",
}


def unlike() -> dict[str, str]:
    """The libraries that have another version than the one that this was read against, with the one they have."""
    return {name: version(name) for name, read in READ_AGAINST.items() if version(name) != read}


def shorten(socketio_server: Any) -> None:
    """Give every new connection of this server the short way, if the libraries are the known ones."""
    others = unlike()
    if others:
        log.error("the long way is used: %s", ", ".join(f"{name} is {found}" for name, found in others.items()))
        return
    engine, manager = socketio_server.eio, socketio_server.manager
    begin = engine.handlers["connect"]

    def begin_short(transport: str, environ: dict[str, Any]) -> Any:
        socket = engine.sockets[transport]
        socket.__class__ = ShortSocket
        socket.answers = answers
        return begin(transport, environ)

    def answers(transport: str, tap: dict[str, Any]) -> dict[str, Any] | None:
        connection = manager.sid_from_eio_sid(transport, "/")
        return None if connection is None else socketio_server.handlers["/"]["tap"](connection, tap)

    engine.on("connect", begin_short)
    engine.start_service_task = False  # a short socket sees by itself whether she is still there
