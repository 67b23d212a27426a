"""Where the call is: one adapter a platform. What it is told is opaque or a chosen alias, no person's name.

Raised hands and breakout rooms are known to browsers alone on every platform we know, so our own queue and requests
are the truth, and whatever a platform reports is a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from companion.records import Group, Platform

Trouble = Literal["down", "credentials", "throttled", "refused"]


class CallDown(Exception):
    """The platform could not be asked, or said no. Nothing of what it said is kept."""

    def __init__(self, problem: str, trouble: Trouble = "down") -> None:
        super().__init__(problem)
        self.problem = problem
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Room:
    """One call. ``ref`` is the same for all who meet in it, and nobody else can work it out."""

    ref: str
    private: bool  # for the two of a one-to-one


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


class MeetingAdapter(Protocol):
    """Holds the calls of one group."""

    name: str

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """The way in for one person; None: there is no call. Raises CallDown."""

    def watched(self) -> str:
        """The https address that has to answer before people come; empty: there is none."""

    def check(self) -> str:
        """What is wrong with its settings, as a code; empty: nothing that can be seen from here."""

    def try_out(self) -> None:
        """Ask it something that changes nothing, where it answers such. Raises CallDown."""


class Calls(Protocol):
    """Knows which adapter holds the calls of a group."""

    def of(self, group: Group) -> MeetingAdapter:
        """The adapter of the platform that the group chose, or of a plain address."""

    def on(self, platform: Platform) -> MeetingAdapter:
        """The adapter of one platform."""
