"""A facilitator's panel inside the Zoom client: Zoom's own library in a real browser, and a client that plays fair."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from companion.core import commands as c
from companion.core.callers import in_call
from companion.core.model import BreakoutRequest, GroupRules, InCall
from companion.service.calls import ref_of
from tests.browser.people import PATIENCE, Person
from tests.browser.sitting import House, Sitting, until
from tests.browser.zoom_client import AROUND, Someone, ZoomClient

pytestmark = pytest.mark.browser

RULES = GroupRules(call_rooms=True)
LONG = 30_000  # milliseconds: a page tells what it notices at an easy pace
ZOOM = "https://zoom.us/wc/1/meeting"


class Evening(Sitting):
    """A session whose call is at Zoom, where Wren and Noor are known by what Zoom reported of them."""

    def __init__(self, house: House) -> None:
        super().__init__(house, rules=RULES)
        self.client = ZoomClient()
        for alias in ("Wren", "Noor"):
            self.comes(alias)

    def comes(self, alias: str) -> None:
        """Into the call: Zoom reports her with our own reference, under the key by which its client knows her."""
        self.client.people[key(alias)] = Someone(alias)
        caller = ref_of(self.house.deps, self.session_id, self.seat(alias))
        self.perform(c.NoticeCaller(key(alias), "call", caller, alias, self.house.clock.now))

    def inside(self, alias: str = "Sol") -> Person:
        """Her panel inside Zoom: by the page that Zoom opens."""
        who = self.stranger(alias)
        self.client.around(who.context)
        self.client.shows(who.page)
        who.page.goto(f"{self.house.address}/zoom")
        self.opens(who)
        return who

    def called(self, person: str) -> InCall | None:
        return in_call(self.state(), person)

    def pair(self, alias: str = "Wren", supporter: str = "Noor") -> BreakoutRequest:
        """A one-to-one that is open."""
        if not any(seat.on_duty for seat in self.state().seats if seat.id == self.seat(supporter)):
            self.tap(supporter, "go_on_duty")
        self.tap(alias, "request_breakout")
        (mine,) = [one for one in self.state().breakouts if one.seat == self.seat(alias)]
        self.tap(supporter, "claim_breakout", request=mine.id)
        self.tap(alias, "accept_breakout")
        return mine

    def given_up(self) -> bool:
        return all(one.moved_by is None and one.room_given_up for one in self.state().breakouts)

    def stands(self, who: Person, alias: str) -> None:
        """In the line, on a facilitator's page."""
        expect(who.page.locator(f"#place-more-{self.seat(alias)}")).to_be_attached(timeout=LONG)

    def stands_no_more(self, who: Person, alias: str) -> None:
        expect(who.page.locator(f"#place-more-{self.seat(alias)}")).to_have_count(0, timeout=LONG)

    def line(self) -> list[str]:
        """Who waits to speak, by alias."""
        state = self.state()
        return [state.alias(place.seat) for place in state.queue.line.places]

    def connected(self, who: Person, pages: int = 1) -> None:
        """Her page listens to Zoom, and has done so since each of this many times that it was loaded."""
        self.waits(who, lambda: self.client.asked.count("getMeetingUUID") >= pages, "the client")
        who.page.wait_for_timeout(200)

    def waits(self, who: Person, met: Callable[[], Any], what: str) -> None:
        until(met, what, who.page, patience=LONG)


def key(alias: str) -> str:
    return f"P-{alias.upper()}"


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


# Rooms


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


# Where there is no Zoom, or something else speaks


def test_in_a_plain_browser_nothing_changes_for_her(evening: Evening) -> None:
    sol = evening.stranger("Sol")
    sol.page.goto(f"{evening.house.address}/zoom")
    evening.opens(sol)
    sol.page.wait_for_timeout(500)
    evening.tap("Wren", "request_turn")

    evening.stands(sol, "Wren")
    sol.press("start_next_turn")
    evening.stands_no_more(sol, "Wren")
    evening.pair()
    sol.sees("one_to_ones", "Wren")

    expect(sol.page.locator("#in-zoom [data-note]:visible")).to_have_count(0)
    assert sol.problems == []


