"""Calls that are planned ahead at a platform, places in them, and what is still to be asked of platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

HeldState = Literal["wanted", "made", "gone"]
TaskKind = Literal["make", "change", "cancel", "stop", "end", "register"]
TaskState = Literal["waiting", "sending", "done", "failed"]
TELLING: tuple[TaskKind, ...] = ("register", "end")  # they would tell of people: done, they leave no row
TaskTrouble = Literal["", "down", "credentials", "throttled", "refused", "gone"]


@dataclass(frozen=True, slots=True)
class HeldCall:
    """The call of one session, whose id it has. Its times are those that the platform was told last."""

    id: str
    platform_id: str
    starts_at: datetime
    minutes: int
    ref: str = ""  # the platform's own id; sealed, since it is half of a way in
    state: HeldState = "wanted"


@dataclass(frozen=True, slots=True)
class CallPlace:
    """One person's place in a planned call, with an address that opens it: it goes when the live data goes."""

    id: str  # opaque, from session and seat, so that there is one
    session_id: str
    seat_id: str
    made_at: datetime
    call: str = ""  # the platform's id of the call that it is in: a place in an earlier one is none
    ref: str = ""
    url: str = ""
    adds: int = 0  # on the day of ``made_at``: platforms count how often one person is added


@dataclass(frozen=True, slots=True)
class CallTask:
    """Something to be asked of a platform. Its id says what, so that it is there once; ``argument`` is sealed."""

    id: str
    platform_id: str
    session_id: str
    what: TaskKind
    due_at: datetime
    posted_at: datetime
    argument: str = ""  # cancel, stop: the platform's id of the call; end: the room; register: the seat
    state: TaskState = "waiting"
    attempts: int = 0
    tried_at: datetime | None = None
    trouble: TaskTrouble = ""
    problem: str = ""  # in words of our own
