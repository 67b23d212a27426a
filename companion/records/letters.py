"""Letters and text messages on their way, what is sent together, and how the ways out of here are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["mail", "text"]
# unsure: the gateway may have taken it and did not say so. held: its batch is paused. stopped: nobody wants it now.
LetterState = Literal["waiting", "sending", "unsure", "held", "sent", "delivered", "failed", "stopped"]
NOT_GONE: tuple[LetterState, ...] = ("waiting", "held", "sending", "unsure", "failed")
Trouble = Literal[
    "",
    "address",  # there is no such mailbox
    "number",  # there is no such telephone, or it takes no texts
    "opted_out",  # she, or her network, takes nothing from us
    "refused",  # the gateway will not carry these words
    "later",  # this one letter could not be taken now
    "credentials",  # the gateway does not accept our key, or its set-up lacks something
    "throttled",  # the gateway wants us to go slower
    "down",  # the gateway is away
    "expired",  # too late to be of use
    "not_safe",  # since it was written, she said that she is reached another way, or has left
    "unsure",  # it may have gone out
]
Outcome = Literal["sent", "delivered", "failed"]
BatchState = Literal["going", "paused", "stopped"]


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
    kind: Kind
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
    reference: str = ""  # a text: the provider's own id, once it has taken it; mail: what bounces come back with
    sent_at: datetime | None = None
    trouble: Trouble = ""
    posted_at: datetime | None = None
    tried_at: datetime | None = None  # when it was last handed over


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that were sent together, whose progress a page shows."""

    id: str
    begun_at: datetime
    group_id: str = ""
    state: BatchState = "going"


@dataclass(frozen=True, slots=True)
class Gateway:
    """How one way out of here is doing, for all nodes together: ``id`` is "mail" or the name of a text gateway."""

    id: str
    failures: int = 0  # in a row
    trouble: Trouble = ""
    shut_until: datetime | None = None  # nothing is tried before
    counted_at: datetime | None = None  # when the three numbers below were right
    second_left: int = 0  # thousandths of a letter that may leave now
    minute_left: int = 0
    day_used: int = 0


@dataclass(frozen=True, slots=True)
class Late:
    """So many of a kind ("mail", "text", "call") that have not left after so many attempts.

    ``since``: of the oldest, when it was due, or when it was last tried.
    """

    kind: str
    attempts: int
    many: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A delivery report that had its effect; the same one again has none. ``id`` is a digest."""

    id: str
    seen_at: datetime
