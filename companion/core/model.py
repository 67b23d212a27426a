"""What a live session is: one immutable value, from the doors to the debrief.

Times are timezone-aware UTC datetimes and durations are whole seconds unless a name says minutes. Whatever can be
worked out from other fields (a frozen place, who is out of the room) is worked out in the topic modules, never stored.
Everything here is destroyed within 60 seconds of closing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from companion.core.refusals import Refused
from companion.core.values import Value, made, replace

Role = Literal["facilitator", "member", "peer_supporter", "tech_helper", "system"]
Phase = Literal["planned", "open", "live", "paused", "ending", "closed"]
SeatState = Literal["expected", "waiting", "seated", "left"]
QueueMode = Literal["as_asked", "quieter_first", "go_round"]
Asking = Literal["open", "paused", "last_turns"]
PlaceKind = Literal["asked", "reply", "first", "round"]
Strength = Literal["few_minutes", "check_on_me", "cannot_talk"]
SignalState = Literal["raised", "seen", "answered"]
BreakoutState = Literal["offered", "asked", "claimed", "open"]
TicketState = Literal["open", "taken", "confirming"]
TicketKind = Literal[
    "cannot_hear", "cannot_be_heard", "no_picture", "frozen_or_slow", "thrown_out", "cannot_get_in", "something_else"
]
Desk = Literal["care", "tech"]
DeviceState = Literal["in", "held"]
VanishPlan = Literal["nothing", "wait", "call_me"]
TakesPart = Literal["video", "audio", "text", "phone"]
OthersSee = Literal["nothing", "speaker", "line"]
InTheCall = Literal["call", "waiting", "room", "gone"]
Cue = Literal[
    "captions",
    "sign_language",
    "say_who_speaks",
    "screen_reader",
    "reads_slowly",
    "plain_words",
    "more_time",
    "prefers_writing",
    "no_camera",
    "quiet_sounds",
    "no_flashes",
    "needs_breaks",
]

DOOR: Literal["door"] = "door"  # somebody who holds a link, and has shown nothing that says she is the person invited
SYSTEM: Literal["system"] = "system"  # acts in the place of a seat when the clock or a connection asks for something


class AgendaPart(Value, frozen=True):
    """One part of the evening: beginning, middle or end; ``minutes`` is None where the agenda is loose."""

    title: str
    minutes: int | None = None


class GroupRules(Value, frozen=True):
    """What the group agreed beforehand; copied in at the start, so that a later edit cannot change this evening."""

    others_see: OthersSee = "speaker"
    reply_allowed: bool = True
    call_rooms: bool = False  # one-to-ones go into breakout rooms of the call itself, where the platform has them
    turn_seconds: int | None = None
    one_to_one_minutes: int = 15
    usual_wait_minutes: int | None = (
        None  # from earlier sessions only: tonight's figure would tell of tonight's tickets
    )
    agenda: tuple[AgendaPart, ...] = ()
    prompts: tuple[str, ...] = ()
    safeguarded: bool = False  # the group has agreed what to do in danger; without that the doors stay shut


class Device(Value, frozen=True):
    """One browser let in by one invite; a held device waits for a facilitator to decide."""

    id: str
    at: datetime
    state: DeviceState = "in"
    flagged: bool = False


class VoiceKnock(Value, frozen=True):
    """Somebody whose passcode failed asks to be let in by voice: both sides see the same number and say it aloud."""

    device: str
    number: str
    at: datetime


class News(Value, frozen=True):
    """The one sentence announced to a seat about its own affairs; ``count`` lets the same sentence be said again."""

    code: str
    name: str = ""
    count: int = 1


class Seat(Value, frozen=True):
    """One person's place in this session: ``dropped_at`` and ``lost`` speak of the connection, ``state`` of her."""

    id: str
    role: Role
    alias: str
    state: SeatState = "expected"
    language: str = "en"
    avatar: int = 1
    by_phone: bool = False
    takes_part: TakesPart = "video"
    first_time: bool = False
    has_phone: bool = False
    if_i_vanish: VanishPlan = "wait"
    cues: tuple[str, ...] = ()  # what makes taking part easier, as far as she lets facilitators know
    on_duty: bool = False
    knocked_at: datetime | None = None
    seated_at: datetime | None = None
    left_at: datetime | None = None
    removed: bool = False
    door_message: str | None = None
    not_now: bool = False
    voice_knock: VoiceKnock | None = None
    devices: tuple[Device, ...] = ()
    dropped_at: datetime | None = None
    drops: int = 0
    lost: bool = False  # shown to staff as "connection lost"
    drop_noted: bool = False  # this drop has had its ticket
    news: News | None = None
    wrong_passcodes: int = 0  # at her link, since a facilitator last looked
    wrong_since: datetime | None = None
    caller: str = ""  # by which a platform that holds the call knows her; another one each evening
    number: int = 0  # of the last panel sent to this seat: per seat, so that it tells of nobody else


