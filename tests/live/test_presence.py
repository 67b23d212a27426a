"""Dropped, reloaded and back again: what shows when, to whom, and what a killed server leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from companion.core.model import Seat
from companion.core.values import replace
from companion.service import presence
from companion.service.deps import Deps
from tests.live.evening import Served, free_port, lean_on, prepare, session_of
from tests.live.watched import Hands, Watched, eventually
from tests.live.wire import Wire


@dataclass
class Meeting:
    """A served session with a clock to turn."""

    watched: Watched
    hands: Hands

    def seat(self, alias: str = "Wren") -> Seat:
        return self.watched.saved().state.seat(self.watched.ways[alias].seat_id)

    def present(self, alias: str = "Wren") -> bool:
        way = self.watched.ways[alias]
        return bool(self.watched.deps.store.present([(session_of(self.watched.deps, way), way.seat_id)]))

    def open(self, alias: str = "Wren") -> Wire:
        wire = self.watched.served.connect(self.watched.ways[alias], form="json")
        eventually(lambda: self.present(alias), "a note of the connection")
        return wire

    def until_dropped(self, alias: str = "Wren") -> None:
        eventually(lambda: self.seat(alias).dropped_at is not None, "a drop")

    def views(self, alias: str) -> Any:
        return self.watched.wires[alias].whole()["views"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Deps, Hands]]:
    """A server with a clock to turn."""
    data, port = tmp_path_factory.mktemp("presence"), free_port()
    hands = Hands(data / "clock")
    deps = replace(lean_on(data, port), clock=hands)
    with Served(data, port, clock=hands.file) as served:
        yield served, deps, hands


@pytest.fixture
def meeting(house: tuple[Served, Deps, Hands]) -> Iterator[Meeting]:
    """A session in which everybody's page is open, but for Wren's."""
    served, deps, hands = house
    ways = prepare(deps)
    watched = Watched.open(served, deps, {alias: way for alias, way in ways.items() if alias != "Wren"})
    watched.ways = ways
    yield Meeting(watched, hands)
    watched.close()


def test_a_reload_is_no_drop(meeting: Meeting) -> None:
    wire = meeting.open()
    before = meeting.seat()

    for _ in range(3):
        wire.close()
        meeting.hands.turn(4)
        wire = meeting.open()
    eventually(lambda: meeting.seat().dropped_at is None, "her return")
    meeting.hands.turn(120)

    assert meeting.views("Sol")["now"]["alerts"] == []
    assert replace(meeting.seat(), drops=0) == replace(before, drops=0)
    wire.close()


def test_a_page_closed_at_once_does_not_count_for_ever(meeting: Meeting) -> None:
    for _ in range(8):
        meeting.watched.served.connect(meeting.watched.ways["Wren"]).close()

    meeting.until_dropped()
    eventually(lambda: not meeting.present(), "nobody there")


def test_a_lost_connection_shows_to_those_who_can_help_and_to_nobody_else(meeting: Meeting) -> None:
    wire = meeting.open()
    members = {alias: meeting.watched.wires[alias] for alias in ("Ash", "Fern")}
    before = {alias: member.whole() for alias, member in members.items()}
    wire.close()
    meeting.until_dropped()

    meeting.hands.turn(14)
    assert _who_sees_her_lost(meeting) == set()

    meeting.hands.turn(2)
    eventually(lambda: meeting.seat().lost, "the mark of a lost connection")
    assert _who_sees_her_lost(meeting) == {"Sol", "Rae", "Kit"}
    assert meeting.views("Kit")["tickets"]["tickets"] == []

    meeting.hands.turn(45)
    ticket = eventually(lambda: meeting.watched.saved().state.ticket_of(meeting.seat().id), "a ticket by itself")
    assert (ticket.kind, ticket.by) == ("thrown_out", "system")
    (shown,) = meeting.views("Kit")["tickets"]["tickets"]
    assert (shown["alias"], shown["after_drop"], shown["lost"]) == ("Wren", True, True)
    assert "Wren" not in str(meeting.views("Noor"))

    back = meeting.open()
    eventually(lambda: meeting.watched.saved().state.ticket_of(meeting.seat().id) is None, "the end of the ticket")
    assert (meeting.seat().dropped_at, meeting.seat().lost, meeting.seat().state) == (None, False, "seated")
    assert _who_sees_her_lost(meeting) == set()
    for alias, member in members.items():
        assert member.whole() == before[alias], f"{alias} could tell"
        assert all(panel["whole"] for panel in member.panels()), f"{alias} was told something"
    back.close()


def test_nothing_of_hers_is_lost_by_a_drop(meeting: Meeting) -> None:
    wire = meeting.open()
    assert wire.tap("request_turn", note="mine")["ok"]
    assert wire.tap("raise_break_signal", strength="check_on_me")["ok"]
    before = wire.whole()["views"]
    wire.drop()
    meeting.until_dropped()
    meeting.hands.turn(20)
    eventually(lambda: meeting.seat().lost, "the mark of a lost connection")

    back = meeting.open()

    assert {name: view for name, view in back.whole()["views"].items() if name != "news"} == {
        name: view for name, view in before.items() if name != "news"
    }
    back.close()


def test_several_pages_are_one_person(meeting: Meeting) -> None:
    wires = [meeting.open() for _ in range(3)]

    for wire in wires[:2]:
        wire.close()
        meeting.hands.turn(30)
    wires[2].whole()
    assert meeting.seat().dropped_at is None
    assert meeting.seat().drops == 0

    wires[2].close()
    meeting.until_dropped()
    assert meeting.seat().drops == 1


def test_a_form_counts_as_being_here(meeting: Meeting) -> None:
    for _ in range(3):
        assert meeting.watched.post("Wren", "choose_how", {"how": "text"}).status_code == 303
        assert meeting.watched.get("Wren").status_code == 200
        meeting.hands.turn(presence.FORM_SECONDS - 10)
        _another_node_looks(meeting)
        assert (meeting.present(), meeting.seat().dropped_at) == (True, None)

    meeting.hands.turn(20)
    _another_node_looks(meeting)

    assert meeting.present() is False
    assert meeting.seat().dropped_at is not None
    assert meeting.watched.post("Wren", "choose_how", {"how": "audio"}).status_code == 303
    assert meeting.watched.get("Wren").status_code == 200
    assert (meeting.present(), meeting.seat().dropped_at) == (True, None)


def test_a_page_with_script_takes_over_from_forms(meeting: Meeting) -> None:
    assert meeting.watched.get("Wren").status_code == 200
    wire = meeting.open()

    wire.close()

    meeting.until_dropped()
    assert meeting.present() is False


def test_a_killed_server_leaves_nobody_connected(meeting: Meeting) -> None:
    wire = meeting.open()
    meeting.watched.served.kill()
    wire.until(lambda: wire.closed, "the end of the connection")
    assert meeting.present(), "nobody was there to see her off"

    meeting.watched.served.start()

    meeting.until_dropped()
    assert not meeting.present()
    back = meeting.open()
    eventually(lambda: meeting.seat().dropped_at is None, "her return")
    back.close()


def test_a_killed_server_that_never_comes_back_stops_counting(meeting: Meeting) -> None:
    meeting.open()
    meeting.watched.served.kill()

    meeting.hands.turn(presence.SOCKET_SECONDS - 1)
    _another_node_looks(meeting)
    assert meeting.seat().dropped_at is None
    meeting.hands.turn(2)
    _another_node_looks(meeting)

    assert not meeting.present()
    assert meeting.seat().dropped_at is not None
    meeting.watched.served.start()


def _who_sees_her_lost(meeting: Meeting) -> set[str]:
    seen = set()
    for alias in ("Sol", "Rae", "Kit", "Noor", "Ash", "Fern"):
        views = meeting.views(alias)
        alerts = [alert["kind"] for alert in views.get("now", {}).get("alerts", []) if alert["alias"] == "Wren"]
        listed = [person["alias"] for person in views.get("tickets", {}).get("lost", [])]
        if "lost" in alerts or "Wren" in listed:
            seen.add(alias)
    return seen


def _another_node_looks(meeting: Meeting) -> None:
    presence.keep_alive(meeting.watched.deps, "another-node")
