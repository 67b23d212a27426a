"""A mailer that keeps letters in a list, and fails when told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from companion.ports import DeliveryFailed
from companion.records import Attachment
from integrations.mail.message import make_message


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter as it left."""

    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    reference: str = ""


@dataclass
class FakeMailer:
    """Implements ports.Mailer. Put failures in ``failures`` and they are raised first, one a letter."""

    sent: list[Sent] = field(default_factory=list)
    failures: list[DeliveryFailed] = field(default_factory=list)

    def send(
        self, to: str, subject: str, body: str, *, attachments: Sequence[Attachment] = (), reference: str = ""
    ) -> None:
        """Keep it, unless a failure is due."""
        make_message("hello@localhost", to, subject, body, attachments)  # refuses what the real ones refuse
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(Sent(to, subject, body, tuple(attachments), reference))
