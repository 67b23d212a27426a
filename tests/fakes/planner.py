"""A platform whose calls are planned ahead, in memory: it checks what real ones check, and counts what it was asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from companion.core.values import replace
from companion.ports import Attendee, CallDown, CallPlan, Entry, MeetingAdapter, Quiet, Registered, Room
from companion.records import Group, Platform
from companion.service import platforms
from integrations.link.adapter import LinkMeetings

A_DAY = 3  # times that it adds the same person


@dataclass
class Meeting:
    """One call as the platform keeps it."""

    ref: str
    plan: CallPlan
    people: dict[str, Registered] = field(default_factory=dict)
    begun: bool = False
    stopped: bool = False


class FakePlanner(Quiet):
    """Implements ports.MeetingAdapter and ports.Planner.

    ``trouble`` is raised instead of an answer; ``after`` is called when something was done and before it is answered,
    so that an answer can be lost.
    """

    name = "planner"

    def __init__(self) -> None:
        self.meetings: dict[str, Meeting] = {}
        self.gone: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.trouble: CallDown | None = None
        self.after: Callable[[str], None] = lambda what: None
        self._adds: Counter[tuple[str, str, str]] = Counter()
        self._numbers = count(81000000001)
        self._lock = threading.Lock()

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        return None

    def watched(self) -> str:
        return "https://planner.invalid"

    def check(self) -> str:
        return ""

    def try_out(self) -> None:
        self._begin("try_out", "")

    def make(self, plan: CallPlan, now: datetime) -> str:
        self._begin("make", plan.key)
        with self._lock:
            found = next((one for one in self.meetings.values() if one.plan.key == plan.key), None)
            if found is None:
                found = Meeting(str(next(self._numbers)), plan)
                self.meetings[found.ref] = found
        self.after("make")
        return found.ref

    def change(self, ref: str, plan: CallPlan, now: datetime) -> None:
        self._begin("change", ref)
        self._meeting(ref).plan = plan
        self.after("change")

    def cancel(self, ref: str, now: datetime) -> None:
        self._begin("cancel", ref)
        if self.meetings.pop(ref, None) is not None:
            self.gone.append(ref)
        self.after("cancel")

    def stop(self, ref: str, now: datetime) -> None:
        self._begin("stop", ref)
        if ref in self.meetings:
            self.meetings[ref].stopped = True
        self.after("stop")

    def register(self, ref: str, who: Attendee, now: datetime) -> Registered:
        self._begin("register", ref)
        meeting = self._meeting(ref)
        self._adds[(ref, who.ref, f"{now:%Y%m%d}")] += 1
        if self._adds[(ref, who.ref, f"{now:%Y%m%d}")] > A_DAY:
            raise CallDown("somebody was added too often", "throttled")
        made = meeting.people.setdefault(
            who.ref, Registered(f"r-{who.ref}", f"https://planner.invalid/{ref}/{who.ref}")
        )
        self.after("register")
        return made

    def host_entry(self, ref: str, now: datetime) -> Entry | None:
        self._begin("host_entry", ref)
        return None if self._meeting(ref).begun else Entry(f"https://planner.invalid/{ref}/host")

    def times(self, what: str) -> int:
        """How often it was asked for something."""
        return sum(1 for asked, _ in self.asked if asked == what)

    def _begin(self, what: str, of: str) -> None:
        self.asked.append((what, of))
        if self.trouble is not None:
            raise self.trouble

    def _meeting(self, ref: str) -> Meeting:
        if ref not in self.meetings:
            raise CallDown("there is no such call", "gone")
        return self.meetings[ref]


class FakeEnding(Quiet):
    """Implements ports.MeetingAdapter: rooms that can be ended."""

    name = "ending"
    ends = True

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.trouble: CallDown | None = None

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        return Entry(f"https://ending.invalid/{room.ref}")

    def watched(self) -> str:
        return "https://ending.invalid"

    def check(self) -> str:
        return ""

    def try_out(self) -> None:
        return None

    def end(self, room: Room) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.ended.append(room.ref)


class SeveralCalls:
    """Implements ports.Calls: each account has a platform of its own."""

    def __init__(self) -> None:
        self.by_account: dict[str, MeetingAdapter] = {}

    def of(self, group: Group) -> MeetingAdapter:
        settings = group.settings
        link = LinkMeetings(settings.call_link, settings.private_call_link, "jitsi.invalid")
        return self.by_account.get(settings.platform, link)

    def on(self, platform: Platform) -> MeetingAdapter:
        return self.by_account[platform.id]


def on_platforms(world: Any) -> SeveralCalls:
    """Give a world platforms of its own; its group is on none of them yet."""
    calls = SeveralCalls()
    world.deps = replace(world.deps, calls=calls)
    return calls


def account(world: Any, name: str, adapter: MeetingAdapter) -> Platform:
    """An account on a platform."""
    made = Platform(name, "jitsi", name, f"https://{name}.invalid", "account", "secret", world.clock())
    world.store.shelf(Platform).put(made)
    world.deps.calls.by_account[name] = adapter
    return made


def with_planner(world: Any) -> FakePlanner:
    """The group of this world has its calls planned on one platform."""
    on_platforms(world)
    planner = FakePlanner()
    account(world, "planner", planner)
    platforms.choose(world.deps, world.group.id, "planner")
    return planner
