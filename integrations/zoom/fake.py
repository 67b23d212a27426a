"""A Zoom that exists nowhere, with calls and people that a test can read, and troubles that it can order."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import (
    Attendee,
    BadReport,
    CallDown,
    CallEvent,
    CallPlan,
    Entry,
    Hook,
    HookReply,
    Quiet,
    Registered,
    Room,
)

SIGNED = "X-Fake-Signature"


@dataclass
class FakeCall:
    """One call that was planned."""

    plan: CallPlan
    state: str = "waiting"  # then started, and ended
    people: dict[str, Attendee] = field(default_factory=dict)  # by the reference that register gave


class FakeZoom(Quiet):
    """Implements ports.MeetingAdapter and ports.Planner. ``troubles`` are raised first, one for each request."""

    name = "zoom"

    def __init__(self) -> None:
        self.calls: dict[str, FakeCall] = {}
        self.troubles: list[CallDown] = []
        self.made = 0

    def begin(self, ref: str) -> None:
        """The host opens it."""
        self.calls[ref].state = "started"

    def hook(self, event: CallEvent, at: datetime) -> Hook:
        """The request by which it reports this."""
        body = json.dumps(asdict(event) | {"at": event.at.isoformat()}).encode()
        return Hook("https://here.invalid/hooks/calls/p1", {SIGNED: "right"}, body, at)

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """None, as at Zoom: calls are planned, and pairs have none."""
        return None

    def watched(self) -> str:
        """Its interface."""
        return "https://zoom.invalid/users"

    def check(self) -> str:
        """Nothing is wrong with it."""
        return ""

    def try_out(self) -> None:
        """It answers, unless a trouble is ordered."""
        self._trouble()

    def receive(self, hook: Hook) -> HookReply:
        """What ``hook`` made."""
        if hook.headers.get(SIGNED) != "right":
            raise BadReport("forged")
        try:
            event = CallEvent(**json.loads(hook.body))
            return HookReply((replace(event, at=datetime.fromisoformat(str(event.at))),))
        except (ValueError, TypeError):
            raise BadReport("malformed") from None

    def make(self, plan: CallPlan, now: datetime) -> str:
        """One with the same key is found again."""
        self._trouble()
        known = next((ref for ref, call in self.calls.items() if call.plan.key == plan.key), "")
        if known:
            return known
        self.made += 1
        ref = str(85000000000 + self.made)
        self.calls[ref] = FakeCall(plan)
        return ref

    def change(self, ref: str, plan: CallPlan, now: datetime) -> None:
        """Move it; its key stays."""
        call = self._call(ref)
        call.plan = replace(plan, key=call.plan.key)

    def cancel(self, ref: str, now: datetime) -> None:
        """It is gone."""
        self._trouble()
        self.calls.pop(ref, None)

    def stop(self, ref: str, now: datetime) -> None:
        """Everybody is out."""
        self._trouble()
        call = self.calls.get(ref)
        if call is not None and call.state == "started":
            call.state = "ended"

    def register(self, ref: str, who: Attendee, now: datetime) -> Registered:
        """The same place for the same person, and the address of nobody else."""
        self._call(ref).people[_place(who)] = who
        return Registered(_place(who), f"https://zoom.invalid/w/{ref}?tk={_place(who)}")

    def host_entry(self, ref: str, now: datetime) -> Entry | None:
        """The host's address, until somebody begins."""
        call = self._call(ref)
        address = f"https://zoom.invalid/s/{ref}?zak=host"
        return Entry(address, now + timedelta(hours=2)) if call.state == "waiting" else None

    def _call(self, ref: str) -> FakeCall:
        self._trouble()
        if ref not in self.calls:
            raise CallDown("Zoom knows no such call", "gone")
        return self.calls[ref]

    def _trouble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


def _place(who: Attendee) -> str:
    return f"place-{who.ref}"
