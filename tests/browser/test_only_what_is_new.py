"""A page is sent only the parts that it does not show already; whatever it lacks it asks for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.sitting import Sitting, until

pytestmark = pytest.mark.browser

# What a page has heard of each region since it was opened, and what it has asked for.
LISTEN = """() => {
  window.heard = [];
  window.asked = 0;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (String(data).includes('["whole"')) window.asked += 1;
    return send.call(this, data);
  };
}"""


def test_a_part_that_a_page_lacks_is_asked_for(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    for alias in ("Ash", "Fern"):
        sitting.tap(alias, "request_turn", reply=False)
    sol.sees("queue", "Fern")
    sol.page.evaluate(LISTEN)
    sol.page.evaluate("id => document.getElementById(id).remove()", f"place-{sitting.seat('Ash')}")

    sitting.tap("Wren", "request_turn", reply=False)

    until(lambda: _line(sol.page) == ["Ash", "Fern", "Wren"], "the line")
    assert sol.page.evaluate("window.asked") == 1


def test_a_page_that_lacks_nothing_asks_for_nothing_and_shows_no_empty_place(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sitting.tap("Ash", "request_turn", reply=False)
    sol.sees("queue", "Ash")
    sol.page.evaluate(LISTEN)

    for alias in ("Fern", "Wren"):
        sitting.tap(alias, "request_turn", reply=False)
        sitting.tap(alias, "raise_break_signal", strength="few_minutes")
    until(lambda: _line(sol.page) == ["Ash", "Fern", "Wren"], "the line")
    until(lambda: sol.page.locator('[data-region="signals"] .case').count() == 2, "both signals")

    assert sol.page.evaluate("window.asked") == 0
    assert sol.page.locator("[data-same]").count() == 0


def test_a_page_that_was_held_still_shows_everything_in_the_end(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sitting.tap("Ash", "request_turn", reply=False)
    sol.sees("queue", "Ash")
    sol.page.evaluate(LISTEN)
    sol.page.click("#still")

    for alias in ("Fern", "Wren"):
        sitting.tap(alias, "request_turn", reply=False)
    sitting.tap("Ash", "raise_break_signal", strength="few_minutes")
    sitting.tap("Fern", "withdraw_turn")
    until(lambda: not sol.page.locator("#still-new").is_hidden(), "the notice")
    assert _line(sol.page) == ["Ash"]
    sol.page.click("#still-new button")

    until(lambda: _line(sol.page) == ["Ash", "Wren"], "the line")
    assert sol.page.locator(f"#place-{sitting.seat('Ash')}.frozen").count() == 1
    assert sol.page.evaluate("window.asked") == 0


def _line(page: Page) -> list[str]:
    return page.locator('[data-region="queue"] .places .place-name').all_inner_texts()
