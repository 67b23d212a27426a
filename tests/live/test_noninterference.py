"""X10: two evenings that differ only in one member's private acts give every other member byte-identical traffic.

Two real servers serve two copies of one data folder. On both the same public acts are pressed; on the first, one member
(and the staff who answer her) also does private things. Every frame that reaches the other members is compared byte for
byte, with its place in the order, and the pages they could read instead.
"""

from __future__ import annotations

import os
import re
import shutil
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.model import GroupRules, Role
from tests.live.evening import Served, Way, at_noon, free_port, lean_on, prepare
from tests.live.wire import Wire

EVENINGS = int(os.environ.get("COMPANION_EVENINGS", "24"))
CAST: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("peer_supporter", "Noor"),
    ("tech_helper", "Kit"),
    ("member", "Wren"),
    ("member", "Ash"),
    ("member", "Fern"),
)
OTHERS = ("Ash", "Fern")

Step = tuple[str, str, dict[str, Any]]  # who, command, fields; a field "@Wren" is the id of Wren's seat

PUBLIC: tuple[Step, ...] = (
    ("Wren", "request_turn", {}),
    ("Wren", "withdraw_turn", {}),
    ("Ash", "request_turn", {"reply": True}),
    ("Ash", "request_turn", {}),
    ("Ash", "not_yet", {}),
    ("Fern", "request_turn", {"note": "a word"}),
    ("Fern", "withdraw_turn", {}),
    ("Sol", "invite_to_speak", {"seat": "@Ash", "turn": "now"}),
    ("Sol", "invite_to_speak", {"seat": "@Wren", "turn": "now"}),
    ("Sol", "finish_turn", {"turn": "now"}),
    ("Sol", "put_back_first", {"turn": "now"}),
    ("Sol", "set_asking", {"asking": "last_turns"}),
    ("Sol", "set_asking", {"asking": "open"}),
    ("Sol", "pause_room", {}),
    ("Sol", "resume_room", {}),
    ("Sol", "share_prompt", {"prompt": 0}),
    ("Sol", "stop_sharing", {}),
    ("Noor", "go_on_duty", {}),
    ("Noor", "go_off_duty", {}),
    ("Ash", "raise_break_signal", {"strength": "few_minutes"}),
    ("Fern", "open_ticket", {"kind": "no_picture"}),
)
PRIVATE: tuple[Step, ...] = (
    ("Wren", "raise_break_signal", {"strength": "cannot_talk"}),
    ("Wren", "raise_break_signal", {"strength": "few_minutes", "minutes": 5}),
    ("Wren", "raise_break_signal", {"strength": "check_on_me"}),
    ("Wren", "settle_break_signal", {}),
    ("Sol", "see_break_signal", {"seat": "@Wren"}),
    ("Sol", "answer_break_signal", {"seat": "@Wren", "reply": "here_for_you"}),
    ("Sol", "offer_breakout", {"seat": "@Wren"}),
    ("Wren", "request_breakout", {}),
    ("Wren", "request_breakout", {"wanted": "@Noor"}),
    ("Noor", "claim_breakout", {"request": "hers"}),
    ("Wren", "accept_breakout", {}),
    ("Wren", "finish_breakout", {}),
    ("Wren", "withdraw_breakout", {}),
    ("Wren", "open_ticket", {"kind": "cannot_hear", "words": "no sound at all"}),
    ("Kit", "take_ticket", {"ticket": "hers"}),
    ("Kit", "send_step", {"ticket": "hers", "step": "unmute"}),
    ("Kit", "ask_if_solved", {"ticket": "hers"}),
    ("Kit", "pass_to_care", {"ticket": "hers"}),
    ("Wren", "confirm_ticket", {"works": True}),
    ("Wren", "call_me", {"on_file": True}),
    ("Wren", "share_facts", {"browser": "an old one", "round_trip_ms": 900}),
    ("Wren", "choose_how", {"how": "text"}),
    ("Wren", "choose_vanish_plan", {"plan": "call_me"}),
    ("Sol", "write_note", {"desk": "care", "words": "please look after Wren"}),
    ("Wren", "drop", {}),
    ("Wren", "return", {}),
)


