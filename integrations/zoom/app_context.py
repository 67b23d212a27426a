"""Reads X-Zoom-App-Context: who opens our page inside Zoom, encrypted by Zoom with the secret of our app."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from companion.ports import BadReport

LONGEST = 8_192  # characters of the header
TAG = 16  # bytes
CLOCKS = timedelta(minutes=1)  # between Zoom's clock and ours
LASTS = timedelta(minutes=10)  # Zoom's own lasts two: what opens longer is none of them


@dataclass(frozen=True, slots=True)
class AppContext:
    """Where in Zoom the page is opened, and by whom. ``meeting`` and ``role`` are empty outside a call."""

    kind: str  # such as meeting or panel
    user: str  # Zoom's id of whoever opens it
    meeting: str  # Zoom's uuid of the call
    role: str  # host, co-host or attendee, as Zoom writes them
    at: datetime
    expires: datetime


def read(header: str, secret: str, now: datetime) -> AppContext:
    """Open the header of a request. Raises BadReport: malformed, forged (of another app) or stale."""
    context = _context(_opened(_bytes(header), secret))
    if not (context.at - CLOCKS <= now < context.expires) or context.expires - context.at > LASTS:
        raise BadReport("stale")
    return context


def _bytes(header: str) -> bytes:
    text = header.strip().rstrip("=").replace("-", "+").replace("_", "/")
    if not 0 < len(text) <= LONGEST:
        raise BadReport("malformed")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadReport("malformed") from None


def _opened(packed: bytes, secret: str) -> bytes:
    iv, rest = _part(packed, 1)
    aad, rest = _part(rest, 2)
    sealed, tag = _part(rest, 4)
    if len(tag) != TAG or not 8 <= len(iv) <= 128 or not secret:
        raise BadReport("malformed")
    try:
        return AESGCM(hashlib.sha256(secret.encode()).digest()).decrypt(iv, sealed + tag, aad)
    except InvalidTag:
        raise BadReport("forged") from None


def _part(packed: bytes, width: int) -> tuple[bytes, bytes]:
    # A length in little-endian bytes, and as many bytes after it.
    length = int.from_bytes(packed[:width], "little", signed=width == 4)
    if len(packed) < width or not 0 <= length <= len(packed) - width:
        raise BadReport("malformed")
    return packed[width : width + length], packed[width + length :]


def _context(plain: bytes) -> AppContext:
    try:
        said = json.loads(plain)
        return AppContext(
            _text(said["typ"]),
            _text(said["uid"]),
            _text(said.get("mid") or ""),
            _text(said.get("attendrole") or ""),
            _time(said["ts"]),
            _time(said["exp"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        raise BadReport("malformed") from None


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _time(milliseconds: Any) -> datetime:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        raise TypeError
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
