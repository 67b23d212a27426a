"""WebSocket frames, as far as a server writes them and has to unmask what it reads (RFC 6455, 5.2 and 5.3)."""

from __future__ import annotations

import struct
from typing import Any

FINAL, TEXT, BINARY = 0x80, 1, 2
MASKED, TWO_BYTES = 0x80, 126


def frame(message: str | bytes) -> bytes:
    """One whole message in one frame, as a server sends it: not masked, not packed."""
    if isinstance(message, str):
        return frame_of_text(message.encode())
    return _framed(FINAL | BINARY, message)


def frame_of_text(data: bytes) -> bytes:
    """The same of a text that is written as UTF-8 already."""
    return _framed(FINAL | TEXT, data)


def frame_of(pkt: Any) -> bytes:
    """The frame of a packet of the library. It is kept with it: the same one goes to everybody who is to see it."""
    made: bytes | None = getattr(pkt, "frame", None)
    if made is None:
        made = pkt.frame = frame(pkt.encode())
    return made


def plain_text(come: bytes) -> bytes | None:
    """The text of the first frame, masked by a client, if all of it has come and it is a whole message in ASCII.

    None for anything else: unfinished, packed, of another kind, very long, wrong.
    """
    if len(come) < 6 or come[0] != FINAL | TEXT:
        return None
    length, begin = come[1] - MASKED, 6
    if length == TWO_BYTES and len(come) >= 8:
        length, begin = come[2] << 8 | come[3], 8
        if length < TWO_BYTES:
            return None  # it has to be written as short as can be
    elif not 0 <= length < TWO_BYTES:
        return None
    if len(come) < begin + length:
        return None
    text = unmasked(come[begin : begin + length], come[begin - 4 : begin])
    return text if text.isascii() else None


def unmasked(data: bytes, mask: bytes | tuple[int, ...], length: int | None = None, offset: int = 0) -> bytes:
    """What was masked with these four bytes, of which ``offset`` bytes came before."""
    turned = bytes(mask[offset % 4 :]) + bytes(mask[: offset % 4])
    size = len(data) if length is None else length
    key = (turned * (size // 4 + 1))[:size]
    return (int.from_bytes(data[:size], "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def _framed(first: int, data: bytes) -> bytes:
    if len(data) < 126:
        return struct.pack("!BB", first, len(data)) + data
    if len(data) < 65_536:
        return struct.pack("!BBH", first, 126, len(data)) + data
    return struct.pack("!BBQ", first, 127, len(data)) + data
