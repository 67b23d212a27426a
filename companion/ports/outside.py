"""The world outside the store: the clock, slow hashing, mail, links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from companion.records import Attachment, LinkState

Clock = Callable[[], datetime]
FreshId = Callable[[], str]  # at least 128 unguessable bits, URL-safe


class Hasher(Protocol):
    """Slow hashing of passcodes and passwords (argon2id with a pepper); at most four at once."""

    def hash(self, secret: str) -> str:
        """The hash to keep."""

    def verify(self, kept: str, secret: str) -> bool:
        """Whether the secret is the one that was hashed."""

    def is_old(self, kept: str) -> bool:
        """Whether it was hashed with a key that is no longer today's: whoever has the secret hashes it again."""


class Mailer(Protocol):
    """Sends one letter. Raises DeliveryFailed."""

    def send(
        self, to: str, subject: str, body: str, *, attachments: Sequence[Attachment] = (), reference: str = ""
    ) -> None:
        """Send it now. ``reference`` names the letter, in its Message-ID and in the address that bounces go to."""


class LinkProbe(Protocol):
    """Looks whether something answers at an https address of the open internet. Blocks, but not for long."""

    def look(self, address: str) -> LinkState:
        """What was found. Nothing of it is kept, and no address inside our own network is ever asked."""
