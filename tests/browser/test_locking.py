"""A page that is closed locks soon, one that a phone threw away later, and no tap of an open one is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect

from companion.records import Access
from companion.service.locking import RESTING_SECONDS, SILENT_SECONDS
from tests.browser.people import PATIENCE, Person
from tests.browser.sitting import Sitting, until

pytestmark = pytest.mark.browser

# A browser without a screen never hides a page by itself.
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def hide(who: Person) -> None:
    who.page.evaluate(HIDE, True)
    who.page.wait_for_timeout(200)


def come_back(who: Person) -> None:
    who.page.evaluate(HIDE, False)
    who.page.wait_for_timeout(200)


def close(who: Person) -> None:
    who.page.close(run_before_unload=True)


def go_elsewhere(who: Person) -> None:
    who.page.goto("about:blank")


def throw_away(who: Person) -> None:
    """What a phone that needs the memory does: nothing of the page runs any more."""
    with suppress(Error):
        who.page.goto("chrome://crash", timeout=2000)


@pytest.mark.parametrize(
    ("ways", "seconds"),
    [
        ((close,), SILENT_SECONDS),
        ((go_elsewhere,), SILENT_SECONDS),
        ((throw_away,), SILENT_SECONDS),
        ((hide, throw_away), RESTING_SECONDS),
        ((hide, come_back, throw_away), SILENT_SECONDS),
        ((hide, close), SILENT_SECONDS),
    ],
    ids=lambda ways: " ".join(way.__name__ for way in ways) if isinstance(ways, tuple) else str(ways),
)
def test_how_long_her_cookie_opens_her_page(
    sitting: Sitting, ways: tuple[Callable[[Person], None], ...], seconds: int
) -> None:
    wren = sits_by_websocket(sitting)

    for way in ways:
        way(wren)
    until_gone(sitting)

    assert access(sitting).locks_at == sitting.house.clock.now + timedelta(seconds=seconds)


def test_whoever_reads_help_for_a_while_comes_back_without_a_passcode(sitting: Sitting) -> None:
    wren = sits_by_websocket(sitting)
    wren.page.goto(f"{sitting.house.address}/help")
    until_gone(sitting)

    sitting.house.clock.turn(minutes=10)
    wren.page.get_by_role("link", name="Back to my page").click()

    wren.sees("turn", "Ask to speak")


def test_taps_of_an_open_page_are_not_lost_where_only_plain_forms_get_through(sitting: Sitting) -> None:
    wren = sits_by_websocket(sitting)
    wren.context.set_offline(True)
    wren.page.locator('#panel form[action="/act/request_turn"] button').first.click()
    sitting.house.served.stop()
    wren.page.route("**/socket.io/**", lambda route: route.abort())
    sitting.house.served.start()
    until_gone(sitting)
    sitting.house.clock.turn(minutes=10)
    wren.context.set_offline(False)

    expect(wren.page.locator('[data-region="turn"]')).to_contain_text("number 1 in line", timeout=9 * PATIENCE)
    assert [place.seat for place in sitting.state().queue.line.places] == [wren.seat]


def sits_by_websocket(sitting: Sitting) -> Person:
    """On her page for a while, connected so that what it says on leaving goes out at once."""
    wren = sitting.stranger("Wren")
    sent: list[str | bytes] = []
    wren.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    sitting.opens(wren)
    until(lambda: "5" in sent, "the upgrade", wren.page)
    until(lambda: access(sitting).locks_at is not None, "a note of the connection")
    sitting.house.clock.turn(minutes=2)
    return wren


def until_gone(sitting: Sitting) -> None:
    def gone() -> bool:
        locks_at = access(sitting).locks_at
        return locks_at is not None and locks_at > sitting.house.clock.now

    until(gone, "a note that she has gone", patience=3 * PATIENCE)  # a server may be starting meanwhile


def access(sitting: Sitting) -> Access:
    found = sitting.house.deps.store.access(sitting.ways["Wren"].access_id)
    assert found is not None
    return found
