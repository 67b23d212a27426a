"""The panel inside the Zoom client: pairs go into quiet rooms of the call by their own yes, and come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from companion.core import commands as c
from companion.service.calls import ref_of
from tests.browser.people import PATIENCE
from tests.browser.sitting import House
from tests.browser.zoom_client import Someone
from tests.browser.zooming import Evening

pytestmark = pytest.mark.browser


@pytest.fixture
def evening(house: House) -> Iterator[Evening]:
    begun = Evening(house)
    yield begun
    begun.close()


def test_a_pair_goes_into_a_quiet_room_by_their_own_yes_and_comes_back(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)

    evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both being asked")

    assert evening.client.open
    assert sorted(evening.client.rooms.values()) == ["Quiet room 1", "Quiet room 2"]
    assert evening.client.settings["allowParticipantsChooseRoom"] is False
    assert evening.client.settings["automaticallyMoveParticipantsIntoRooms"] is False
    assert set(evening.client.assigned()) == {"P-WREN", "P-NOOR"}
    assert len(set(evening.client.assigned().values())) == 1
    evening.client.accepts("P-WREN")
    evening.client.accepts("P-NOOR")
    evening.waits(sol, lambda: evening.called("P-NOOR").where == "room", "being out")  # type: ignore[union-attr]
    sol.sees_no("call", "No longer")

    evening.tap("Wren", "finish_breakout")
    evening.waits(sol, lambda: not evening.client.assigned(), "being back")
    assert evening.client.in_rooms() == {}
    assert evening.client.open, "kept open for the next pair"
    assert evening.client.refused == []
    assert sol.problems == []
    evening.waits(sol, lambda: evening.called("P-WREN").where == "call", "the call")  # type: ignore[union-attr]


def test_a_second_pair_has_a_room_of_its_own_and_none_is_made_again(evening: Evening) -> None:
    evening.comes("Ash")
    evening.client.people["P-RAE"] = Someone("Rae")
    caller = ref_of(evening.house.deps, evening.session_id, evening.seat("Rae"))
    evening.perform(c.NoticeCaller("P-RAE", "call", caller, "Rae", evening.house.clock.now))
    sol = evening.inside()
    evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "the first pair")
    evening.client.accepts("P-WREN")

    evening.tap("Rae", "offer_breakout", seat=evening.seat("Ash"))
    evening.tap("Ash", "accept_breakout")
    evening.waits(sol, lambda: len(evening.client.assigned()) == 4, "the second pair")

    where = evening.client.assigned()
    assert where["P-WREN"] == where["P-NOOR"] != where["P-ASH"] == where["P-RAE"]
    assert evening.client.asked.count("createBreakoutRooms") == 1
    assert evening.client.refused == []


def test_whoever_says_no_to_zoom_stays_and_meets_in_the_private_room(evening: Evening) -> None:
    sol = evening.inside()
    mine = evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both being asked")
    evening.client.declines("P-WREN")

    evening.tap("Wren", "give_up_room", request=mine.id)
    evening.waits(sol, lambda: not evening.client.assigned(), "both being left alone")
    sol.page.wait_for_timeout(500)

    assert evening.client.asked.count("assignParticipantToBreakoutRoom") == 4
    assert evening.given_up()
    assert [one.state for one in evening.state().breakouts] == ["open"]


def test_rooms_that_a_host_made_stay_as_they_are(evening: Evening) -> None:
    evening.client.rooms = {"by-hand": "Table 1"}
    sol = evening.inside()

    evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both being asked")

    assert evening.client.rooms["by-hand"] == "Table 1"
    assert sorted(evening.client.rooms.values()) == ["Quiet room 1", "Quiet room 2", "Table 1"]
    assert "createBreakoutRooms" not in evening.client.asked
    assert set(evening.client.assigned().values()) <= {"Quiet room 1", "Quiet room 2"}


def test_where_a_host_has_opened_rooms_of_her_own_the_pair_meets_in_the_private_room(evening: Evening) -> None:
    evening.client.rooms, evening.client.open = {"by-hand": "Table 1"}, True
    sol = evening.inside()

    evening.pair()
    evening.waits(sol, evening.given_up, "giving up")

    assert evening.client.rooms == {"by-hand": "Table 1"}
    assert evening.client.assigned() == {}
    assert evening.client.refused == []


def test_a_room_that_somebody_else_enters_at_the_same_moment_is_given_up(evening: Evening) -> None:
    evening.client.people["P-ASH"] = Someone("Ash")
    sol = evening.inside()

    def another_page_is_as_quick(name: str, data: dict[str, Any]) -> None:
        if name == "assignParticipantToBreakoutRoom" and data.get("uuid"):
            evening.client.people["P-ASH"].assigned = data["uuid"]

    evening.client.beforehand = another_page_is_as_quick
    evening.pair()
    evening.waits(sol, evening.given_up, "giving up")
    evening.waits(sol, lambda: set(evening.client.assigned()) <= {"P-ASH"}, "leaving the room to the other")

    assert sol.problems == []


def test_where_zoom_does_not_say_who_is_in_a_room_nobody_is_sent_into_one(evening: Evening) -> None:
    evening.client.role = evening.client.people["P-SOL"].role = "coHost"
    evening.client.tells_cohosts = False
    sol = evening.inside()

    evening.pair()
    evening.waits(sol, evening.given_up, "giving up")

    assert evening.client.assigned() == {}


def test_a_page_loaded_anew_finds_its_pair_where_it_is_and_brings_it_back(evening: Evening) -> None:
    sol = evening.inside()
    evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both being asked")
    evening.client.accepts("P-WREN")
    evening.client.accepts("P-NOOR")
    before = evening.client.in_rooms()

    sol.page.reload()
    evening.connected(sol, pages=2)
    evening.waits(sol, lambda: evening.called("P-NOOR").where == "room", "being out")  # type: ignore[union-attr]
    sol.page.wait_for_timeout(1000)
    assert evening.client.in_rooms() == before
    assert evening.client.asked.count("assignParticipantToBreakoutRoom") == 2

    evening.tap("Noor", "finish_breakout")
    evening.waits(sol, lambda: not evening.client.assigned(), "being back")
    assert evening.client.refused == []


def test_whoever_was_left_in_a_room_while_the_page_was_away_is_brought_back(evening: Evening) -> None:
    sol = evening.inside()
    evening.pair()
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both being asked")
    evening.client.accepts("P-WREN")
    evening.client.accepts("P-NOOR")
    sol.page.goto("about:blank")
    evening.tap("Wren", "finish_breakout")
    assert evening.client.in_rooms()

    evening.opens(sol)
    evening.waits(sol, lambda: not evening.client.assigned(), "being back")

    assert evening.client.in_rooms() == {}


def test_a_facilitator_goes_into_the_room_herself_and_nobody_is_taken_for_gone(evening: Evening) -> None:
    evening.comes("Ash")
    sol = evening.inside()
    evening.connected(sol)
    evening.tap("Sol", "offer_breakout", seat=evening.seat("Ash"))
    evening.tap("Ash", "accept_breakout")
    evening.waits(sol, lambda: len(evening.client.assigned()) == 2, "both")
    evening.client.accepts("P-ASH")
    evening.client.leaves("P-NOOR")
    sol.page.wait_for_timeout(700)

    assert evening.client.in_rooms() == {evening.client.assigned()["P-SOL"]: ["P-SOL", "P-ASH"]}
    assert {one.where for one in evening.state().in_call} <= {"call", "room"}

    evening.tap("Ash", "finish_breakout")
    evening.waits(sol, lambda: not evening.client.in_rooms(), "being back")
    evening.waits(sol, lambda: evening.called("P-NOOR").where == "gone", "news")  # type: ignore[union-attr]


def test_an_older_client_says_how_a_host_does_it_by_hand_and_only_while_somebody_waits(evening: Evening) -> None:
    evening.client.lacks = ("openBreakoutRooms", "assignParticipantToBreakoutRoom")
    sol = evening.inside()
    evening.connected(sol)
    steps = sol.page.locator("[data-note=by-hand]")
    expect(steps).to_be_hidden()

    evening.pair()
    expect(steps).to_be_visible(timeout=PATIENCE)
    expect(steps).to_contain_text(re.compile("Breakout Rooms.*Assign", re.DOTALL))
    evening.tap("Wren", "finish_breakout")
    expect(steps).to_be_hidden(timeout=PATIENCE)

    assert evening.client.refused == []
