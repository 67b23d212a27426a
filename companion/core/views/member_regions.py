"""The shapes of a member's regions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from companion.core.model import (
    Asking,
    BreakoutState,
    OthersSee,
    PlaceKind,
    Shared,
    SignalState,
    StepCard,
    Strength,
    TakesPart,
    TicketKind,
    TicketState,
    VanishPlan,
)
from companion.core.values import Value
from companion.core.views.common_regions import AnswerView, PersonView

SeatPhase = Literal["waiting", "open", "live", "paused", "ending", "closed", "left"]


class MemberRoom(Value, frozen=True):
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


class MemberTurn(Value, frozen=True):
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


class MemberBreak(Value, frozen=True):
    """Her own signal and the answers to it."""

    strength: Strength | None
    state: SignalState | None
    seen_by: str
    answers: tuple[AnswerView, ...]
    back_at: datetime | None
    if_i_vanish: VanishPlan


class MemberOneToOne(Value, frozen=True):
    """Her one-to-one. ``on_duty`` says who can be asked; whether they are busy is shown to nobody but staff."""

    in_room: bool
    on_duty: tuple[PersonView, ...] = ()
    state: BreakoutState | None = None
    wanted: str = ""
    wanted_off_duty: bool = False
    by: str = ""  # who offers, or who has claimed it
    opened_at: datetime | None = None
    over: bool = False
    request: str = ""  # while the call itself takes both into a room of its own


class MemberHelp(Value, frozen=True):
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
