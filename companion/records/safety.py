"""What is kept for everybody's safety: who did what, what somebody agreed to, and which browsers are to be cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ConsentKind = Literal["agreement", "contact", "access_card", "measurements"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done: codes and opaque ids alone. ``digest`` covers it and the entry before it."""

    id: str  # its number, with zeros in front so that ids stand in order
    at: datetime
    what: str
    by: str
    about: str
    digest: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The one row that says where the chain of entries begins and ends; without our key it cannot be made anew."""

    id: str
    number: int  # of the last entry
    digest: str  # of the last entry
    base: int  # the last entry that was pruned; 0: none
    base_digest: str
    last: str  # the last entry itself, as JSON: whoever comes next puts it in its place, should it be missing there
    seal: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to, in which version of its words, and when she took it back."""

    id: str
    person_id: str
    kind: ConsentKind
    version: int
    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Browsers whose pages are to be cut on every node; kept for a minute."""

    id: str
    accesses: str  # ids with spaces between them
    code: str
    at: datetime
