"""Slow hashing of passcodes and passwords: argon2id over a peppered secret, a few at a time."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from companion.core.refusals import Refused

AT_ONCE = 4  # each takes 19 MiB and a processor
IN_LINE = 8  # more than that would hold the threads that taps need
PATIENCE_SECONDS = 3.0


class Argon2Hasher:
    """Implements ports.Hasher. The pepper comes from outside the database, so that a stolen dump opens nothing."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        self._line = threading.BoundedSemaphore(AT_ONCE + IN_LINE)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = self.hash("no secret has this hash")

    def hash(self, secret: str) -> str:
        """The hash to keep. Blocks; Refused("too_busy") if too many wait already."""
        with self._one_of_a_few():
            return self._argon2.hash(self._peppered("kept:" + secret))

    def verify(self, kept: str, secret: str) -> bool:
        """Whether the secret is the one that was hashed.

        An empty ``kept`` takes as long as any other: links that lead nowhere must not answer sooner.
        """
        with self._one_of_a_few():
            try:
                return self._argon2.verify(kept or self._nobodys, self._peppered("kept:" + secret)) and kept != ""
            except (VerificationError, InvalidHashError):
                return False

    def _peppered(self, secret: str) -> str:
        return hmac.new(self._pepper, secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    @contextmanager
    def _one_of_a_few(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise Refused("too_busy")
        try:
            if not self._turn.acquire(timeout=PATIENCE_SECONDS):
                raise Refused("too_busy")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._line.release()
