"""Letters and text messages on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LetterState = Literal["waiting", "sent", "delivered", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; ``media_type`` with its parameters, such as the method of a calendar."""

    name: str
    media_type: str
    content: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Something that leaves through the outbox: ``kind`` picks the sender, ``body`` is sealed at rest."""

    id: str
    kind: Literal["mail", "text"]
    to: str
    subject: str
    body: str
    due_at: datetime
    state: LetterState = "waiting"
    attempts: int = 0
    problem: str = ""
    attachments: tuple[Attachment, ...] = ()  # sealed too
    about: str = ""  # what it is for, as kind and id: "invite 3f…"
    batch: str = ""  # of one long send, whose progress is shown
    not_after: datetime | None = None  # too late to be of use: it is stopped then
    reference: str = ""  # the provider's own id, once it has taken it
    sent_at: datetime | None = None
