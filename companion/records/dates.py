"""What is kept around a date: who was told of a change, what was decided, whether the call answers, calendar feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

NoticeKind = Literal["moved", "cancelled", "ended"]
LinkState = Literal["", "fine", "unreachable", "changed", "not_allowed", "no_link", "unchecked"]


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who could not be told in writing, and why; ``told_at``: somebody has told her by phone."""

    person_id: str
    reason: str
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A change of a date that people have to hear of. It is made before the change and finished after it."""

    id: str
    group_id: str
    session_id: str  # the date itself; of a series that ends: the first date that falls away
    series_id: str
    kind: NoticeKind
    sequence: int  # the one that the date has after the change
    was_at: datetime
    starts_at: datetime
    at: datetime
    by: str
    posted: tuple[str, ...] = ()  # people for whom a letter was put in the outbox
    missed: tuple[Missed, ...] = ()
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DateNote:
    """A warning about a date that somebody has answered, so that it is given once."""

    id: str
    group_id: str
    session_id: str
    kind: Literal["holiday", "busy"]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder for one person, claimed once by whichever node comes first."""

    id: str
    session_id: str
    at: datetime
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """One look at the address of the call before a date; of what was there nothing is kept."""

    id: str
    session_id: str
    at: datetime
    result: LinkState = ""  # empty: somebody is looking just now


@dataclass(frozen=True, slots=True)
class Feed:
    """The private address of one facilitator's calendar; ``id`` is her person id."""

    id: str
    token_hash: str
    made_at: datetime