class Place(Value, frozen=True):
    """A place in the queue. ``used_seconds`` is what an interrupted speaker had already used of her turn.

    ``own`` once she has asked herself: what a facilitator or a go-round gave can be taken back, her own wish cannot.
    """

    seat: str
    asked_at: datetime
    kind: PlaceKind = "asked"
    note: str = ""
    passed: bool = False
    not_yet: bool = False  # one person goes before her, and then it is over
    own: bool = False
    used_seconds: int = 0
    by_hand: bool = False  # her hand is up in the call: taken out again when she lowers it there


class Turn(Value, frozen=True):
    """Who speaks now."""

    seat: str
    started_at: datetime
    kind: PlaceKind = "asked"
    used_seconds: int = 0
    passed: bool = False
    reply_used: bool = False
    clock_stopped: bool = False  # while the room is paused


class Line(Value, frozen=True):
    """What an undo restores: the order, the speaker and who has been heard."""

    places: tuple[Place, ...] = ()
    speaking: Turn | None = None
    spoken: tuple[str, ...] = ()  # one entry a finished turn, so a seat may stand here several times
    round_done: tuple[str, ...] = ()
    mode: QueueMode = "as_asked"
    asking: Asking = "open"


class Undo(Value, frozen=True):
    """The last facilitator's act on the queue, which any facilitator may take back until ``until``."""

    act: str
    by: str
    until: datetime
    before: Line
    after: Line


class Queue(Value, frozen=True):
    """The speaking queue; ``turn`` counts changes of speaker, and a command names the turn it saw."""

    line: Line = made(Line)
    turn: int = 0
    undo: Undo | None = None


class Answer(Value, frozen=True):
    """A worded answer to a break signal; ``reply`` is a code, the sentence stands in the templates."""

    reply: str
    by: str


class BreakSignal(Value, frozen=True):
    """A private "I need a moment"; a settled one is simply gone."""

    seat: str
    strength: Strength
    raised_at: datetime
    state: SignalState = "raised"
    seen_by: str | None = None
    answers: tuple[Answer, ...] = ()
    back_at: datetime | None = None
    overdue: bool = False
    unanswered_since: datetime | None = None  # of a repeated one: saying it again must not start the minute anew
    escalated: bool = False


class BreakoutRequest(Value, frozen=True):
    """A member and (once claimed) a peer supporter on their way to a private room; ended ones are simply gone."""

    id: str
    seat: str
    state: BreakoutState
    asked_at: datetime
    wanted: str | None = None
    offered_by: str | None = None
    supporter: str | None = None
    words: str = ""
    waited: bool = False  # nobody answered for 60 s
    opened_at: datetime | None = None
    over: bool = False  # past the soft limit
    moved_by: str | None = None  # the facilitator whose page takes both into a room of the call itself
    room_given_up: bool = False  # the call did not take them there: no page tries again


class StepCard(Value, frozen=True):
    """One small thing to try, sent by a tech helper."""

    card: str
    done: bool = False


class Facts(Value, frozen=True):
    """What her page could measure, attached only with her consent; empty text and None mean "not measured"."""

    browser: str = ""
    round_trip_ms: int | None = None
    drops: int | None = None
    connection: str = ""
    battery_percent: int | None = None


class HelpTicket(Value, frozen=True):
    """A technical problem; ``opened_at`` is the first time and survives un-taking, re-opening and passing on."""

    id: str
    seat: str
    kind: TicketKind
    opened_at: datetime
    state: TicketState = "open"
    words: str = ""
    by: str = ""  # the facilitator who opened it, SYSTEM after a drop, DOOR, or the seat itself
    helper: str | None = None
    hand_over: str = ""
    steps: tuple[StepCard, ...] = ()
    facts: Facts | None = None
    call_number: str = ""
    alerted: bool = False
    waited_seconds: int | None = None  # until first taken


