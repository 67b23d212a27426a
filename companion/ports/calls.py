"""Where the call is: one adapter a platform. What it is told is opaque or a chosen alias, no person's name.

Raised hands and breakout rooms are known to browsers alone on every platform we know, so our own queue and requests
are the truth, and whatever a platform reports is a hint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from companion.ports.texts import Hook
from companion.ports.troubles import BadReport
from companion.records import Group, Platform

CallEventKind = Literal["started", "ended", "joined", "left", "waiting", "admitted", "room_joined", "room_left"]
Trouble = Literal["down", "credentials", "throttled", "refused", "gone"]


class CallDown(Exception):
    """The platform could not be asked, or said no. Nothing of what it said is kept."""

    def __init__(self, problem: str, trouble: Trouble = "down", retry_at: datetime | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.trouble = trouble
        self.retry_at = retry_at  # not before then, where the platform said so


@dataclass(frozen=True, slots=True)
class Room:
    """One call. ``ref`` is the same for all who meet in it, and nobody else can work it out."""

    ref: str
    private: bool  # for the two of a one-to-one
    within: str = ""  # the call that it is a breakout room of, where the group wants it so


@dataclass(frozen=True, slots=True)
class Attendee:
    """Who comes: ``ref`` is opaque and fits one seat of one session; the alias is what others see in the call."""

    ref: str
    alias: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """The way in. Without a time it opens for as long as what it leads to is there."""

    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallEvent:
    """What a platform reports. Late, doubled and out of order is usual: ``once`` tells an event from its copy.

    ``call`` is our own reference of the room, or the platform's id of a call that was planned there; ``person`` is its
    key for one person's connection; ``who`` the reference by which we know her (``Attendee.ref``, or what ``register``
    gave), empty where it has none.
    """

    kind: CallEventKind
    call: str
    once: str
    at: datetime
    person: str = ""
    who: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class HookReply:
    """What to answer to a platform's request, and what it reported."""

    events: tuple[CallEvent, ...] = ()
    body: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """One person's place in a planned call: the platform's reference of it, and her own address."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A call to be planned ahead. ``key`` is opaque, and finds it again where an answer was lost."""

    key: str
    starts_at: datetime
    minutes: int


class MeetingAdapter(Protocol):
    """Holds the calls of one group."""

    name: str
    embeds: str  # the origin of pages that may stand beside a panel, such as https://meet.example.org; empty: none may
    ends: bool  # whether a room can be ended from here

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """The way in for one person; None: there is no call. Raises CallDown."""

    def watched(self) -> str:
        """The https address that has to answer before people come; empty: there is none."""

    def check(self) -> str:
        """What is wrong with its settings, as a code; empty: nothing that can be seen from here."""

    def try_out(self) -> None:
        """Ask it something that changes nothing, where it answers such. Raises CallDown."""

    def end(self, room: Room) -> None:
        """Put everybody out of it; one that is over already is no trouble. Raises CallDown."""

    def receive(self, hook: Hook) -> HookReply:
        """What this request reports, once it is certain that the platform sent it. Raises BadReport."""


@runtime_checkable
class Planner(Protocol):
    """A platform whose calls are made ahead, with a place in them for each person. All of it may raise CallDown."""

    def make(self, plan: CallPlan, now: datetime) -> str:
        """Plan it and return the platform's id; one with the same key that is there already is returned."""

    def change(self, ref: str, plan: CallPlan, now: datetime) -> None:
        """Move it."""

    def cancel(self, ref: str, now: datetime) -> None:
        """It will not be; one that is gone already is no trouble."""

    def stop(self, ref: str, now: datetime) -> None:
        """Put everybody out of it; one that is over already is no trouble."""

    def register(self, ref: str, who: Attendee, now: datetime) -> Registered:
        """A place for one person, with an address of her own."""

    def host_entry(self, ref: str, now: datetime) -> Entry | None:
        """The way in that begins the call as its host; None once somebody has begun it."""


@runtime_checkable
class Framed(Protocol):
    """A platform whose page speaks with the page around it, once it is told so in its address."""

    def framed(self, entry: Entry) -> Entry:
        """The same way in, for a frame that stands beside a panel."""


class Program(Protocol):
    """A platform's own program, which shows our pages beside a call to whoever has added our app there."""

    def opened_in(self, sealed: str, now: datetime) -> str:
        """Its key of the call in which a page of ours is opened; empty: outside one. Raises BadReport."""

    def holds(self, call: str, now: datetime) -> bool:
        """Whether this call of its goes on now and is one of ours. Raises CallDown."""

    def added(self, code: str, back: str) -> None:
        """Finish adding our app for somebody who was sent ``back`` with this code. Raises CallDown."""


class Calls(Protocol):
    """Knows which adapter holds the calls of a group."""

    def of(self, group: Group) -> MeetingAdapter:
        """The adapter of the platform that the group chose, or of a plain address."""

    def on(self, platform: Platform) -> MeetingAdapter:
        """The adapter of one platform."""

    def program(self, platform: Platform) -> Program | None:
        """The platform's own program, if an app of ours is known there."""


class Quiet:
    """For platforms that report nothing, end nothing and stand beside no panel."""

    embeds = ""
    ends = False

    def end(self, room: Room) -> None:
        """It ends when everybody has gone."""

    def receive(self, hook: Hook) -> HookReply:
        """Nobody can have anything to report."""
        raise BadReport("forged")
