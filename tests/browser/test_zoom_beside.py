"""Where there is no Zoom, where something else speaks, and the page that Zoom opens in a frame of its own page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PATIENCE
from tests.browser.sitting import House, until
from tests.browser.zoom_client import AROUND, ZoomClient
from tests.browser.zooming import ZOOM, Evening

pytestmark = pytest.mark.browser


@pytest.fixture
def evening(house: House) -> Iterator[Evening]:
    begun = Evening(house)
    yield begun
    begun.close()


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
