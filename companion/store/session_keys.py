"""A key of its own for each live session, wrapped with the master; without it nothing of the session can be read."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable

import msgspec

from companion.records import Saved
from companion.store.keys import KeyRing
from companion.store.sealing import NONCE, Sealer

HEAD = 1 + NONCE  # so many bytes tell one sealed document from every other


class SessionKey:
    """Seals the document and the taps of one session, and remembers what it sealed or opened last.

    What is remembered goes with its key: nothing of a session stays in memory once it is destroyed.
    """

    def __init__(self, session_id: str, key: bytes, wrapped: bytes) -> None:
        self.wrapped = wrapped
        self._newest: tuple[bytes, Saved] | None = None
        self._session_id = session_id
        self._sealer = Sealer([key])
        self._marks = hmac.digest(key, b"tap marks", hashlib.sha256)

    def seal_document(self, document: bytes, revision: int) -> bytes:
        """Bound to the revision: an older document put back in its place does not open."""
        return self._sealer.seal(document, "live_sessions", "document", self._session_id, str(revision))

    def open_document(self, sealed: bytes, revision: int) -> bytes:
        """Raises CannotOpen."""
        return self._sealer.open(sealed, "live_sessions", "document", self._session_id, str(revision))

    def remember(self, sealed: bytes, saved: Saved) -> None:
        """This sealed document, which is in the database, holds this session."""
        self._newest = (sealed[:HEAD], saved)

    def remembered(self, head: bytes) -> Saved | None:
        """The session in the sealed document that begins with these bytes, if it was the last one here."""
        newest = self._newest
        return newest[1] if newest is not None and newest[0] == head else None

    def mark(self, seat_id: str, tap_id: str) -> bytes:
        """What stands for a tap in the database: the same tap has the same mark, and it tells nothing."""
        return hmac.digest(self._marks, msgspec.json.encode((seat_id, tap_id)), hashlib.sha256)

    def seal_digest(self, digest: str, mark: bytes) -> bytes:
        """Sealed too: the few commands there are could be guessed from a bare digest."""
        return self._sealer.seal(digest.encode(), "taps", "digest", self._session_id, mark.hex())

    def open_digest(self, sealed: bytes, mark: bytes) -> str:
        """Raises CannotOpen."""
        return self._sealer.open(sealed, "taps", "digest", self._session_id, mark.hex()).decode()


class SessionKeys:
    """Makes and unwraps session keys, and remembers those in use."""

    def __init__(self, keys: KeyRing) -> None:
        self._master = Sealer.of(keys, "session keys")
        self._known: dict[str, SessionKey] = {}

    def make(self, session_id: str) -> SessionKey:
        """A fresh key."""
        key = os.urandom(32)
        return SessionKey(session_id, key, self._master.seal(key, "session_keys", "wrapped_key", session_id))

    def unwrap(self, session_id: str, wrapped: bytes) -> SessionKey:
        """The key that is wrapped in these bytes. Raises CannotOpen."""
        known = self._known.get(session_id)
        if known is None or known.wrapped != wrapped:
            plain = self._master.open(wrapped, "session_keys", "wrapped_key", session_id)
            known = self._known[session_id] = SessionKey(session_id, plain, wrapped)
        return known

    def known(self, session_id: str) -> SessionKey | None:
        """The key, if it is at hand."""
        return self._known.get(session_id)

    def forget(self, session_id: str) -> None:
        """The session is gone."""
        self._known.pop(session_id, None)

    def forget_all_but(self, session_ids: Iterable[str]) -> None:
        """Sessions that another node has destroyed leave no key in our memory."""
        for gone in set(self._known) - set(session_ids):
            self.forget(gone)
