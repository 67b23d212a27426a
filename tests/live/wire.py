"""A bare Socket.IO client on one WebSocket: keeps every frame as it came, so that tests can compare bytes."""

from __future__ import annotations

import itertools
import json
import select
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

import websocket

PATIENCE = 10.0


class Refused(Exception):
    """The server refused the connection; ``data`` is what it said."""

    def __init__(self, data: Any) -> None:
        super().__init__(str(data))
        self.data = data


class _OneAtATime(websocket.WebSocket):
    """By TLS nothing may be read and written at once, and here one thread listens while others send. With the ssl
    module of Python 3.11 a connection then ends by itself, once in some hundred taps on a busy machine.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn = threading.RLock()

    def recv(self) -> str | bytes:
        try:
            while not self._has_something():
                select.select([self.sock], [], [], 0.5)
        except (ValueError, TypeError, AttributeError) as gone:
            raise websocket.WebSocketConnectionClosedException("closed here") from gone
        with self._turn:
            return super().recv()

    def send(self, *args: Any, **kwargs: Any) -> int:
        with self._turn:
            return super().send(*args, **kwargs)

    def _has_something(self) -> bool:
        with self._turn:
            waiting = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return bool(waiting or select.select([self.sock], [], [], 0)[0])


class Wire:
    """One page, as the wire sees it."""

    def __init__(
        self,
        address: str,
        cookie: str,
        key: str,
        *,
        form: str = "html",
        origin: str | None = None,
        connect: bool = True,
        auth: Any = ...,
    ) -> None:
        self.frames: list[str] = []
        self.answers: dict[int, Any] = {}
        self.closed = False
        self._ids = itertools.count(1)
        self._news = threading.Condition()
        self._socket = websocket.create_connection(
            address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket",
            timeout=PATIENCE,
            header={"Cookie": cookie},
            origin=origin or address,
            class_=_OneAtATime if address.startswith("https") else websocket.WebSocket,
        )
        try:
            self._socket.recv()  # the Engine.IO greeting
            self._socket.send("40" + json.dumps({"key": key, "format": form} if auth is ... else auth))
            if connect:
                self._finish_connecting()
        except BaseException:
            self._socket.close()
            raise
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def panels(self) -> list[dict[str, Any]]:
        """Every panel message so far."""
        return [body for name, body in self.events() if name == "panel"]

    def events(self) -> list[tuple[str, Any]]:
        """Every event so far, by name."""
        read = [json.loads(frame[2:]) for frame in self.frames if frame.startswith("42")]
        return [(event[0], event[1] if len(event) > 1 else None) for event in read]

    def tap(self, name: Any, tap_id: Any = None, wait: bool = True, **fields: Any) -> Any:
        """Send a tap and wait for its answer."""
        number = next(self._ids)
        tap_id = tap_id or f"tap-{id(self)}-{number}"
        return self.emit("tap", {"id": tap_id, "name": name, "fields": fields}, number=number, wait=wait)

    def emit(self, event: str, *data: Any, number: int | None = None, wait: bool = True) -> Any:
        """Send an event and wait for its answer."""
        number = next(self._ids) if number is None else number
        self._socket.send(f"42{number}" + json.dumps([event, *data]))
        if not wait:
            return None
        self.until(lambda: number in self.answers, f"an answer to {event}")
        return self.answers[number]

    def send_raw(self, frame: str) -> None:
        """Send a frame as it is."""
        self._socket.send(frame)

    def send_binary(self, data: bytes) -> None:
        """Send a frame of bytes."""
        self._socket.send_binary(data)

    def send_frame(self, frame: websocket.ABNF) -> None:
        """Send a WebSocket frame, perhaps only a piece of a message."""
        self._socket.send_frame(frame)

    def whole(self) -> dict[str, Any]:
        """Ask for the whole panel: everything sent before has then arrived."""
        before = len(self.panels())
        self._socket.send("42" + json.dumps(["whole"]))
        self.until(lambda: any(panel["whole"] for panel in self.panels()[before:]), "the whole panel")
        return next(panel for panel in self.panels()[before:] if panel["whole"])

    def until(self, met: Any, what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not met():
                self._news.wait(max(0.0, min(0.5, deadline - time.monotonic())))
                if not met() and (self.closed or time.monotonic() > deadline):
                    raise AssertionError(f"{what} never came; frames: {self.frames[-5:]}, closed: {self.closed}")

    def close(self) -> None:
        """Go away, and wait for the farewell, which the listening thread reads."""
        with suppress(websocket.WebSocketException, OSError):
            self._socket.send_close()
        self._listener.join(timeout=3)

    def drop(self) -> None:
        """Vanish without a word, as a phone in a tunnel does."""
        self._socket.sock.shutdown(2)

    def _finish_connecting(self) -> None:
        while True:
            frame = self._socket.recv()
            if frame == "2":
                self._socket.send("3")
            elif frame.startswith("40"):
                return
            elif frame.startswith("44"):
                raise Refused(json.loads(frame[2:]))
            else:
                self.frames.append(frame)

    def _listen(self) -> None:
        try:
            while True:
                frame = self._socket.recv()
                if frame == "":
                    break
                self._take(frame)
        except (websocket.WebSocketException, OSError):
            pass
        self._socket.shutdown()
        with self._news:
            self.closed = True
            self._news.notify_all()

    def _take(self, frame: str) -> None:
        if frame == "2":
            self._socket.send("3")
            return
        with self._news:
            if frame.startswith("43"):
                digits = frame[2 : frame.index("[")]
                self.answers[int(digits)] = json.loads(frame[frame.index("[") :])[0]
            else:
                self.frames.append(frame)
            self._news.notify_all()