@dataclass(slots=True)
class Evening:
    """One session on one of the two servers, with everybody connected."""

    served: Served
    ways: dict[str, Way]
    wires: dict[str, Wire]
    taps: int = 0

    def press(self, step: Step) -> None:
        who, command, fields = step
        if command == "drop":
            self.wires["Wren"].close()
            self.wires["Wren"].until(lambda: self.wires["Wren"].closed, "the end of the connection")
            return
        if command == "return":
            self.wires["Wren"].close()
            self.wires["Wren"] = self.served.connect(self.ways["Wren"])
            return
        if who == "Wren" and self.wires["Wren"].closed:
            # A public act happens in both evenings, so she comes back for it.
            self.wires["Wren"] = self.served.connect(self.ways["Wren"])
        self.wires[who].tap(command, **self._filled(who, fields))

    def settle(self) -> None:
        for alias, wire in self.wires.items():
            if not wire.closed:
                wire.whole()
            elif alias != "Wren":
                raise AssertionError(f"{alias} was cut")

    def close(self) -> None:
        for wire in self.wires.values():
            wire.close()

    def _filled(self, who: str, fields: dict[str, Any]) -> dict[str, Any]:
        filled = dict(fields)
        for name, value in fields.items():
            if isinstance(value, str) and value.startswith("@"):
                filled[name] = self.ways[value[1:]].seat_id
            elif value == "now":
                filled[name] = self._view(who, "queue")["turn"]
            elif value == "hers":
                filled[name] = self._id_of_hers(who, name)
        return filled

    def _id_of_hers(self, who: str, name: str) -> str:
        region, rows = ("one_to_ones", "requests") if name == "request" else ("tickets", "tickets")
        found = [row[name] for row in self._view(who, region)[rows] if row["alias"] == "Wren"]
        return found[0] if found else "there-is-none"

    def _view(self, who: str, region: str) -> Any:
        return self.wires[who].whole()["views"][region]


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two servers on two copies of one folder, and the evenings in it, each to be used once."""
    folder = tmp_path_factory.mktemp("twins")
    first, second, clock = folder / "first", folder / "second", folder / "clock"
    clock.write_text(at_noon().isoformat())
    port = free_port()
    deps = lean_on(first, port)
    moods: tuple[GroupRules, ...] = tuple(
        GroupRules(others_see=seen, prompts=("What helps you?",), turn_seconds=120)  # type: ignore[arg-type]
        for seen in ("speaker", "line", "nothing")
    )
    evenings = [prepare(deps, CAST, rules=moods[number % 3]) for number in range(EVENINGS + 1)]
    deps.store.dispose()  # type: ignore[attr-defined]
    shutil.copytree(first, second)
    with Served(first, port, clock=clock) as one, Served(second, clock=clock) as other:
        yield one, other, iter(evenings[1:]), clock, evenings[0]


steps = st.lists(
    st.one_of(
        st.sampled_from([("public", step) for step in PUBLIC]), st.sampled_from([("private", step) for step in PRIVATE])
    ),
    min_size=6,
    max_size=24,
)


@settings(
    max_examples=EVENINGS // 2,  # the rest is there for Hypothesis to shrink with
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    report_multiple_bugs=False,
)
@given(pressed=steps)
def test_other_members_cannot_tell_whether_it_happened(twins: Any, pressed: list[tuple[str, Step]]) -> None:
    one, other, evenings, clock, _ = twins
    ways = next(evenings, None)
    if ways is None:
        return  # Hypothesis may shrink for longer than there are evenings: what it has found stands
    with_her, without = _open(one, ways), _open(other, ways)
    for number, (kind, step) in enumerate(pressed):
        clock.write_text((at_noon() + timedelta(seconds=20 * number)).isoformat())
        with_her.press(step)
        if kind == "public":
            without.press(step)
    with_her.settle()
    without.settle()
    for alias in OTHERS:
        assert with_her.wires[alias].frames == without.wires[alias].frames, f"{alias} could tell: {pressed}"
        assert _page(one, ways[alias]) == _page(other, ways[alias]), f"{alias}'s page could tell"
    with_her.close()
    without.close()


def _open(served: Served, ways: dict[str, Way]) -> Evening:
    forms = {"Sol": "json", "Noor": "json", "Kit": "json"}
    wires = {alias: served.connect(way, form=forms.get(alias, "html")) for alias, way in ways.items()}
    return Evening(served, ways, wires)


def _page(served: Served, way: Way) -> str:
    request = urllib.request.Request(f"{served.address}/here", headers={"Cookie": way.cookie})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        page = answer.read().decode()
    return re.sub(r'(name="tap" value|data-tap)="[^"]*"', "", page)  # fresh for every page of every person


def test_the_comparison_can_see_a_difference(twins: Any) -> None:
    one, other, _, clock, ways = twins
    clock.write_text(at_noon().isoformat())
    with_her, without = _open(one, ways), _open(other, ways)

    with_her.press(("Wren", "raise_break_signal", {"strength": "check_on_me"}))
    with_her.settle()
    without.settle()

    told = {alias for alias in ways if with_her.wires[alias].frames != without.wires[alias].frames}
    assert told == {"Wren", "Sol"}
    with_her.close()
    without.close()