def test_without_the_library_the_panel_goes_on(evening: Evening) -> None:
    sol = evening.stranger("Sol")
    sol.page.route("**/zoom-appssdk*", lambda route: route.abort())
    sol.page.goto(f"{evening.house.address}/zoom")
    evening.opens(sol)

    evening.tap("Wren", "request_turn")
    evening.stands(sol, "Wren")
    sol.press("start_next_turn")
    evening.stands_no_more(sol, "Wren")


def test_only_a_facilitators_page_asks_for_the_library(evening: Evening) -> None:
    asked: list[str] = []
    for alias in ("Wren", "Noor", "Kit"):
        who = evening.stranger(alias)
        who.page.goto(f"{evening.house.address}/zoom")
        who.page.on("request", lambda request: asked.append(request.url))
        evening.opens(who)
    rae = evening.stranger("Rae")
    rae.page.on("request", lambda request: asked.append(request.url))
    evening.opens(rae)
    rae.page.wait_for_timeout(300)

    assert [url for url in asked if "zoom" in url] == []


def test_messages_that_are_not_the_clients_change_nothing(evening: Evening) -> None:
    sol = evening.inside()
    evening.waits(sol, lambda: evening.called("P-SOL"), "the client")
    before = evening.state()

    raised = {"participantUUID": "P-WREN", "timestamp": 1, "feedback": "raiseHand"}
    forged = {"type": "event", "name": "onFeedbackReaction", "data": raised}
    sol.page.evaluate("said => { postMessage(said, '*'); postMessage(JSON.stringify(said), '*'); }", forged)
    evening.client.send(
        [
            {"type": "event", "name": "onFeedbackReaction", "data": None},
            {"type": "event", "name": "onFeedbackReaction", "data": {"participantUUID": {}, "feedback": "raiseHand"}},
            {"type": "event", "name": "onRemoveFeedbackReaction", "data": {}},
            {"type": "event", "name": "onNothingWeKnow", "data": {}},
            {"type": "apiResponse", "data": {"jsCallId": "none of ours", "result": {}}},
            {"type": "something"},
        ]
    )
    sol.page.wait_for_timeout(700)

    assert evening.state().queue == before.queue
    assert evening.state().in_call == before.in_call
    assert sol.problems == []


# The page that Zoom opens, in a frame of Zoom's own page


@pytest.fixture
def client() -> ZoomClient:
    return ZoomClient()


def framed(browser: Browser, house: House, client: ZoomClient, around: str, path: str) -> Page:
    """Zoom in a browser shows one of our pages in a frame, and is shut off from other sites as the real one is."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE)
    client.around(context, framed=True)
    context.grant_permissions(["local-network-access"])  # or the browser itself refuses a frame of this machine
    page = context.new_page()
    html = f"<!doctype html><title>Meeting</title><iframe src='{house.address}{path}'></iframe>"
    headers = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
    page.route(around, lambda route: route.fulfill(body=html, content_type="text/html", headers=headers))
    page.add_init_script(AROUND)
    page.goto(around)
    return page


def test_in_a_frame_of_zooms_it_says_how_to_go_on_in_her_own_browser(
    browser: Browser, house: House, client: ZoomClient
) -> None:
    page = framed(browser, house, client, ZOOM, "/zoom")
    inner = page.frame_locator("iframe")

    expect(inner.locator("ol.line li")).to_have_count(4)
    until(lambda: client.granted, "the library", page)
    inner.locator("#own-browser").click()
    until(lambda: client.opened, "the browser", page)

    assert client.opened == [f"{house.address}/desk"]
    assert page.context.cookies(house.address) == []
    expect(inner.locator("form[action='/zoom']")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(
    ("around", "path"), [("https://elsewhere.example/", "/zoom"), (ZOOM, "/here"), (ZOOM, "/desk/in"), (ZOOM, "/")]
)
def test_no_other_site_frames_it_and_zoom_frames_no_other_page(
    browser: Browser, house: House, client: ZoomClient, around: str, path: str
) -> None:
    page = framed(browser, house, client, around, path)
    page.wait_for_timeout(300)

    (inner,) = page.frames[1:]
    assert inner.url.startswith("chrome-error:")
    page.context.close()
