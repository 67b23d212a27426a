"""However a page is connected, it follows: two at once, back from the background, over polling, or by plain forms."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from companion.core import commands as c
from tests.browser.people import PATIENCE, Person
from tests.browser.sitting import Sitting, number, until

pytestmark = pytest.mark.browser
ACT_SECONDS = 3.0

# A browser without a screen never hides a page by itself.
GO_AND_COME_BACK = """() => {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }
}"""


def test_two_pages_of_one_person_both_follow(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    second = wren.context.new_page()
    second.goto(f"{sitting.house.address}/here")
    other = Person("Wren", wren.context, second, wren.issued)
    expect(second.locator("html.js")).to_be_attached(timeout=PATIENCE)

    wren.press("request_turn", reply=False)
    other.sees("turn", "number 1 in line")
    other.press("withdraw_turn")
    wren.sees("turn", "Nobody is speaking")
    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)

    for page in (wren, other):
        page.sees("turn", "It is your turn")
    until(lambda: number(wren.page) == number(second), "the same drawing on both")


def test_a_page_that_comes_back_from_the_background_asks_for_the_whole(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    drawn = number(wren.page)
    wren.page.evaluate("""() => {
      document.querySelector("[data-region=turn]").textContent = "something was lost";
      document.getElementById("panel").dataset.number -= 1;
    }""")

    wren.page.evaluate(GO_AND_COME_BACK)

    wren.sees("turn", "Ask to speak")
    wren.sees_no("turn", "something was lost")
    assert number(wren.page) == drawn, "asking again is not a new drawing"


def test_without_websocket_polling_carries_acts_and_news_within_three_seconds(sitting: Sitting) -> None:
    wren = sitting.stranger("Wren")
    sockets: list[str] = []
    wren.page.on("websocket", lambda socket: sockets.append(socket.url))
    wren.page.route_web_socket("**/*", lambda socket: socket.close())
    sitting.opens(wren)

    for _ in range(3):
        began = time.monotonic()
        wren.press("request_turn", reply=False)
        wren.sees("turn", "number 1 in line")
        wren.press("withdraw_turn")
        wren.sees("turn", "Nobody is speaking")
        assert time.monotonic() - began < 2 * ACT_SECONDS
    began = time.monotonic()
    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)
    wren.sees("turn", "It is your turn")

    assert time.monotonic() - began < ACT_SECONDS
    assert wren.page.is_hidden("#offline")
    assert not wren.page.evaluate("document.documentElement.classList.contains('no-socket')")


def test_without_any_socket_acts_go_as_plain_forms_and_update_comes_up(sitting: Sitting) -> None:
    wren = sitting.stranger("Wren")
    wren.page.route("**/socket.io/**", lambda route: route.abort())
    sitting.opens(wren)
    expect(wren.page.locator("html.no-socket")).to_be_attached(timeout=PATIENCE)
    stayed = wren.page.evaluate("window.stayed = true")

    began = time.monotonic()
    wren.press("request_turn", reply=False)
    wren.sees("turn", "number 1 in line")

    assert time.monotonic() - began < ACT_SECONDS
    assert wren.page.evaluate("window.stayed") == stayed, "the page was not loaded anew"
    assert [place.seat for place in sitting.state().queue.line.places] == [wren.seat]
    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)
    wren.page.get_by_role("button", name="Update").click()
    wren.sees("turn", "It is your turn")


def test_whoever_stayed_to_the_end_reads_a_farewell(sitting: Sitting) -> None:
    wren, noor = sitting.sits("Wren"), sitting.sits("Noor")

    sitting.tap("Sol", "begin_ending")
    sitting.tap("Sol", "close_session")

    for who in (wren, noor):
        expect(who.page.locator("main")).to_contain_text("Thank you for being here", timeout=PATIENCE)
        who.page.wait_for_selector("html:not(.js)", timeout=PATIENCE)
        expect(who.page.locator("main")).to_contain_text("It is over for today")
        assert "Wren" not in who.page.inner_text("body")


def test_leaving_for_today_closes_every_page_of_hers(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.page.click("#my-way summary")

    sitting.perform(c.RequestTurn(), by=wren.seat)
    wren.page.locator('#my-way form[action="/act/leave_session"] button').click()

    expect(wren.page.locator("main")).to_contain_text("This page is closed", timeout=PATIENCE)
    assert sitting.state().queue.line.places == ()
