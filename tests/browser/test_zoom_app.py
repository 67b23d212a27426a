"""A panel inside the Zoom client and Zoom's own library in a real browser: hands, people, what she is in the call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

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


# Hands and people


def test_the_library_is_asked_in_the_order_that_zoom_wants_and_nothing_is_refused(evening: Evening) -> None:
    sol = evening.inside()

    evening.waits(sol, lambda: evening.called("P-SOL"), "the facilitator herself")

    assert evening.client.asked[0] == "config"
    assert evening.client.refused == []
    mine = evening.called("P-SOL")
    assert mine is not None
    assert (mine.seat, mine.where) == (evening.seat("Sol"), "call")
    assert sol.problems == []


def test_a_hand_in_zoom_stands_in_the_queue_and_goes_with_the_hand(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)

    evening.client.raises("P-WREN", 1_780_000_000)
    evening.stands(sol, "Wren")
    evening.client.raises("P-WREN", 1_780_000_000)  # told twice, as it happens
    evening.client.lowers("P-WREN")
    evening.stands_no_more(sol, "Wren")

    assert evening.line() == []
    assert sol.problems == []


def test_another_sign_is_no_hand_and_takes_none_away(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)
    evening.client.raises("P-WREN", 1_780_000_000)
    evening.stands(sol, "Wren")

    evening.client.raises("P-WREN", 1_780_000_009, "yes")
    evening.client.lowers("P-WREN")
    evening.client.raises("P-NOOR", 1_780_000_010, "slowDown")
    evening.client.raises("P-SOL", 1_780_000_011)
    evening.waits(sol, lambda: (one := evening.called("P-SOL")) and one.hand, "a later hand")

    assert evening.line() == ["Wren", "Sol"]


def test_at_her_turn_she_is_asked_to_unmute_once_and_no_hand_of_anybody_is_lowered(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)
    evening.client.raises("P-WREN", 1_780_000_000)
    evening.stands(sol, "Wren")

    sol.press("start_next_turn")
    evening.waits(sol, lambda: evening.client.asked_to_unmute, "being asked")
    evening.tap("Ash", "request_turn")
    evening.stands(sol, "Ash")
    sol.page.reload()
    evening.connected(sol, pages=2)
    sol.page.wait_for_timeout(500)

    assert evening.client.asked_to_unmute == ["P-WREN"]
    assert not [name for name in evening.client.asked if "FeedbackReaction" in name]
    assert evening.called("P-WREN").hand  # type: ignore[union-attr]


def test_a_hand_that_went_down_after_the_page_was_loaded_anew_is_down(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)
    evening.client.raises("P-WREN", 1_780_000_000)
    evening.stands(sol, "Wren")
    sol.page.reload()
    evening.connected(sol, pages=2)
    evening.stands(sol, "Wren")

    evening.client.lowers("P-WREN")

    evening.stands_no_more(sol, "Wren")


def test_what_zoom_tells_while_our_own_line_is_cut_is_told_once_it_is_back(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)
    sol.context.set_offline(True)
    sol.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    evening.client.raises("P-WREN", 1_780_000_000)
    evening.client.joins("P-ASH", "Ash")
    sol.page.wait_for_timeout(700)
    sol.context.set_offline(False)
    sol.page.evaluate("window.dispatchEvent(new Event('online'))")

    evening.waits(sol, lambda: (one := evening.called("P-WREN")) and one.hand, "the hand")
    evening.waits(sol, lambda: evening.called("P-ASH"), "who came")
    assert evening.line() == ["Wren"]


def test_people_come_and_go_and_strangers_are_asked_about(evening: Evening) -> None:
    sol = evening.inside()
    evening.connected(sol)

    evening.client.joins("P-FERN", "Fern's phone")
    sol.sees("call", "Fern's phone")
    evening.client.leaves("P-FERN")
    sol.sees_no("call", "Fern's phone")
    evening.client.leaves("P-WREN")
    # The page leaves half of what the server takes in ten seconds to her own presses, so this may be the next ten.
    expect(sol.page.locator("[data-region=call]")).to_contain_text("No longer in the call", timeout=3 * PATIENCE)

    assert evening.called("P-WREN").where == "gone"  # type: ignore[union-attr]


# What she is in the call


def test_whoever_is_a_participant_reads_it_on_her_own_page_and_nothing_of_hosts_is_tried(evening: Evening) -> None:
    evening.client.role = evening.client.people["P-SOL"].role = "attendee"
    sol = evening.inside()
    rae = evening.sits("Rae")

    expect(sol.page.locator("[data-note=guest]")).to_be_visible(timeout=PATIENCE)
    evening.client.raises("P-WREN", 1_780_000_000)
    evening.stands(sol, "Wren")

    assert evening.client.refused == []
    assert "getMeetingParticipants" not in evening.client.asked
    expect(rae.page.locator("#in-zoom")).to_have_count(0)
    assert sol.page.locator("[data-note=guest]").count() == 1


def test_a_participant_who_is_made_co_host_sees_people_without_doing_anything(evening: Evening) -> None:
    evening.client.role = evening.client.people["P-SOL"].role = "attendee"
    sol = evening.inside()
    expect(sol.page.locator("[data-note=guest]")).to_be_visible(timeout=PATIENCE)
    evening.client.people["P-ASH"] = Someone("Ash")

    evening.client.becomes("coHost")

    sol.sees("call", "Ash")
    expect(sol.page.locator("[data-note=guest]")).to_be_hidden()
    assert evening.client.asked.count("config") == 2
    assert evening.client.refused == []
    evening.client.becomes("attendee")
    expect(sol.page.locator("[data-note=guest]")).to_be_visible(timeout=PATIENCE)
    assert evening.called("P-ASH").where == "call"  # type: ignore[union-attr]
