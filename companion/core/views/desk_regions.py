"""The shapes of the regions of the care and tech desks, which several staff roles share, each cut to its viewer."""

from __future__ import annotations

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
from companion.core.values import Value
from companion.core.views.common_regions import AnswerView, PersonView


class StaffRoom(Value, frozen=True):
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


class SignalView(Value, frozen=True):
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


class SignalsView(Value, frozen=True):
    """The break signals this person may see."""

    signals: tuple[SignalView, ...]
    may_settle: bool


class RequestView(Value, frozen=True):
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


class OneToOnesView(Value, frozen=True):
    """One-to-ones on the care desk."""

    requests: tuple[RequestView, ...]
    on_duty: tuple[str, ...]
    may_offer_to: tuple[PersonView, ...]
    busy: bool


class DutyView(Value, frozen=True):
    """Whether this supporter takes one-to-ones now."""

    on_duty: bool
    busy_with: str


class TicketView(Value, frozen=True):
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


class TicketsView(Value, frozen=True):
    """The tech desk."""

    tickets: tuple[TicketView, ...]
    mean_wait_seconds: int | None
    lost: tuple[PersonView, ...]
    may_take: bool
    may_open_for: tuple[PersonView, ...]


class NoteView(Value, frozen=True):
    """One line on the backchannel."""

    desk: Desk
    by: str
    words: str
    at: datetime
    mine: bool


class NotesView(Value, frozen=True):
    """The backchannel of the desks this person belongs to."""

    desks: tuple[Desk, ...]
    notes: tuple[NoteView, ...]
