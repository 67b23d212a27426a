"""The shapes of every region of every panel: what a template or a JSON client is given, and nothing else.

Ids stand only where the viewer needs them to act. Times are UTC; a browser counts from them, the server never ticks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from companion.core.model import (
    Asking,
    BreakoutState,
    Desk,
    Facts,
    OthersSee,
    Phase,
    PlaceKind,
    QueueMode,
    Role,
    Shared,
    SignalState,
    StepCard,
    Strength,
    TakesPart,
    TicketKind,
    TicketState,
    VanishPlan,
)
from companion.core.presence import Away
from companion.core.suggesting import Suggestion

SeatPhase = Literal["waiting", "open", "live", "paused", "ending", "closed", "left"]
AlertKind = Literal[
    "cannot_talk",
    "check_on_me",
    "break_raised",
    "overdue",
    "vanished",
    "voice_knock",
    "second_device",
    "knock",
    "ticket_untaken",
    "one_to_one_unanswered",
    "one_to_one_over",
    "lost",
]


@dataclass(frozen=True, slots=True)
class NewsView:
    """One sentence about her own affairs; ``urgent`` only for "it is your turn"."""

    code: str = ""
    name: str = ""
    count: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who can be named in a button."""

    seat: str
    alias: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A worded answer and who gave it."""

    reply: str
    by: str


@dataclass(frozen=True, slots=True)
class MemberRoom:
    """Where she is: at the door or in the room, and what is shown to everyone."""

    phase: SeatPhase
    alias: str
    avatar: int
    not_now: bool
    door_message: str | None
    facilitators: tuple[str, ...]
    part: str
    shared: Shared | None
    takes_part: TakesPart
    language: str


@dataclass(frozen=True, slots=True)
class MemberTurn:
    """Her own place, and of the others what the group has agreed that everyone sees."""

    in_room: bool
    others_see: OthersSee = "nothing"
    asking: Asking = "open"
    speaker: str = ""
    line: tuple[str, ...] = ()
    place: int | None = None
    kind: PlaceKind | None = None
    note: str = ""
    speaking: bool = False
    turn: int | None = None  # only while she speaks: to say "I have finished" of this turn
    started_at: datetime | None = None
    used_seconds: int = 0
    agreed_seconds: int | None = None
    may_ask: bool = False
    may_reply: bool = False
    may_say_not_yet: bool = False
    go_round: bool = False
    not_yet: bool = False  # she lets one person go first
    clock_stopped: bool = False  # the room is paused: her time is ``used_seconds`` and does not run


@dataclass(frozen=True, slots=True)
class MemberBreak:
    """Her own signal and the answers to it."""

    strength: Strength | None
    state: SignalState | None
    seen_by: str
    answers: tuple[AnswerView, ...]
    back_at: datetime | None
    if_i_vanish: VanishPlan


@dataclass(frozen=True, slots=True)
class MemberOneToOne:
    """Her one-to-one. ``on_duty`` says who can be asked; whether they are busy is shown to nobody but staff."""

    in_room: bool
    on_duty: tuple[PersonView, ...] = ()
    state: BreakoutState | None = None
    wanted: str = ""
    wanted_off_duty: bool = False
    by: str = ""  # who offers, or who has claimed it
    opened_at: datetime | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class MemberHelp:
    """Her own help ticket."""

    state: TicketState | None
    kind: TicketKind | None
    words: str
    helper: str
    steps: tuple[StepCard, ...]
    facts_shared: bool
    call_number: str
    has_phone: bool
    usual_wait_minutes: int | None


@dataclass(frozen=True, slots=True)
class AlertView:
    """One thing that needs a human, most pressing first."""

    kind: AlertKind
    seat: str
    alias: str
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NowView:
    """What needs a human now."""

    alerts: tuple[AlertView, ...]


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


@dataclass(frozen=True, slots=True)
class KnockView:
    """Somebody at the door."""

    seat: str
    alias: str
    since: datetime | None
    first_time: bool
    takes_part: TakesPart
    not_now: bool
    door_message: str | None
    lost: bool


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A browser that asks to be let in by voice, and the number its owner will say."""

    seat: str
    alias: str
    device: str
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A second device that waits for a decision."""

    seat: str
    alias: str
    device: str
    since: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class DoorView:
    """The waiting room."""

    knocks: tuple[KnockView, ...]
    voices: tuple[VoiceView, ...]
    devices: tuple[DeviceView, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """Who speaks, with the quiet timer's start."""

    seat: str
    alias: str
    started_at: datetime
    used_seconds: int
    agreed_seconds: int | None
    away: Away | None
    clock_stopped: bool = False


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place in the line, as facilitators see it."""

    seat: str
    alias: str
    kind: PlaceKind
    note: str
    passed: bool
    not_yet: bool
    by_phone: bool
    away: Away | None
    turns_had: int
    used_seconds: int


@dataclass(frozen=True, slots=True)
class QueueView:
    """The speaking queue in a facilitator's hands."""

    mode: QueueMode
    asking: Asking
    turn: int
    speaker: SpeakerView | None
    places: tuple[PlaceView, ...]
    next_alias: str
    suggestion: Suggestion | None
    suggested_alias: str
    undo: str
    undo_until: datetime | None
    others: tuple[PersonView, ...]  # seated and not in the line: may be invited or added


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
class SeatView:
    """One person in the facilitators' list: dropped, on a break and left are three different things."""

    seat: str
    alias: str
    avatar: int
    role: Role
    state: Literal["seated", "left"]
    by_phone: bool
    takes_part: TakesPart
    first_time: bool
    away: Away | None
    lost: bool
    dropped_at: datetime | None
    turns_had: int
    on_duty: bool
    me: bool


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Who is here."""

    seats: tuple[SeatView, ...]


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


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of the evening."""

    title: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class AgendaView:
    """The evening's parts, the prompts (private until shared) and what is shown to everyone."""

    parts: tuple[PartView, ...]
    part: int
    part_started_at: datetime | None
    prompts: tuple[str, ...]
    activities: tuple[str, ...]
    shared: Shared | None
    steps: int


@dataclass(frozen=True, slots=True)
class DebriefView:
    """For facilitators, from the ending on: who to follow up. Gone with the live data a minute after closing."""

    shown: bool
    came: int = 0
    left_early: tuple[str, ...] = ()
    lost_at_the_end: tuple[str, ...] = ()
    tickets_unsolved: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    closed_at: datetime | None = None


Region = (
    NewsView
    | MemberRoom
    | MemberTurn
    | MemberBreak
    | MemberOneToOne
    | MemberHelp
    | NowView
    | StaffRoom
    | DoorView
    | QueueView
    | SignalsView
    | OneToOnesView
    | DutyView
    | TicketsView
    | PeopleView
    | NotesView
    | AgendaView
    | DebriefView
)
Panel = dict[str, Region]
