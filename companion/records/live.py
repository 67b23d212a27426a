"""What is kept of a live session beside its value: how it was read, taps that had their effect, connections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from companion.core.model import SessionState
from companion.core.views import Sight
from companion.core.views.sight import NOTHING_SEEN
from companion.records.plans import Access

FORM = "form"  # the node of a connection that is a recent form post


@dataclass(frozen=True, slots=True)
class TapRecord:
    """A tap that had its effect: kept until the session is destroyed, so that the same tap has it once."""

    seat_id: str
    tap_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A live session as it was read, and the revision it had; its panels too, where they have been worked out."""

    state: SessionState
    revision: int
    sight: Sight = field(default=NOTHING_SEEN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Saving:
    """What is to become of a live session that had this revision: its next value, and the taps that led to it."""

    session_id: str
    revision: int
    state: SessionState
    due_at: datetime | None
    taps: tuple[TapRecord, ...] = ()
    sight: Sight = field(default=NOTHING_SEEN, compare=False, repr=False)  # kept in memory with the state


@dataclass(frozen=True, slots=True)
class Looked:
    """A browser that sends a tap, the live session it belongs to, and the digest of that tap if it had its effect."""

    access: Access | None = None
    saved: Saved | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """One live connection, or one recent form post, of one seat; it counts until ``expires_at``."""

    id: str
    session_id: str
    seat_id: str
    access_id: str
    node: str
    expires_at: datetime
