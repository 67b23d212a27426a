"""Where bytes come in from one client under eventlet: whole plain messages at once, and the rest as the library asks.

Eventlet asks the system to watch a socket for each read, sets a timer, and takes both back. Here a socket stays
watched for as long as somebody reads from it, and nothing is timed: ``Heartbeats`` know who is still there.
"""

from __future__ import annotations

from contextlib import suppress
from socket import SHUT_WR
from typing import Any

from companion import server
from companion.live.frames import plain_text

AHEAD = 8_192  # bytes: a few taps
LEAVE_SECONDS = 2.0


class Inlet:
    """The one place where bytes come in from one client, whoever asks for them; in place of its socket."""

    __slots__ = ("_green", "_had", "_over", "_plain", "_short", "_watch")

    def __init__(self, green: Any, plain: Any) -> None:
        self._green, self._plain = green, plain
        self._had = b""
        self._short = False
        self._over = False
        self._watch = server.Watch(plain)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._green, name)

    def begin(self) -> None:
        """From now on it stays watched, until ``end``."""
        self._short = True

    def text(self) -> bytes | None:
        """The next message, should it be short, in one frame and ordinary; waits until something has come.

        It is there again until ``drop``. None for all else, which the library reads by ``recv``, and at the end.
        """
        if not self._had:
            self._had = self._more()
        return plain_text(self._had)

    def drop(self, text: bytes) -> None:
        """This message, which ``text`` has returned, has been read."""
        self._had = self._had[len(text) + (6 if len(text) < 126 else 8) :]

    def recv(self, most: int) -> bytes:
        """What has come, up to ``most`` bytes; nothing at the end."""
        if not self._had:
            self._had = self._more() if self._short else self._green.recv(AHEAD)
        now, self._had = self._had[:most], self._had[most:]
        return now

    def finish(self) -> None:
        """Nothing more leaves, and in a moment nothing more is read: whoever is there has the time to go by herself."""
        self._watch.later(LEAVE_SECONDS, self._stop)
        with suppress(OSError):
            self._plain.shutdown(SHUT_WR)

    def end(self) -> None:
        """Nobody reads any more. To be called before the socket is closed, whose number somebody else gets."""
        self._watch.end()

    def _stop(self) -> None:
        self._over = True
        self._watch.wake()

    def _more(self) -> bytes:
        while not self._over:
            try:
                found: bytes = self._plain.recv(AHEAD)
                return found
            except BlockingIOError:
                self._watch.wait()
        return b""