class Note(Value, frozen=True):
    """A line on the backchannel of one desk."""

    id: str
    desk: Desk
    by: str
    words: str
    at: datetime


class Shared(Value, frozen=True):
    """A prompt (its text) or a guided activity (its name and step) that a facilitator shows to everyone."""

    kind: Literal["prompt", "activity"]
    what: str
    step: int = 0


class InCall(Value, frozen=True):
    """Somebody whom the platform reports in the call; ``person`` is its key for one connection of hers.

    One who is gone is kept, so that a report that comes late brings nobody back. ``hand`` tells one raising of her
    hand from the next: milliseconds as the platform counts them, 0 while it is down.
    """

    person: str
    where: InTheCall
    at: datetime
    seat: str | None = None  # by the reference that she carries, or because a facilitator knows her
    name: str = ""  # as it stands in the call; kept only as long as nobody knows who it is
    hand: int = 0
    ignored: bool = False


class SessionState(Value, frozen=True):
    """The whole live session."""

    id: str
    rules: GroupRules = made(GroupRules)
    phase: Phase = "planned"
    opened_at: datetime | None = None
    started_at: datetime | None = None
    ending_at: datetime | None = None
    closed_at: datetime | None = None
    seats: tuple[Seat, ...] = ()
    queue: Queue = made(Queue)
    signals: tuple[BreakSignal, ...] = ()
    breakouts: tuple[BreakoutRequest, ...] = ()
    tickets: tuple[HelpTicket, ...] = ()
    waits: tuple[int, ...] = ()  # seconds each ticket waited until taken
    notes: tuple[Note, ...] = ()
    part: int = 0
    part_started_at: datetime | None = None
    shared: Shared | None = None
    in_call: tuple[InCall, ...] = ()

    @property
    def speaking(self) -> Turn | None:
        """Who speaks now."""
        return self.queue.line.speaking

    @property
    def spoken(self) -> tuple[str, ...]:
        """Who has been heard, an entry a turn."""
        return self.queue.line.spoken

    @property
    def queue_turn(self) -> int:
        """How often the speaker has changed."""
        return self.queue.turn

    def seat(self, seat_id: str) -> Seat:
        """The seat with this id; Refused("no_such_seat") for any other."""
        for seat in self.seats:
            if seat.id == seat_id:
                return seat
        raise Refused("no_such_seat")

    def alias(self, seat_id: str | None) -> str:
        """The alias of a seat, or nothing where there is no such seat."""
        for seat in self.seats:  # a generator would take three times as long, and this is asked all the time
            if seat.id == seat_id:
                return seat.alias
        return ""

    def with_seat(self, changed: Seat) -> SessionState:
        """This session with one seat replaced by its new value."""
        return replace(self, seats=tuple(changed if seat.id == changed.id else seat for seat in self.seats))

    def signal_of(self, seat_id: str) -> BreakSignal | None:
        """The break signal this seat has raised and not settled."""
        for signal in self.signals:
            if signal.seat == seat_id:
                return signal
        return None

    def breakout_of(self, seat_id: str) -> BreakoutRequest | None:
        """The breakout request made by or offered to this seat."""
        for request in self.breakouts:
            if request.seat == seat_id:
                return request
        return None

    def breakout_with(self, seat_id: str) -> BreakoutRequest | None:
        """The breakout request this supporter has claimed: one at a time."""
        for request in self.breakouts:
            if request.supporter == seat_id:
                return request
        return None

    def ticket_of(self, seat_id: str) -> HelpTicket | None:
        """The help ticket about this seat."""
        for ticket in self.tickets:
            if ticket.seat == seat_id:
                return ticket
        return None


def tell(state: SessionState, seat_id: str | None, code: str, name: str = "") -> SessionState:
    """Leave one sentence for a seat about its own affairs, replacing the one before."""
    seat = next((seat for seat in state.seats if seat.id == seat_id), None)
    if seat is None:
        return state
    count = seat.news.count + 1 if seat.news else 1
    return state.with_seat(replace(seat, news=News(code, name, count)))
