"""The call of a Jitsi server beside a facilitator's panel: hands, one-to-ones, troubles, and what must never leak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Frame, Locator, expect

from companion.core import commands as c
from companion.core.model import GroupRules
from companion.records import Platform
from companion.service import calls, platforms
from tests.browser.meeting import SECRET, Meeting, Someone
from tests.browser.people import PATIENCE, Person
from tests.browser.sitting import House, Sitting, until

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 800}
ROOMS = GroupRules(call_rooms=True)


class Evening(Sitting):
    """A session whose group has an account of a Jitsi server."""

    def __init__(self, house: House, rules: GroupRules | None = None, *, account: bool = True) -> None:
        super().__init__(house, rules=rules)
        self.meeting = Meeting(lambda: house.clock.now)
        deps = house.deps
        if account:
            ours = Platform(
                deps.fresh_id(), "jitsi", "Ours", self.meeting.origin, "companion", SECRET, deps.clock() - timedelta(1)
            )
            deps.store.shelf(Platform).put(ours)
            planned = deps.store.session(self.session_id)
            assert planned is not None
            platforms.choose(deps, planned.group_id, ours.id)

    def beside(self, alias: str = "Sol") -> Person:
        """A facilitator with the call beside her panel, in the call."""
        who = self.wide(alias)
        until(lambda: alias in self.meeting.main(), f"{alias} in the call", who.page)
        self.hears(who)
        return who

    def wide(self, alias: str = "Sol") -> Person:
        who = self.stranger(alias)
        who.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.opens(who)
        who.page.goto(f"{self.house.address}/here/wide")
        expect(who.page.locator("html.js")).to_be_attached(timeout=PATIENCE)
        return who

    def hears(self, who: Person) -> None:
        """Everything that the call has told her page by now has been told on."""
        until(lambda: who.alias in in_call(self), f"{who.alias} is known to be in the call", who.page)

    def joins(self, alias: str) -> Someone:
        """A member comes into the call by her own device."""
        return self.meeting.joins(alias, calls.ref_of(self.house.deps, self.session_id, self.seat(alias)))

    def close(self) -> None:
        super().close()
        self.meeting.close()


@pytest.fixture
def evening(house: House) -> Iterator[Evening]:
    begun = Evening(house, ROOMS)
    yield begun
    begun.close()


def in_call(evening: Evening) -> dict[str, str]:
    """Who is in the call by what the server knows, and where."""
    state = evening.state()
    return {state.alias(one.seat) or one.name: one.where for one in state.in_call if one.where != "gone"}


def line(evening: Evening) -> list[str]:
    state = evening.state()
    return [state.alias(place.seat) for place in state.queue.line.places]


def places(who: Person) -> Locator:
    """The names in the line on her panel."""
    return who.page.locator('[data-region="queue"] .places .place-name')


def the_frame(who: Person) -> Frame:
    return next(frame for frame in who.page.frames if frame.parent_frame is not None)


def pair(evening: Evening) -> None:
    """Wren and Noor agree on a one-to-one."""
    evening.perform(c.GoOnDuty(), by=evening.seat("Noor"))
    evening.tap("Wren", "request_breakout")
    request = evening.state().breakouts[0].id
    evening.tap("Noor", "claim_breakout", request=request)
    evening.tap("Wren", "accept_breakout")


# Hands


def test_a_hand_in_the_call_stands_in_the_line_on_both_facilitators_panels(evening: Evening) -> None:
    rae = evening.sits("Rae")
    sol = evening.beside()
    wren = evening.joins("Wren")

    evening.meeting.raises(wren)

    for who in (sol, rae):
        expect(places(who)).to_have_text(["Wren"], timeout=PATIENCE)
    evening.meeting.lowers(wren)
    for who in (sol, rae):
        expect(places(who)).to_have_count(0, timeout=PATIENCE)
    assert sol.problems == []


def test_her_own_tap_stays_when_her_hand_goes_down(evening: Evening) -> None:
    evening.beside()
    wren = evening.joins("Wren")
    evening.tap("Wren", "request_turn")

    evening.meeting.raises(wren)
    until(lambda: any(one.hand for one in evening.state().in_call), "the hand")
    evening.meeting.lowers(wren)
    until(lambda: not any(one.hand for one in evening.state().in_call), "the hand down")

    assert line(evening) == ["Wren"]


def test_whose_turn_it_is_is_asked_once_to_unmute_in_the_call(evening: Evening) -> None:
    sol = evening.beside()
    wren = evening.joins("Wren")
    evening.meeting.raises(wren)
    until(lambda: line(evening) == ["Wren"], "in the line", sol.page)

    sol.press("start_next_turn")

    until(lambda: evening.meeting.asked, "asked to unmute", sol.page)
    evening.meeting.lowers(wren)
    sol.page.reload()
    until(lambda: len(evening.meeting.addresses) == 2 and "Sol" in evening.meeting.main(), "back in the call", sol.page)
    sol.page.wait_for_timeout(1500)
    assert evening.meeting.asked == [wren.number]
    assert line(evening) == []


def test_somebody_without_our_reference_is_shown_by_the_name_in_the_call(evening: Evening) -> None:
    sol = evening.beside()

    stranger = evening.meeting.joins("iPad of somebody")

    sol.sees("call", "iPad of somebody")
    evening.meeting.leaves(stranger)
    sol.sees_no("call", "iPad of somebody")


def test_a_release_without_references_still_tells_names_and_hands(evening: Evening) -> None:
    evening.meeting.older = True
    sol = evening.beside()
    wren = evening.joins("Wren")
    evening.meeting.raises(wren)

    sol.sees("call", "Wren")
    evening.perform(c.MatchCaller(wren.number, evening.seat("Wren")), by=evening.seat("Sol"))
    until(lambda: line(evening) == ["Wren"], "the hand asks", sol.page)


# One-to-ones


def test_a_pair_is_taken_into_one_room_of_the_call_and_brought_back(evening: Evening) -> None:
    sol, rae = evening.beside("Sol"), evening.beside("Rae")
    evening.joins("Wren")
    evening.joins("Noor")
    until(lambda: {"Wren", "Noor"} <= set(in_call(evening)), "both in the call", sol.page)

    pair(evening)

    until(lambda: list(evening.meeting.breakouts().values()) == [{"Wren", "Noor"}], "one room with both", sol.page)
    until(lambda: in_call(evening).get("Wren") == "room", "known to be in a room", sol.page)
    name = next(iter(evening.meeting.breakouts()))
    assert all(alias not in name for alias in ("Wren", "Noor"))
    assert sorted(evening.meeting.moves) == [("Noor", name), ("Wren", name)]
    sol.sees_no("call", "No longer in the call")

    evening.tap("Wren", "finish_breakout")
    until(lambda: {"Wren", "Noor"} <= evening.meeting.main(), "both back", sol.page)
    until(lambda: evening.meeting.breakouts() == {}, "the room is closed", sol.page, patience=30_000)
    until(lambda: in_call(evening).get("Noor") == "call", "known to be back", sol.page)
    assert evening.meeting.refused == []
    assert (sol.problems, rae.problems) == ([], [])


def test_a_page_that_is_loaded_anew_finds_its_room_again_and_makes_no_second(evening: Evening) -> None:
    sol = evening.beside()
    evening.joins("Wren")
    evening.joins("Noor")
    until(lambda: {"Wren", "Noor"} <= set(in_call(evening)), "both in the call", sol.page)
    pair(evening)
    until(lambda: list(evening.meeting.breakouts().values()) == [{"Wren", "Noor"}], "one room with both", sol.page)

    sol.page.reload()
    until(lambda: len(evening.meeting.addresses) == 2 and "Sol" in evening.meeting.main(), "back in the call", sol.page)
    sol.page.wait_for_timeout(2000)
    assert list(evening.meeting.breakouts().values()) == [{"Wren", "Noor"}]

    evening.tap("Noor", "finish_breakout")
    until(lambda: evening.meeting.breakouts() == {}, "the room is closed", sol.page, patience=30_000)


def test_where_the_call_makes_no_room_they_keep_their_own(evening: Evening) -> None:
    sol = evening.beside()
    evening.joins("Wren")
    evening.joins("Noor")
    until(lambda: {"Wren", "Noor"} <= set(in_call(evening)), "both in the call", sol.page)
    evening.meeting._add_breakout_room = lambda name: None  # type: ignore[method-assign]

    pair(evening)

    until(
        lambda: evening.state().breakouts and evening.state().breakouts[0].room_given_up,
        "given up",
        sol.page,
        patience=30_000,
    )
    assert evening.state().breakouts[0].moved_by is None


# What is lost and what is not


def test_a_frame_that_loads_itself_anew_loses_and_doubles_nothing(evening: Evening) -> None:
    sol = evening.beside()
    wren, ash, fern = evening.joins("Wren"), evening.joins("Ash"), evening.joins("Fern")
    evening.meeting.raises(wren)
    evening.meeting.raises(fern)
    until(lambda: line(evening) == ["Wren", "Fern"], "both hands", sol.page)

    the_frame(sol).evaluate("location.reload()")
    until(lambda: len(evening.meeting.addresses) == 2, "loaded anew", sol.page)
    evening.meeting.lowers(wren)
    evening.meeting.raises(ash)

    until(lambda: line(evening) == ["Fern", "Ash"], "told again", sol.page, patience=20_000)
    hands = [one for one in evening.state().in_call if one.hand]
    assert len(hands) == 2
    assert sol.problems == []


def test_what_the_call_tells_while_the_socket_is_away_is_told_afterwards(evening: Evening) -> None:
    sol = evening.beside()
    wren, ash = evening.joins("Wren"), evening.joins("Ash")
    until(lambda: {"Wren", "Ash"} <= set(in_call(evening)), "both in the call", sol.page)
    sol.page.context.route("**/socket.io/**", lambda route: route.abort())
    evening.house.served.stop()

    evening.meeting.raises(wren)
    evening.meeting.lowers(wren)
    evening.meeting.raises(wren)
    evening.meeting.raises(ash)
    sol.page.wait_for_timeout(500)
    evening.house.served.start()
    sol.page.context.unroute("**/socket.io/**")

    until(lambda: sorted(line(evening)) == ["Ash", "Wren"], "both hands", sol.page, patience=30_000)


def test_somebody_who_leaves_the_call_is_missed_on_the_panel(evening: Evening) -> None:
    sol = evening.beside()
    wren = evening.joins("Wren")
    until(lambda: "Wren" in in_call(evening), "in the call", sol.page)

    evening.meeting.leaves(wren)

    sol.sees("call", "No longer in the call")


def test_a_trouble_with_her_connection_is_one_ticket_that_the_tech_helper_sees(evening: Evening) -> None:
    kit = evening.sits("Kit")
    sol = evening.beside()

    for _ in range(3):
        evening.meeting.event("Sol", {"name": "peer-connection-failure", "isP2P": False, "wasConnected": True})
    evening.meeting.event("Sol", {"name": "peer-connection-failure", "isP2P": True, "wasConnected": False})

    kit.sees("tickets", "Sol")
    sol.page.wait_for_timeout(500)
    assert [(ticket.seat, ticket.kind) for ticket in evening.state().tickets] == [
        (evening.seat("Sol"), "frozen_or_slow")
    ]


def test_a_call_that_broke_for_good_comes_back_by_a_fresh_way_in(evening: Evening) -> None:
    sol = evening.beside()
    evening.house.clock.turn(minutes=4)  # the first way in opens nothing any more

    evening.meeting.event("Sol", {"name": "error-occurred", "error": {"name": "connection.dropped", "isFatal": True}})

    until(lambda: len(evening.meeting.addresses) == 2, "another way in", sol.page)
    until(lambda: "Sol" in evening.meeting.main(), "back in the call", sol.page)
    assert evening.meeting.refused == []
    assert evening.meeting.addresses[0] != evening.meeting.addresses[1]


# Who may speak to the page


def test_a_message_from_elsewhere_or_from_another_window_is_ignored(evening: Evening) -> None:
    sol = evening.beside()
    lie = """(name) => {
      const data = { name, id: "22bbb222", displayName: "Liar" };
      const params = { type: "event", data };
      const said = { postis: true, scope: "jitsi_meet_external_api_1", method: "message", params };
      postMessage(JSON.stringify(said), "*");
    }"""

    sol.page.evaluate(lie, "participant-joined")
    sol.page.evaluate(
        """(address) => {
          const other = document.createElement("iframe");
          other.src = address;
          document.body.append(other);
        }""",
        f"{evening.meeting.origin}/liar",
    )
    sol.page.wait_for_timeout(1000)
    evening.joins("Wren")
    until(lambda: "Wren" in in_call(evening), "a true one", sol.page)

    assert set(in_call(evening)) == {"Sol", "Wren"}


# Leaving, hiding, ending


def test_hide_ends_the_call_at_once_and_coming_back_brings_her_back_into_it(evening: Evening) -> None:
    sol = evening.beside()

    sol.page.click("#hide")
    assert sol.page.locator("iframe").count() == 0
    until(lambda: "Sol" not in evening.meeting.main(), "out of the call", sol.page)

    sol.page.click("#aside-back")
    until(lambda: "Sol" in evening.meeting.main(), "back in the call", sol.page)
    assert sol.page.url.endswith("/here/wide")


def test_leave_ends_the_call_at_once_and_back_brings_nothing_back(evening: Evening) -> None:
    sol = evening.beside()
    sol.page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>weather"))

    frames = sol.page.evaluate(
        "() => { document.getElementById('leave').click(); return document.querySelectorAll('iframe').length; }"
    )

    assert frames == 0
    until(lambda: "Sol" not in evening.meeting.main(), "out of the call", sol.page)
    sol.page.wait_for_url("https://www.bbc.co.uk/**")
    sol.page.go_back()
    sol.page.wait_for_timeout(500)
    assert sol.page.locator("iframe").count() == 0
    assert "Wren" not in sol.page.content()
    assert len(evening.meeting.addresses) == 1


def test_whoever_is_put_out_is_out_of_the_call_as_well(evening: Evening) -> None:
    rae = evening.beside("Rae")

    evening.perform(c.RemoveSeat(evening.seat("Rae")), by=evening.seat("Sol"))

    until(lambda: "Rae" not in evening.meeting.main(), "out of the call", rae.page)
    expect(rae.page.locator("iframe")).to_have_count(0, timeout=PATIENCE)


def test_whoever_hangs_up_in_the_frame_can_come_back_by_a_button(evening: Evening) -> None:
    sol = evening.beside()

    evening.meeting.event("Sol", {"name": "video-conference-left"})
    evening.meeting.event("Sol", {"name": "video-ready-to-close"})
    expect(sol.page.locator("#beside-now")).to_have_text("You are not in the call now.", timeout=PATIENCE)
    until(lambda: "Sol" not in in_call(evening), "known to be out", sol.page)
    sol.page.click("#beside-again")

    until(lambda: "Sol" in evening.meeting.main(), "back in the call", sol.page)


def test_a_page_that_starts_over_comes_back_to_the_call(evening: Evening) -> None:
    sol = evening.beside()

    evening.tap("Sol", "choose_language", language="cy")

    expect(sol.page.locator("html[lang=cy]")).to_be_attached(timeout=PATIENCE)
    assert sol.page.url.endswith("/here/wide")
    until(lambda: len(evening.meeting.addresses) == 2, "in the call again", sol.page)


# What must never leak


def test_no_way_in_stands_in_the_page_its_history_or_a_referer(evening: Evening) -> None:
    sol = evening.beside()
    token = evening.meeting.addresses[0].split("jwt=")[1]

    assert token.count(".") == 2
    assert "jwt" not in sol.page.content()
    assert token not in sol.page.content()
    assert sol.page.evaluate("history.length") <= 3
    assert evening.meeting.referers == []
    assert (
        sol.page.evaluate("performance.getEntriesByType('resource').filter((one) => one.name.includes('jwt')).length")
        == 0
    )
    assert sol.problems == []


def test_camera_and_microphone_are_lent_to_the_call_alone(evening: Evening) -> None:
    sol = evening.beside()
    allowed = "(names) => names.map((name) => document.featurePolicy.allowsFeature(name))"
    names = ["camera", "microphone", "display-capture", "autoplay"]

    assert the_frame(sol).evaluate(allowed, names) == [True] * 4
    assert sol.page.evaluate("document.featurePolicy.allowsFeature('geolocation')") is False
    sandbox = sol.page.locator("iframe").get_attribute("sandbox") or ""
    assert "top" not in sandbox


def test_a_group_whose_call_cannot_stand_there_has_a_button_in_its_place(house: House) -> None:
    evening = Evening(house, account=False)
    try:
        sol = evening.wide()

        expect(sol.page.locator("#beside a[href='/call']")).to_be_visible()
        expect(sol.page.locator("iframe")).to_have_count(0)
        sol.page.goto(f"{house.address}/here")
        expect(sol.page.locator("a[href='/here/wide']")).to_have_count(0)
        assert sol.problems == []
    finally:
        evening.close()


def test_on_a_narrow_screen_and_without_script_there_is_a_way_to_the_call_and_no_frame(evening: Evening) -> None:
    narrow = evening.stranger("Sol")
    evening.opens(narrow)
    expect(narrow.page.locator("a[href='/here/wide']")).to_be_hidden()
    narrow.page.goto(f"{evening.house.address}/here/wide")
    plain = evening.stranger("Rae", script=False)
    evening.opens(plain)
    plain.page.goto(f"{evening.house.address}/here/wide")

    for who in (narrow, plain):
        expect(who.page.locator("#beside a[href='/call']")).to_be_visible()
        expect(who.page.locator("iframe")).to_have_count(0)


def test_a_server_that_does_not_answer_in_the_frame_is_said_calmly(evening: Evening) -> None:
    sol = evening.stranger("Sol")
    sol.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    evening.opens(sol)
    sol.page.clock.install()
    sol.page.route(f"{evening.meeting.origin}/**", lambda route: route.fulfill(body="nothing here"))
    sol.page.goto(f"{evening.house.address}/here/wide")
    expect(sol.page.locator("iframe")).to_have_count(1)

    sol.page.clock.run_for(21_000)

    expect(sol.page.locator("iframe")).to_have_count(0)
    expect(sol.page.locator("#beside-now")).to_contain_text("The call does not answer here.")
