"""Sealing: AES-256-GCM cells bound to the place where they stand, so that a swapped or altered cell does not open."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"  # AES-256-GCM, a nonce of 12 bytes
NONCE = 12


class CannotOpen(Exception):
    """A sealed cell was altered, moved to another place, or sealed with a key we do not have."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = tuple(AESGCM(key) for key in keys)

    def seal(self, plain: bytes, *place: str) -> bytes:
        """``plain`` sealed for this place: table, column, row and whatever else must not change under it."""
        nonce = os.urandom(NONCE)
        return VERSION + nonce + self._ciphers[0].encrypt(nonce, plain, _bound_to(place))

    def open(self, cell: bytes, *place: str) -> bytes:
        """What was sealed for this place. Raises CannotOpen."""
        if cell[:1] != VERSION or len(cell) < 1 + NONCE:
            raise CannotOpen(f"{place[0]}: not sealed in a way this release knows")
        nonce, sealed, bound = cell[1 : 1 + NONCE], cell[1 + NONCE :], _bound_to(place)
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, sealed, bound)
            except InvalidTag:
                continue
        raise CannotOpen(f"{place[0]}: altered, moved, or sealed with a key we do not have")


def _bound_to(place: tuple[str, ...]) -> bytes:
    return VERSION + msgspec.json.encode([str(part) for part in place])
