"""The server is killed at random moments under load: every acknowledged tap is there, exactly once, and no number goes
back. COMPANION_KILLS says how often (10 in the suite, 200 at night).
"""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websocket

from companion.service.deps import Deps
from tests.live.evening import Served, Way, free_port, lean_on, prepare, session_of

KILLS = int(os.environ.get("COMPANION_KILLS", "10"))
STAFF_DESK = {"facilitator": "care", "peer_supporter": "care", "tech_helper": "tech"}
TAPS_A_CYCLE = 9  # below the limit of ten in ten seconds, which a restart forgets


@dataclass(slots=True)
class Person:
    """Somebody who taps away: what she sent, and what she was told had been kept."""

    way: Way
    sent: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    highest: int = 0

    def tap_away(self, served: Served, cycle: int, stop: threading.Event) -> None:
        try:
            wire = served.connect(self.way)
            for number in range(TAPS_A_CYCLE):
                if stop.is_set():
                    break
                tap_id = f"cycle{cycle}-{self.way.alias}-{number}"
                name, fields = self._choose(tap_id, number)
                self.sent[tap_id] = (name, fields)
                if wire.tap(name, tap_id, **fields)["ok"]:
                    self.acknowledged.add(tap_id)
            self.highest = max([self.highest, *(panel["number"] for panel in wire.panels())])
            wire.close()
        except (OSError, AssertionError, websocket.WebSocketException):
            return  # killed: what was not acknowledged is sent again later

    def send_again(self, served: Served) -> None:
        wire = served.connect(self.way)
        for tap_id, (name, fields) in self.sent.items():
            if tap_id not in self.acknowledged:
                assert wire.tap(name, tap_id, **fields) == {"ok": True}
                self.acknowledged.add(tap_id)
        assert wire.panels()[0]["number"] >= self.highest, "a panel number went back after a crash"
        wire.close()

    def _choose(self, tap_id: str, number: int) -> tuple[str, dict[str, Any]]:
        desk = STAFF_DESK.get(self.way.role)
        if desk:
            return "write_note", {"desk": desk, "words": tap_id}
        if number % 3 == 0:
            return "raise_break_signal", {"strength": "few_minutes"}
        return ("request_turn", {"note": tap_id}) if number % 3 == 1 else ("withdraw_turn", {})


def test_every_acknowledged_tap_survives_a_kill_exactly_once(tmp_path: Path) -> None:
    port = free_port()
    deps = lean_on(tmp_path, port)
    ways = prepare(deps)
    dice = random.Random()  # noqa: S311 - not for secrets
    people = [Person(way) for way in ways.values()]
    session_id = session_of(deps, ways["Sol"])
    served = Served(tmp_path, port)
    acknowledged = cut_short = 0
    try:
        for cycle in range(KILLS):
            served.start()
            unsure = _load_and_kill(served, people, cycle, dice)
            cut_short += unsure
            before = sum(len(person.acknowledged) for person in people)
            _check(deps, session_id, people)
            served.start()
            for person in people:
                person.send_again(served)
            served.stop()
            _check(deps, session_id, people)
            _check_notes(deps, session_id, people)
            acknowledged += before
            for person in people:
                person.sent.clear()
                person.acknowledged.clear()
    finally:
        served.stop()
    print(f"{KILLS} kills, {acknowledged} taps acknowledged before one, {cut_short} in the air at one: none lost")
    assert acknowledged > 0


def _load_and_kill(served: Served, people: list[Person], cycle: int, dice: random.Random) -> int:
    stop = threading.Event()
    threads = [threading.Thread(target=person.tap_away, args=(served, cycle, stop)) for person in people]
    for thread in threads:
        thread.start()
    # Not before the load has begun, however busy the machine is; then at any moment of it.
    deadline = time.monotonic() + 10
    while not any(person.acknowledged for person in people) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(dice.uniform(0.0, 0.5))
    served.kill()
    stop.set()
    for thread in threads:
        thread.join(timeout=30)
    return sum(1 for person in people for tap_id in person.sent if tap_id not in person.acknowledged)


def _check(deps: Deps, session_id: str, people: list[Person]) -> None:
    for person in people:
        for tap_id in person.acknowledged:
            kept = deps.store.seen_tap(session_id, person.way.seat_id, tap_id)
            assert kept is not None, f"{tap_id} was acknowledged and is not there"


def _check_notes(deps: Deps, session_id: str, people: list[Person]) -> None:
    saved = deps.store.load(session_id)
    assert saved is not None
    written = [note.words for note in saved.state.notes]
    for person in people:
        for tap_id, (name, _) in person.sent.items():
            if name == "write_note":
                assert written.count(tap_id) == 1, f"{tap_id} had its effect {written.count(tap_id)} times"
