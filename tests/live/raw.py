"""A WebSocket client made of bytes: says whatever a test wants it to say, and reads nothing unless it is asked to."""

from __future__ import annotations

import base64
import os
import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

from tests.live.evening import Served, Way

FINAL, MASKED = 0x80, 0x80


def framed(data: bytes, opcode: int = 1, *, first: int = FINAL, masked: bool = True, size: int | None = None) -> bytes:
    """One frame of a client; ``size`` is what it says of its length, where that is not the truth."""
    length = len(data) if size is None else size
    bit = MASKED if masked else 0
    if length < 126:
        head = struct.pack("!BB", first | opcode, bit | length)
    elif length < 65_536:
        head = struct.pack("!BBH", first | opcode, bit | 126, length)
    else:
        head = struct.pack("!BBQ", first | opcode, bit | 127, length)
    mask = os.urandom(4)
    return head + (mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data)) if masked else data)


class Raw:
    """One connection."""

    def __init__(self, served: Served, way: Way, *, receives: int | None = None, extensions: str = "") -> None:
        self._socket = socket.socket()
        if receives is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        self._socket.settimeout(20)
        address = urlsplit(served.address)
        self._socket.connect((address.hostname, address.port))
        self._read = b""
        self.refused: OSError | None = None
        self.greeting = self._shake_hands(served.address, way, extensions)

    def say(self, data: bytes) -> None:
        """Send bytes as they are; a server that has hung up already is no trouble."""
        try:
            self._socket.sendall(data)
        except OSError as refused:
            self.refused = refused

    def connect(self, way: Way) -> None:
        """Say who she is, and wait until she is let in."""
        self.say(framed(f'40{{"key":"{way.key}"}}'.encode()))
        while not self.hear()[1].startswith(b"40"):
            pass

    def hear(self) -> tuple[int, bytes]:
        """The next frame: opcode and data. Raises ConnectionError at the end."""
        first, second = self._take(2)
        length = second & 127
        if length > 125:
            length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
        return first & 15, self._take(length)

    def close_code(self) -> int | None:
        """Read to the end: the code that the server closed with; None where it just hung up."""
        with suppress(OSError):
            while True:
                opcode, data = self.hear()
                if opcode == 8:
                    return int.from_bytes(data[:2], "big") if data else 1005
        return None

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _shake_hands(self, address: str, way: Way, extensions: str) -> str:
        lines = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            f"Host: {urlsplit(address).netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            f"Origin: {address}",
            f"Cookie: {way.cookie}",
            *([f"Sec-WebSocket-Extensions: {extensions}"] if extensions else []),
        )
        self.say(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._read:
            self._read += self._more()
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        return head.decode()

    def _take(self, count: int) -> bytes:
        while len(self._read) < count:
            self._read += self._more()
        taken, self._read = self._read[:count], self._read[count:]
        return taken

    def _more(self) -> bytes:
        more = self._socket.recv(65_536)
        if not more:
            raise ConnectionError("the server hung up")
        return more
