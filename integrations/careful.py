"""A platform that is away keeps nobody waiting: few ask it at once, and after a failure nobody does for a while.

Whoever opens a call waits in a thread that taps need too. So a dead platform holds eight of the twenty for some
seconds, once in half a minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from companion.ports import (
    Attendee,
    CallDown,
    CallPlan,
    Entry,
    Hook,
    HookReply,
    MeetingAdapter,
    Planner,
    Registered,
    Room,
)

T = TypeVar("T")
AT_ONCE = 8
PATIENCE = 1.0  # seconds until one of the others has its answer
PAUSE = 30.0  # seconds


class Breaker:
    """What is known of one platform on this node."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._shut_until = 0.0

    def guard(self, ask: Callable[[], T]) -> T:
        """Ask, unless it failed a moment ago or enough others are asking. Raises CallDown."""
        if self._clock() < self._shut_until:
            raise CallDown("it did not answer a moment ago")
        if not self._free.acquire(timeout=PATIENCE):
            raise CallDown("many are asking it just now", "throttled")
        try:
            return ask()
        except CallDown as down:
            if down.trouble not in ("refused", "gone"):
                self._shut_until = self._clock() + PAUSE
            raise
        finally:
            self._free.release()


def around(meetings: MeetingAdapter, breaker: Breaker) -> MeetingAdapter:
    """A careful one, which is a ports.Planner as well where the other is."""
    return CarefulPlanner(meetings, meetings, breaker) if isinstance(meetings, Planner) else Careful(meetings, breaker)


class Careful:
    """Implements ports.MeetingAdapter around another."""

    def __init__(self, meetings: MeetingAdapter, breaker: Breaker) -> None:
        self._meetings, self._breaker = meetings, breaker
        self.name, self.embeds, self.ends = meetings.name, meetings.embeds, meetings.ends

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """The way in, or at once that there is none."""
        return self._breaker.guard(lambda: self._meetings.entry(room, who, now))

    def watched(self) -> str:
        """The other's."""
        return self._meetings.watched()

    def check(self) -> str:
        """The other's."""
        return self._meetings.check()

    def try_out(self) -> None:
        """The other's, now."""
        self._meetings.try_out()

    def end(self, room: Room) -> None:
        """The other's, or at once that it cannot be done."""
        self._breaker.guard(lambda: self._meetings.end(room))

    def receive(self, hook: Hook) -> HookReply:
        """The other's: what it says to us asks nothing of it."""
        return self._meetings.receive(hook)


class CarefulPlanner(Careful):
    """Implements ports.Planner too: what plans a call and what opens one wait for the same platform."""

    def __init__(self, meetings: MeetingAdapter, planner: Planner, breaker: Breaker) -> None:
        super().__init__(meetings, breaker)
        self._planner = planner

    def make(self, plan: CallPlan, now: datetime) -> str:
        """The other's, or at once that it cannot be done."""
        return self._breaker.guard(lambda: self._planner.make(plan, now))

    def change(self, ref: str, plan: CallPlan, now: datetime) -> None:
        """The other's, or at once that it cannot be done."""
        self._breaker.guard(lambda: self._planner.change(ref, plan, now))

    def cancel(self, ref: str, now: datetime) -> None:
        """The other's, or at once that it cannot be done."""
        self._breaker.guard(lambda: self._planner.cancel(ref, now))

    def stop(self, ref: str, now: datetime) -> None:
        """The other's, or at once that it cannot be done."""
        self._breaker.guard(lambda: self._planner.stop(ref, now))

    def register(self, ref: str, who: Attendee, now: datetime) -> Registered:
        """The other's, or at once that it cannot be done."""
        return self._breaker.guard(lambda: self._planner.register(ref, who, now))

    def host_entry(self, ref: str, now: datetime) -> Entry | None:
        """The other's, or at once that it cannot be done."""
        return self._breaker.guard(lambda: self._planner.host_entry(ref, now))
