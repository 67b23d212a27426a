"""The short way out to a WebSocket: one frame for each distinct message, written straight to the socket.

The library has a queue without end and a writer for each client. Here a frame goes to the socket at once. Only where
that is full it waits, in order, in a backlog that has an end; a client that stays full is cut, comes back by itself
and gets its whole panel. Polling clients, and everything before an upgrade is complete, take the library's own way.

It reaches into the libraries, so it is used with the very versions that it was read against and with no others;
COMPANION_FASTPATH=off does without, and tests/live/test_fastpath.py says what to look at when one of them changes.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from engineio import packet
from engineio.exceptions import SocketIsClosedError
from engineio.socket import Socket

from companion import server
from companion.live.frames import frame, unmasked
from companion.live.heartbeats import Heartbeats
from companion.live.outlet import Outlet

log = logging.getLogger("companion.transport")
HEARTBEATS = Heartbeats()
PING = packet.Packet(packet.PING)  # always the same one, so that its frame is made once
AHEAD = 8_192  # bytes: a few taps
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


def shorten(engine: Any) -> None:
    """Give every new connection of this Engine.IO server the short way out, if the libraries are the known ones."""
    others = unlike()
    if others:
        log.error("the long way out is used: %s", ", ".join(f"{name} is {found}" for name, found in others.items()))
        return
    begin = engine.handlers["connect"]

    def begin_short(transport: str, environ: dict[str, Any]) -> Any:
        engine.sockets[transport].__class__ = ShortSocket
        return begin(transport, environ)

    engine.on("connect", begin_short)


class ShortSocket(Socket):
    """The library's socket, which writes for itself as soon as it is a WebSocket and nothing else is on its way."""

    outlet: Outlet | None = None
    last_ping: Any  # the library's: when it asked, None once she has answered

    def schedule_ping(self) -> None:
        """After a pong: the next ping, in a while."""
        if self.last_ping:
            self.last_ping = None
            HEARTBEATS.after(self.server.ping_interval, self)

    def ping(self) -> None:
        """Ask whether she is still there."""
        if not self.closing and not self.closed:
            self.last_ping = time.time()
            self.send(PING)

    def send(self, pkt: Any) -> None:
        """Write a packet, or queue it where this is no WebSocket yet."""
        if self.outlet is None:
            super().send(pkt)
        elif self.last_ping and time.time() - self.last_ping > self.server.ping_timeout:
            # She has gone. Seeing her off writes to the database: nobody else's panel waits for that.
            server.spawn(self._see_whether_gone)
        elif not self.closed:
            self.outlet.write(_frame_of(pkt))

    def _see_whether_gone(self) -> None:
        with suppress(SocketIsClosedError):
            self.check_ping_timeout()

    def poll(self) -> Any:
        """What the library's writer waits for; with an outlet that is nothing but the end."""
        while self.outlet is not None:
            pkt = self.queue.get()
            self.queue.task_done()
            if pkt is None:
                return []
            self.outlet.write(_frame_of(pkt))
        return super().poll()

    def _websocket_handler(self, ws: Any) -> Any:
        return super()._websocket_handler(_Handled(self, ws))

    def begin_short(self, outlet: Outlet) -> None:
        """From now on there is no other way out; what was queued before goes first."""
        for _ in range(self.queue.qsize()):
            pkt = self.queue.get()
            self.queue.task_done()
            if pkt is None:
                self.queue.put(None)
            else:
                outlet.write(_frame_of(pkt))
        self.outlet = outlet


class _Handled:
    """The WebSocket as the library's handler sees it."""

    def __init__(self, owner: ShortSocket, ws: Any) -> None:
        self._owner, self._ws = owner, ws
        self._outlet = _outlet_of(ws)

    def wait(self) -> Any:
        # The handler waits for the first time after an upgrade, if there was one, is complete. Its writer has not run.
        if self._owner.outlet is None and self._owner.upgraded and not self._owner.upgrading:
            self._owner.begin_short(self._outlet)
        return self._ws.wait()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ws, name)


def _outlet_of(ws: Any) -> Outlet:
    if hasattr(ws, "_apply_mask"):  # eventlet's
        outlet = Outlet(ws.socket, ws.socket.fd)
        ws.socket = ReadAhead(ws.socket)
        ws._send = outlet.write
        ws._apply_mask = unmasked
        return outlet
    inner = ws.ws  # simple-websocket's, under gevent
    outlet = Outlet(inner.sock, inner.sock._sock)
    inner.sock = _Written(inner.sock, outlet)
    return outlet


class ReadAhead:
    """A socket from which more is read than is asked for: three small reads for one frame become one."""

    def __init__(self, green: Any) -> None:
        self._green, self._had = green, b""

    def recv(self, most: int) -> bytes:
        """What has come, up to ``most`` bytes; nothing at the end."""
        if not self._had:
            self._had = self._green.recv(AHEAD)
        now, self._had = self._had[:most], self._had[most:]
        return now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._green, name)


class _Written:
    """A socket whose writer is an outlet."""

    def __init__(self, green: Any, outlet: Outlet) -> None:
        self.send = outlet.write
        self.recv, self.close = green.recv, green.close


def _frame_of(pkt: packet.Packet) -> bytes:
    # Kept with the packet: the same one goes to everybody who is to see it.
    made = getattr(pkt, "frame", None)
    if made is None:
        made = pkt.frame = frame(pkt.encode())
    return made
