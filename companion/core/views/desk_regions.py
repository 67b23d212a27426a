"""The shapes of the regions of the care and tech desks, which several staff roles share, each cut to its viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from companion.core.model import (
    BreakoutState,
    Desk,
    Facts,
    Phase,
    Role,
    SignalState,
    StepCard,
    Strength,
    TicketKind,
    TicketState,
    VanishPlan,
)
from companion.core.views.common_regions import AnswerView, PersonView


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """The session as staff see it. The three lists are read out before a session can be ended."""

    phase: Phase
    role: Role
    alias: str
    language: str
    started_at: datetime | None
    seated: int
    waiting: int
    out: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    signalling: tuple[str, ...] = ()
    no_plan: bool = False  # the doors stay shut: the group has no safeguarding plan


@dataclass(frozen=True, slots=True)
class SignalView:
    """One break signal."""

    seat: str
    alias: str
    strength: Strength
    state: SignalState
    raised_at: datetime
    seen_by: str
    answers: tuple[AnswerView, ...]
    back_at: datetime | None
    overdue: bool
    escalated: bool
    if_i_vanish: VanishPlan
    has_phone: bool
    may_offer: bool


@dataclass(frozen=True, slots=True)
class SignalsView:
    """The break signals this person may see."""

    signals: tuple[SignalView, ...]
    may_settle: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request for, or offer of, a one-to-one."""

    request: str
    seat: str
    alias: str
    state: BreakoutState
    asked_at: datetime
    wanted: str
    offered_by: str
    supporter: str
    words: str
    opened_at: datetime | None
    over: bool
    waited: bool
    moved: bool  # the call itself takes both into a room of its own
    mine: bool
    may_claim: bool


@dataclass(frozen=True, slots=True)
class OneToOnesView:
    """One-to-ones on the care desk."""

    requests: tuple[RequestView, ...]
    on_duty: tuple[str, ...]
    may_offer_to: tuple[PersonView, ...]
    busy: bool


@dataclass(frozen=True, slots=True)
class DutyView:
    """Whether this supporter takes one-to-ones now."""

    on_duty: bool
    busy_with: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """One help ticket; the number to call only for the helper who has it."""

    ticket: str
    seat: str
    alias: str
    kind: TicketKind
    state: TicketState
    words: str
    opened_at: datetime
    after_drop: bool
    helper: str
    mine: bool
    hand_over: str
    steps: tuple[StepCard, ...]
    facts: Facts | None
    wants_call: bool
    call_number: str
    alerted: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class TicketsView:
    """The tech desk."""

    tickets: tuple[TicketView, ...]
    mean_wait_seconds: int | None
    lost: tuple[PersonView, ...]
    may_take: bool
    may_open_for: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """One line on the backchannel."""

    desk: Desk
    by: str
    words: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class NotesView:
    """The backchannel of the desks this person belongs to."""

    desks: tuple[Desk, ...]
    notes: tuple[NoteView, ...]
