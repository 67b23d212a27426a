"""Both ends of a WebSocket, put in the place of the one that the library's handler and its writer would see."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

from companion.live.frames import unmasked
from companion.live.inlet import Inlet
from companion.live.outlet import Outlet


class Owner(Protocol):
    """The client's socket, as far as its ends need to know it."""

    outlet: Outlet | None
    upgraded: bool
    upgrading: bool
    closed: bool
    floods: bool

    def begin_short(self, outlet: Outlet) -> None:
        """From now on there is no other way out."""

    def hears(self, text: bytes) -> bool:
        """Do what this message asks, if it is one of those that come all the time."""


class Ends:
    """Both ends of a WebSocket, as the library's handler and its writer see them."""

    __slots__ = ("_inlet", "_outlet", "_owner", "_ws")

    def __init__(self, owner: Owner, ws: Any) -> None:
        self._owner, self._ws = owner, ws
        self._outlet, self._inlet = _ends_of(ws)

    def wait(self) -> Any:
        """The next message that is the library's to read."""
        # The handler waits for the first time after an upgrade, if there was one, is complete. Its writer has not run.
        if self._owner.outlet is None and self._owner.upgraded and not self._owner.upgrading:
            self._owner.begin_short(self._outlet)
            if self._inlet is not None:
                self._inlet.begin()
        while self._owner.outlet is not None:
            if self._owner.floods:
                return None  # as if it had gone
            if self._inlet is None:
                said = self._ws.wait()
                if not (isinstance(said, str) and said.isascii() and self._owner.hears(said.encode())):
                    return said
                continue
            text = self._inlet.text()
            if text is None or not self._owner.hears(text):
                break
            self._inlet.drop(text)
        return self._ws.wait()

    def close(self) -> None:
        """Say good-bye, once the client has been closed; the library's writer, which ends before, changes nothing."""
        if self._owner.outlet is not None and not self._owner.closed:
            return
        with suppress(Exception):  # it has gone already
            (self._ws.close if self._inlet is None else self._ws._send_closing_frame)()
        if self._inlet is not None:
            self._inlet.finish()

    def end(self) -> None:
        """The handler has ended."""
        if self._inlet is not None:
            self._inlet.end()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ws, name)


def _ends_of(ws: Any) -> tuple[Outlet, Inlet | None]:
    if hasattr(ws, "_apply_mask"):  # eventlet's
        outlet, inlet = Outlet(ws.socket, ws.socket.fd), Inlet(ws.socket, ws.socket.fd)
        ws.socket = inlet
        ws._send = outlet.write
        ws._apply_mask = unmasked
        return outlet, inlet
    inner = ws.ws  # simple-websocket's, under gevent, which reads ahead by itself
    outlet = Outlet(inner.sock, inner.sock._sock)
    inner.sock = _Written(inner.sock, outlet)
    return outlet, None


class _Written:
    """A socket whose writer is an outlet."""

    def __init__(self, green: Any, outlet: Outlet) -> None:
        self.send = outlet.write
        self.recv, self.close = green.recv, green.close
