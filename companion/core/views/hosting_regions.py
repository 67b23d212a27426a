"""The shapes of the regions that only facilitators have: what needs a human, queue, door, people, evening."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from companion.core.model import Asking, PlaceKind, QueueMode, Role, Shared, TakesPart
from companion.core.presence import Away
from companion.core.suggesting import Suggestion
from companion.core.values import Value
from companion.core.views.common_regions import PersonView

AlertKind = Literal[
    "cannot_talk",
    "check_on_me",
    "break_raised",
    "overdue",
    "vanished",
    "voice_knock",
    "second_device",
    "wrong_passcodes",
    "knock",
    "ticket_untaken",
    "one_to_one_unanswered",
    "one_to_one_over",
    "lost",
]


class AlertView(Value, frozen=True):
    """One thing that needs a human, most pressing first."""

    kind: AlertKind
    seat: str
    alias: str
    since: datetime
    detail: str = ""


class NowPerson(Value, frozen=True):
    """One person who needs a human, with everything that she needs."""

    seat: str
    alias: str
    urgent: bool
    alerts: tuple[AlertView, ...]


class NowView(Value, frozen=True):
    """What needs a human now: flat, and by person."""

    alerts: tuple[AlertView, ...]
    people: tuple[NowPerson, ...]
    urgent: int
    kinds: tuple[AlertKind, ...]


class KnockView(Value, frozen=True):
    """Somebody at the door."""

    seat: str
    alias: str
    since: datetime | None
    first_time: bool
    takes_part: TakesPart
    not_now: bool
    door_message: str | None
    lost: bool


class VoiceView(Value, frozen=True):
    """A browser that asks to be let in by voice, and the number its owner will say."""

    seat: str
    alias: str
    device: str
    number: str
    since: datetime


class DeviceView(Value, frozen=True):
    """A second device that waits for a decision."""

    seat: str
    alias: str
    device: str
    since: datetime
    held: bool


class DoorView(Value, frozen=True):
    """The waiting room."""

    knocks: tuple[KnockView, ...]
    voices: tuple[VoiceView, ...]
    devices: tuple[DeviceView, ...]
    expected: tuple[str, ...]


class SpeakerView(Value, frozen=True):
    """Who speaks, with the quiet timer's start."""

    seat: str
    alias: str
    started_at: datetime
    used_seconds: int
    agreed_seconds: int | None
    away: Away | None
    clock_stopped: bool = False


class PlaceView(Value, frozen=True):
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


class QueueView(Value, frozen=True):
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


class SeatView(Value, frozen=True):
    """One person in the facilitators' list: dropped, on a break and left are three different things."""

    seat: str
    alias: str
    avatar: int
    role: Role
    state: Literal["seated", "left"]
    by_phone: bool
    takes_part: TakesPart
    first_time: bool
    cues: tuple[str, ...]
    away: Away | None
    lost: bool
    dropped_at: datetime | None
    turns_had: int
    on_duty: bool
    me: bool


class PeopleView(Value, frozen=True):
    """Who is here."""

    seats: tuple[SeatView, ...]


class PartView(Value, frozen=True):
    """One part of the evening."""

    title: str
    minutes: int | None


class AgendaView(Value, frozen=True):
    """The evening's parts, the prompts (private until shared) and what is shown to everyone."""

    parts: tuple[PartView, ...]
    part: int
    part_started_at: datetime | None
    prompts: tuple[str, ...]
    activities: tuple[str, ...]
    shared: Shared | None
    steps: int


class DebriefView(Value, frozen=True):
    """For facilitators, from the ending on: who to follow up. Gone with the live data a minute after closing."""

    shown: bool
    came: int = 0
    left_early: tuple[str, ...] = ()
    lost_at_the_end: tuple[str, ...] = ()
    tickets_unsolved: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    closed_at: datetime | None = None
