"""The discreet page in real Chromium, S1 to S14 of the safety requirements: leaving, hiding, covering, and Back.

S13 on every route and S10 on every page are in test_pages.py, S15 and S16 in tests/service/test_inviting.py, S17 in
test_no_trace.py, S4's lock after a silence in tests/live/test_locking.py.
"""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from companion.core.commands import OpenDoors
from companion.web.cookies import SECONDS
from tests.browser.people import Person, give_passcode, go_through_joining
from tests.browser.sitting import House, Sitting, until

pytestmark = pytest.mark.browser
AWAY = "https://www.bbc.co.uk/weather"
# Words that only somebody who is in the session may read.
PRIVATE = ("Wren", "Sol", "Tuesday", "Ask to speak", "I need a moment", "waiting room")
ORDINARY = "<!doctype html><title>Weather</title><h1>Weather</h1>"
# Everything happens in the task of the press: how long it took, and what a glance could still have read after it.
PRESS_LEAVE = """(words) => {
  const began = performance.now();
  document.getElementById("leave").click();
  const took = performance.now() - began;
  const root = document.documentElement;
  return { took, covered: root.classList.contains("covered"), left: root.textContent.trim(), title: document.title };
}"""
HIDDEN = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
  return getComputedStyle(document.body).visibility;
}"""


@pytest.fixture
def doors(house: House) -> Iterator[Sitting]:
    begun = Sitting(house, phase="planned")
    begun.perform(OpenDoors())
    yield begun
    begun.close()


def sits(sitting: Sitting, *, socket: bool = True, script: bool = True) -> tuple[Person, list[dict[str, str]]]:
    """Wren at her page; the ordinary page she may leave for is there, and its requests are kept."""
    wren = sitting.stranger("Wren", script=script)
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.all_headers())
        route.fulfill(body=ORDINARY, content_type="text/html")

    wren.context.route("https://www.bbc.co.uk/**", answer)
    if not socket:
        wren.page.route_web_socket("**/*", lambda one: one.close())
    sitting.opens(wren)
    return wren, asked


@contextmanager
def stalled(house: House) -> Iterator[None]:
    """A server that takes connections and answers nothing."""
    os.kill(house.served.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(house.served.pid, signal.SIGCONT)


def status_with(house: House, cookie: str, path: str = "/here") -> int:
    """What somebody gets who replays a cookie."""
    request = urllib.request.Request(house.address + path, headers={"Cookie": cookie})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def cookie_of(who: Person) -> str:
    return next(f"id={one['value']}" for one in who.context.cookies() if one["name"] == "id")


def told(page: Page) -> list[str]:
    """Which private words stand anywhere in the document."""
    html = page.content() + page.title()
    return [word for word in PRIVATE if word in html]


# S1


@pytest.mark.parametrize(("width", "height", "letters"), [(320, 256, 16), (320, 640, 16), (320, 640, 32)])
def test_leave_is_large_in_sight_and_never_covered(sitting: Sitting, width: int, height: int, letters: int) -> None:
    wren, _ = sits(sitting)
    wren.page.set_viewport_size({"width": width, "height": height})
    if letters != 16:
        sizes = {"fontSizes": {"standard": letters, "fixed": letters}}
        wren.context.new_cdp_session(wren.page).send("Page.setFontSizes", sizes)
    wren.page.click("#help-now summary")
    wren.page.evaluate("document.getElementById('said').textContent = 'Something is said.'")

    for place in ("0", "document.documentElement.scrollHeight"):
        wren.page.evaluate(f"scrollTo(0, {place})")
        seen = wren.page.evaluate("""() => {
          const at = document.getElementById("leave").getBoundingClientRect();
          const corners = [[8, 8], [at.width - 8, 8], [8, at.height - 8], [at.width - 8, at.height - 8]];
          const free = corners.every(([x, y]) => {
            const top = document.elementFromPoint(at.left + x, at.top + y);
            return top && Boolean(top.closest("#leave"));
          });
          return [at.width >= 48 && at.height >= 48, at.top >= 0 && at.bottom <= innerHeight, free];
        }""")
        assert seen == [True, True, True]


def test_leave_is_the_second_stop_of_the_keyboard(sitting: Sitting) -> None:
    wren, _ = sits(sitting)

    stops = []
    for _ in range(2):
        wren.page.keyboard.press("Tab")
        stops.append(wren.page.evaluate("document.activeElement.id || document.activeElement.className"))

    assert stops == ["skip", "leave"]


# S2, S4, S7


@pytest.mark.parametrize("trouble", ["none", "stalled", "offline"])
def test_leaving_covers_and_goes_at_once_whatever_the_server_does(sitting: Sitting, trouble: str) -> None:
    wren, asked = sits(sitting)
    assert told(wren.page) != []

    if trouble == "offline":
        wren.context.set_offline(True)
        done = wren.page.evaluate(PRESS_LEAVE)
    elif trouble == "stalled":
        with stalled(sitting.house):
            done = wren.page.evaluate(PRESS_LEAVE)
            wren.page.wait_for_url(AWAY)
    else:
        done = wren.page.evaluate(PRESS_LEAVE)

    assert (done["covered"], done["left"], done["title"]) == (True, "", "")
    assert done["took"] < 100
    if trouble != "offline":
        wren.page.wait_for_url(AWAY)
        assert len(wren.context.pages) == 1
        assert [name for headers in asked for name in headers if name == "referer"] == []


def test_leaving_ends_the_access_and_cuts_the_connection(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.press("request_turn")
    cookie, access = cookie_of(wren), sitting.ways["Wren"].access_id
    connected = sitting.house.deps.store.connected
    until(lambda: connected(access), "her connection", wren.page)

    wren.page.click("#leave")

    wren.page.wait_for_url(AWAY)
    until(lambda: status_with(sitting.house, cookie) == 401, "the end of her access", wren.page)
    until(lambda: not connected(access), "the end of her connection", wren.page)
    kept = sitting.house.deps.store.access(access)
    assert kept is not None
    assert kept.state == "ended"
    assert sitting.state().queue.line.places == ()
    until(lambda: wren.context.cookies() == [], "an empty jar", wren.page)
    assert "bbc" not in sitting.house.served.log.read_text()


def test_who_left_without_a_connection_opens_nothing_on_return(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.context.set_offline(True)
    wren.page.click("#leave")
    wren.page.wait_for_timeout(300)
    wren.context.set_offline(False)

    later = wren.context.new_page()
    answer = later.goto(sitting.house.address + "/here")

    assert answer is not None
    assert (answer.status, told(later)) == (401, [])
    assert wren.context.cookies() == []
    kept = sitting.house.deps.store.access(sitting.ways["Wren"].access_id)
    assert kept is not None
    assert kept.state == "ended"


def test_the_mark_of_leaving_lives_no_longer_than_what_it_ends(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.context.set_offline(True)
    wren.page.click("#leave")

    (mark,) = [one for one in wren.context.cookies() if one["name"] == "out"]

    left = mark["expires"] - time.time()
    assert SECONDS - 60 < left <= SECONDS
    assert (mark["value"], mark["sameSite"], mark["path"]) == ("1", "Lax", "/")


# S3


@pytest.mark.parametrize("socket", [True, False], ids=["websocket", "polling"])
def test_back_five_times_and_forward_show_nothing(doors: Sitting, socket: bool) -> None:
    wren = doors.stranger("Wren")
    wren.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body=ORDINARY, content_type="text/html"))
    if not socket:
        wren.page.route_web_socket("**/*", lambda one: one.close())
    wren.page.goto(doors.issue(wren).link)
    give_passcode(wren)
    go_through_joining(wren)
    assert told(wren.page) != []

    wren.page.click("#leave")
    wren.page.wait_for_url(AWAY)
    seen = []
    for way in (*["go_back"] * 5, *["go_forward"] * 5):
        getattr(wren.page, way)(wait_until="commit")
        wren.page.wait_for_timeout(400)
        seen.append((wren.page.url, told(wren.page)))

    assert [place for place in seen if place[1]] == []


def test_a_fragment_in_the_address_brings_nothing_back(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.page.goto(f"{sitting.house.address}/here#main")
    wren.page.click("#leave")
    wren.page.wait_for_url(AWAY)

    wren.page.go_back()

    wren.page.wait_for_load_state("load")
    assert told(wren.page) == []


def test_a_page_that_the_browser_kept_in_memory_is_empty_and_asks_again(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    blank = wren.page.evaluate("""() => {
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      return [document.body.childElementCount, document.title];
    }""")

    assert blank == [0, ""]
    with wren.page.expect_navigation():
        wren.page.evaluate('dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))')
    wren.sees("turn", "Ask to speak")


# S5


def test_shift_three_times_leaves_and_is_announced(sitting: Sitting) -> None:
    wren, _ = sits(sitting)

    wren.page.keyboard.press("Shift")
    expect(wren.page.locator("#said")).to_have_text("Press Shift two more times to leave.")
    wren.page.keyboard.press("Shift")
    expect(wren.page.locator("#said")).to_have_text("Press Shift once more to leave.")
    wren.page.keyboard.press("Shift")

    wren.page.wait_for_url(AWAY)


def test_another_key_or_a_long_wait_begins_anew_and_escape_does_nothing(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    here = wren.page.url

    for key in ("Shift", "Shift", "a", "Shift", "Shift", "Escape", "Escape", "Escape"):
        wren.page.keyboard.press(key)
    wren.page.keyboard.press("Shift")
    wren.page.keyboard.press("Shift")
    wren.page.evaluate("() => { const now = performance.now(); performance.now = () => now + 6000; }")
    wren.page.keyboard.press("Shift")

    assert wren.page.url == here
    assert told(wren.page) != []


# S6


def test_without_script_leave_is_a_link_and_the_page_is_honest(sitting: Sitting) -> None:
    wren, _ = sits(sitting, script=False)
    expect(wren.page.locator("main")).to_contain_text("This page cannot blank itself")

    cookie = cookie_of(wren)
    with wren.page.expect_event("response", lambda answer: answer.url.endswith("/leave")) as left:
        wren.page.click("#leave")

    assert (left.value.status, left.value.headers["location"]) == (303, AWAY)
    assert status_with(sitting.house, cookie) == 401


# S8


def test_she_is_told_before_the_first_private_page(doors: Sitting) -> None:
    wren = doors.stranger("Wren")
    wren.page.goto(doors.issue(wren).link)
    give_passcode(wren)

    words = wren.page.locator("main").inner_text()

    assert "Are you somewhere private?" in words
    assert "Your browser may still remember this address." in words
    assert "Some apps can watch what a phone does." in words
    assert "A friend's device may be safer." in words
    assert "“Hide” shows an ordinary page." in words
    assert told(wren.page) == []


# S9


@pytest.mark.parametrize(("aside", "title"), [("list", "Shopping list"), ("weather", "Weather"), ("recipe", "Lentil")])
def test_hide_shows_an_ordinary_page_and_keeps_everything(sitting: Sitting, aside: str, title: str) -> None:
    wren, _ = sits(sitting)
    look = {"name": "look", "value": f"auto.auto.normal.{aside}.en", "url": sitting.house.address}
    wren.context.add_cookies([look])  # type: ignore[list-item]
    sitting.opens(wren)
    wren.press("request_turn")
    wren.page.click("#turn-more summary")
    wren.page.fill("#turn-note", "half a thought")

    wren.page.click("#hide")
    seen = wren.page.evaluate("[document.title, document.body.innerText]")
    assert title in seen[0]
    assert [word for word in PRIVATE if word in seen[1]] == []
    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)
    hers = "document.querySelector('[data-region=turn]').textContent.includes('your turn')"
    until(lambda: wren.page.evaluate(hers), "her turn, behind the ordinary page", wren.page)
    assert "turn" not in wren.page.evaluate("document.body.innerText")
    assert sitting.state().queue.line.speaking is not None
    wren.page.click("#aside-back")

    wren.sees("turn", "It is your turn")
    expect(wren.page.locator("#said-now")).to_have_text("It is your turn.")
    assert wren.page.title() == "Notes"
    assert wren.page.evaluate("document.activeElement.id") == "hide"


def test_the_hidden_page_leaves_too_and_needs_no_connection(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    with stalled(sitting.house):
        wren.page.click("#hide")
        expect(wren.page.get_by_role("button", name="Shopping list")).to_be_focused()
        wren.page.click("#aside-close")
        wren.page.wait_for_url(AWAY)


def test_hide_without_script_is_a_page_whose_heading_leads_back(sitting: Sitting) -> None:
    wren, _ = sits(sitting, script=False)

    wren.page.click("#hide")
    assert wren.page.title() == "Shopping list"
    assert [word for word in PRIVATE if word in wren.page.content()] == []
    wren.page.click(".aside-back")

    wren.sees("turn", "Ask to speak")


# S10, S11, S12, S14


def test_a_session_takes_one_entry_of_the_history(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    before = wren.page.evaluate("history.length")

    for _ in range(5):
        wren.press("request_turn")
        wren.press("withdraw_turn")
        wren.press("raise_break_signal", strength="few_minutes")
        wren.press("settle_break_signal")
    wren.page.click("#hide")
    wren.page.click("#aside-back")

    assert wren.page.evaluate("history.length") - before <= 2


def test_switching_away_covers_in_the_same_task(sitting: Sitting) -> None:
    wren, _ = sits(sitting)

    assert wren.page.evaluate(HIDDEN, True) == "hidden"
    assert wren.page.evaluate(HIDDEN, False) == "visible"
    wren.sees("turn", "Ask to speak")


def test_nothing_rings_buzzes_pushes_or_offers_to_stay(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.page.evaluate("""() => {
      window.asked = [];
      for (const name of ["requestPermission"]) Notification[name] = () => asked.push("notify");
      navigator.vibrate = () => asked.push("vibrate");
      HTMLMediaElement.prototype.play = () => asked.push("play");
      navigator.serviceWorker.register = () => asked.push("worker");
      speechSynthesis.speak = () => asked.push("speak");
    }""")

    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)
    wren.sees("turn", "It is your turn")

    assert wren.page.evaluate("asked") == []
    found = wren.page.evaluate("""() => [...document.querySelectorAll(
      "audio, video, [autoplay], link[rel=manifest], meta[property], iframe, [spellcheck=true]")].length""")
    assert found == 0


# What the server says meanwhile must not overtake her.


def test_a_farewell_does_not_overtake_the_ordinary_page(sitting: Sitting) -> None:
    wren = sitting.stranger("Wren")
    late: list[Route] = []
    # It takes its time, as on a weak signal.
    wren.context.route("https://www.bbc.co.uk/**", lambda route: late.append(route))
    sitting.opens(wren)
    wren.page.evaluate("() => { const now = performance.now(); performance.now = () => now + 60000; }")
    asked: list[str] = []
    wren.page.on("request", lambda request: asked.append(request.url))

    wren.page.evaluate(PRESS_LEAVE)
    access = sitting.ways["Wren"].access_id
    until(lambda: sitting.house.deps.store.access(access).state == "ended", "the end of her access", wren.page)  # type: ignore[union-attr]
    wren.page.wait_for_timeout(2500)

    assert [url for url in asked if url.endswith(("/here", "/leave"))] == [f"{sitting.house.address}/leave"]
    for route in late:
        route.abort()


def test_a_session_that_closes_does_not_bring_the_page_back_from_behind_hide(sitting: Sitting) -> None:
    wren, _ = sits(sitting)
    wren.page.click("#hide")

    sitting.tap("Sol", "begin_ending", confirmed=True)
    sitting.tap("Sol", "close_session", confirmed=True)
    wren.page.wait_for_timeout(6000)

    assert wren.page.title() == "Shopping list"
    with wren.page.expect_navigation():
        wren.page.click("#aside-back")
    expect(wren.page.locator("main")).to_contain_text("It is over for today")
