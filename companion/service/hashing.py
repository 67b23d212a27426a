"""Slow hashing of passcodes and passwords: argon2id over a peppered secret, a few at a time."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from companion.core.refusals import Refused
from companion.records import tag_of

AT_ONCE = 4  # each takes 19 MiB and a processor
IN_LINE = 8  # more than that would hold the threads that taps need
PATIENCE_SECONDS = 3.0


class Argon2Hasher:
    """Implements ports.Hasher. The pepper comes from outside the database, so that a stolen dump opens nothing.

    A hash says which pepper it was made with, so that after a rotation an old one is checked with its own, in the same
    time as a new one.
    """

    def __init__(self, peppers: Callable[[], Sequence[bytes]]) -> None:
        self._peppers = peppers
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        self._line = threading.BoundedSemaphore(AT_ONCE + IN_LINE)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = self.hash("no secret has this hash")

    def hash(self, secret: str) -> str:
        """The hash to keep. Blocks; Refused("too_busy") if too many wait already."""
        pepper = self._peppers()[0]
        with self._one_of_a_few():
            return f"{tag_of(pepper)}.{self._argon2.hash(_peppered(pepper, secret))}"

    def verify(self, kept: str, secret: str) -> bool:
        """Whether the secret is the one that was hashed.

        An empty ``kept`` takes as long as any other: links that lead nowhere must not answer sooner.
        """
        tag, _, argon2 = (kept or self._nobodys).rpartition(".")
        with self._one_of_a_few():
            right = [self._is_it(pepper, argon2, secret) for pepper in self._fitting(tag)]
            return any(right) and kept != "" and tag in ("", *map(tag_of, self._peppers()))

    def is_old(self, kept: str) -> bool:
        """Whether this hash was made with a pepper that is no longer today's."""
        return not kept.startswith(f"{tag_of(self._peppers()[0])}.")

    def _fitting(self, tag: str) -> Sequence[bytes]:
        # Without a tag it is from before there were any: each pepper may be the one. One that was dropped fits nothing,
        # which must take its time too.
        peppers = self._peppers()
        return [pepper for pepper in peppers if tag in ("", tag_of(pepper))] or peppers[:1]

    def _is_it(self, pepper: bytes, argon2: str, secret: str) -> bool:
        try:
            return self._argon2.verify(argon2, _peppered(pepper, secret))
        except (VerificationError, InvalidHashError):
            return False

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


def _peppered(pepper: bytes, secret: str) -> str:
    return hmac.new(pepper, ("kept:" + secret).encode("utf-8", "replace"), hashlib.sha256).hexdigest()
