"""Sealing: AES-256-GCM cells bound to the place where they stand, so that a swapped or altered cell does not open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"  # AES-256-GCM, a nonce of 12 bytes
NONCE = 12


class CannotOpen(Exception):
    """A sealed cell was altered, moved to another place, or sealed with a key we do not have."""


class Ring(Protocol):
    """Where keys come from that may change while we run."""

    def subkeys(self, purpose: str) -> tuple[bytes, ...]:
        """Those that serve one purpose, today's first."""

    def look_again(self) -> bool:
        """Whether they have changed meanwhile."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes] = (), ring: Ring | None = None, purpose: str = "") -> None:
        self._ring, self._purpose = ring, purpose
        self._in_use = (tuple(keys), tuple(AESGCM(key) for key in keys))

    @classmethod
    def of(cls, ring: Ring, purpose: str) -> Sealer:
        """One that follows the keys of a ring for one purpose."""
        return cls(ring.subkeys(purpose), ring, purpose)

    def seal(self, plain: bytes, *place: str) -> bytes:
        """``plain`` sealed for this place: table, column, row and whatever else must not change under it."""
        nonce = os.urandom(NONCE)
        return VERSION + nonce + self._now()[0].encrypt(nonce, plain, _bound_to(place))

    def open(self, cell: bytes, *place: str) -> bytes:
        """What was sealed for this place. Raises CannotOpen."""
        if cell[:1] != VERSION or len(cell) < 1 + NONCE:
            raise CannotOpen(f"{place[0]}: not sealed in a way this release knows")
        nonce, sealed, bound = cell[1 : 1 + NONCE], cell[1 + NONCE :], _bound_to(place)
        found = _opened(self._now(), nonce, sealed, bound)
        if found is None and self._ring is not None and self._ring.look_again():
            found = _opened(self._now(), nonce, sealed, bound)  # another process has changed the keys just now
        if found is None:
            raise CannotOpen(f"{place[0]}: altered, moved, or sealed with a key we do not have")
        return found

    def is_todays(self, cell: bytes, *place: str) -> bool:
        """Whether this cell is sealed with the first key."""
        nonce, sealed = cell[1 : 1 + NONCE], cell[1 + NONCE :]
        return _opened(self._now()[:1], nonce, sealed, _bound_to(place)) is not None

    def _now(self) -> tuple[AESGCM, ...]:
        if self._ring is not None:
            keys = self._ring.subkeys(self._purpose)
            if keys is not self._in_use[0]:
                self._in_use = (keys, tuple(AESGCM(key) for key in keys))
        return self._in_use[1]


def _opened(ciphers: Sequence[AESGCM], nonce: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    for cipher in ciphers:
        try:
            return cipher.decrypt(nonce, sealed, bound)
        except InvalidTag:
            continue
    return None


def _bound_to(place: tuple[str, ...]) -> bytes:
    return VERSION + msgspec.json.encode([str(part) for part in place])
