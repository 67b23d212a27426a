"""An SMTP server of a few lines: takes letters, or answers as it is told to."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager


class SmallSmtp(socketserver.ThreadingTCPServer):
    """``answers`` maps a verb to the line to answer with; ``letters`` keeps what was taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers: dict[str, str] = {}
        self.letters: list[bytes] = []
        self.logins: list[str] = []

    @property
    def port(self) -> int:
        return self.server_address[1]


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: SmallSmtp

    def handle(self) -> None:
        self.say(self.server.answers.get("HELLO", "220 small"))
        while line := self.rfile.readline():
            verb = line.decode().split()[0].upper().strip()
            told = self.server.answers.get(verb)
            if told == "hang up":
                return
            if told:
                self.say(told)
            elif verb == "EHLO":
                self.say("250-small\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                self.server.logins.append(line.decode().split()[-1].strip())
                self.say("235 welcome")
            elif verb == "DATA":
                self.take_letter()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take_letter(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        told = self.server.answers.get("LETTER", "250 taken")
        if told.startswith("250"):
            self.server.letters.append(b"".join(lines))
        self.say(told)

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def small_smtp():
    """A server for the length of a test."""
    with SmallSmtp() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
