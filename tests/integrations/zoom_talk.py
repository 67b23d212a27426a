"""How the stand-in for Zoom talks: one request at a time, with the troubles that a network and a server can make."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Trouble:
    """What to answer before anything is looked at; ``after``: once it is done, so that only the answer is lost."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang: bool = False
    drip: str = ""  # "body" or "headers"
    after: bool = False
    path: str = ""  # only for requests whose path has this in it


class Rules(Protocol):
    """What is behind the talk."""

    now: datetime

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer: ...


class Listening(ThreadingHTTPServer):
    """A server on loopback. ``troubles`` are what to answer first; ``asked`` is what was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, rules: Rules) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.rules = rules
        self.asked: list[str] = []
        self.troubles: list[Trouble] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def next_trouble(self, path: str) -> Trouble | None:
        """The first that is for this path; it comes once."""
        with self._lock:
            found = next((one for one in self.troubles if one.path in path), None)
            if found is not None:
                self.troubles.remove(found)
            return found

    def close(self) -> None:
        """No more."""
        self.over.set()
        self.shutdown()
        self.server_close()


class Talk(BaseHTTPRequestHandler):
    """One connection."""

    server: Listening
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {urlsplit(self.path).path}")
        trouble = self.server.next_trouble(self.path)
        if trouble is None:
            return self.say(*self.server.rules.answer(self.command, self.path, self.headers, raw))
        if trouble.after:
            self.server.rules.answer(self.command, self.path, self.headers, raw)
        return self.make(trouble)

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

    def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json;charset=UTF-8", **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def make(self, trouble: Trouble) -> None:
        if trouble.hang:
            self.close_connection = True
            self.server.over.wait()
        elif trouble.drip:
            self.close_connection = True
            self.drip(trouble.drip == "body")
        else:
            self.say(trouble.status, trouble.headers, trouble.body)

    def drip(self, body: bool) -> None:
        if body:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
        try:
            while not self.server.over.wait(0.05):
                self.wfile.write(b" " if body else b"H")
                self.wfile.flush()
        except OSError:
            return

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.server.rules.now, usegmt=True)

    def log_message(self, *args: object) -> None:
        return None
