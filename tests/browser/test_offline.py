"""A tap is never lost and never doubled: without a connection, over a restart, and where an answer goes missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.people import Person
from tests.browser.sitting import Sitting, until

pytestmark = pytest.mark.browser
RETURN = 20_000  # milliseconds: the server's start, and the page's own patience before it tries again

# Whatever a page could leave on the disk of a phone.
KEPT = """async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookies: document.cookie,
})"""
NOTHING = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0, "cookies": ""}


def test_taps_made_offline_wait_in_sight_and_are_sent_once_in_their_order(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sol.context.set_offline(True)

    for words in ("first", "second", "second", "third"):
        writes(sol, words)
    assert waiting(sol.page) == ["Send", "Send", "Send"], "the same words pressed twice are one tap"
    assert notes(sitting) == []
    assert sol.page.evaluate(KEPT) == NOTHING
    sol.context.set_offline(False)

    sol.sees("notes", "third")
    assert notes(sitting) == ["first", "second", "third"]
    expect(sol.page.locator("#unsent")).to_be_hidden()
    assert sol.page.locator("#note-care").input_value() == ""


def test_what_waits_can_be_taken_back(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.context.set_offline(True)
    presses(wren, "request_turn")
    presses(wren, "raise_break_signal")
    assert waiting(wren.page) == ["Ask to speak", "I need a few minutes"]
    expect(wren.page.locator("#offline")).to_be_visible(timeout=RETURN)

    wren.page.locator("#unsent li", has_text="few minutes").get_by_role("button", name="Take it back").click()
    assert waiting(wren.page) == ["Ask to speak"]
    wren.context.set_offline(False)

    wren.sees("turn", "number 1 in line")
    expect(wren.page.locator("#unsent")).to_be_hidden()
    expect(wren.page.locator("#offline")).to_be_hidden(timeout=RETURN)
    assert [place.seat for place in sitting.state().queue.line.places] == [wren.seat]
    assert sitting.state().signals == ()


def test_a_link_to_another_page_waits_until_everything_is_sent(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.context.set_offline(True)
    presses(wren, "request_turn")
    assert waiting(wren.page) == ["Ask to speak"]

    wren.page.get_by_role("link", name="Look and language").click()
    assert waiting(wren.page) == ["Ask to speak"]
    wren.context.set_offline(False)
    wren.sees("turn", "number 1 in line")
    expect(wren.page.locator("#unsent")).to_be_hidden()
    wren.page.get_by_role("link", name="Look and language").click()

    wren.page.wait_for_url("**/look")


def test_a_tap_is_shown_as_waiting_where_it_was_pressed(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.context.set_offline(True)

    presses(wren, "request_turn")

    form = wren.page.locator('[data-region="turn"] form[action="/act/request_turn"]').first
    expect(form).to_have_attribute("data-state", "waiting")
    expect(wren.page.locator("#said")).to_contain_text("No connection")
    wren.context.set_offline(False)
    wren.sees("turn", "number 1 in line")


def test_a_restart_in_the_middle_changes_nothing_for_anybody(sitting: Sitting) -> None:
    sol, wren = sitting.sits("Sol"), sitting.sits("Wren")
    wren.press("request_turn", note="about my week")
    wren.press("raise_break_signal", strength="few_minutes")
    sol.press("see_break_signal", seat=wren.seat)
    wren.sees("break", "Seen by Sol")
    before = sitting.state(), sol.words(), wren.words()
    sol.page.evaluate("window.stayed = true")

    sitting.house.served.stop()
    presses(wren, "open_ticket")
    assert waiting(wren.page) == ["I can't hear"]
    sitting.house.served.start()

    expect(sol.page.locator("#tickets .case-name")).to_contain_text("Wren", timeout=RETURN)
    assert len(sitting.state().tickets) == 1
    wren.press("withdraw_ticket")
    until(lambda: (sol.words(), wren.words()) == before[1:], "the pages as they were before")
    assert (sitting.state().queue, sitting.state().signals) == (before[0].queue, before[0].signals)
    assert sol.page.evaluate("window.stayed"), "no page was loaded anew"
    assert wren.page.evaluate(KEPT) == NOTHING


def test_a_tap_that_was_taken_while_the_server_died_is_not_taken_twice(sitting: Sitting) -> None:
    sol = sitting.stranger("Sol")
    opened: list[str | bytes] = []
    swallowed: list[str | bytes] = []
    sol.page.route_web_socket("**/*", lambda page: without_its_first_answer(page, opened, swallowed))
    sitting.opens(sol)
    until(lambda: opened != [], "the upgrade: answers over polling are not in our hands", sol.page)

    writes(sol, "once")
    until(lambda: swallowed != [], "the answer that is lost", sol.page)
    assert notes(sitting) == ["once"]
    writes(sol, "twice")

    sol.sees("notes", "twice")
    assert notes(sitting) == ["once", "twice"]
    expect(sol.page.locator("#unsent")).to_be_hidden(timeout=RETURN)


def test_nothing_of_an_evening_is_on_the_disk(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")

    wren.press("request_turn", note="about my week")
    wren.press("raise_break_signal", strength="check_on_me")
    wren.press("withdraw_turn")

    assert wren.page.evaluate(KEPT) == NOTHING


def presses(who: Person, command: str) -> None:
    """Press a button without waiting for what becomes of it."""
    button = who.page.locator(f'#panel form[action="/act/{command}"] button').first
    for drawer in button.locator("xpath=ancestor::details[not(@open)]").all():
        drawer.locator("> summary").click()
    button.click()


def writes(who: Person, words: str) -> None:
    """Write a note to the care desk and press the button."""
    who.page.fill("#note-care", words)
    who.page.locator('form[action="/act/write_note"]', has=who.page.locator("#note-care")).locator("button").click()


def waiting(page: Page) -> list[str]:
    """What is shown as waiting to be sent."""
    rows = page.locator("#unsent-list li")
    expect(rows.first).to_be_visible(timeout=RETURN)
    page.wait_for_timeout(300)
    return [words.split(":")[0] for words in page.locator("#unsent-list li > span").all_inner_texts()]


def notes(sitting: Sitting) -> list[str]:
    """The notes that are kept."""
    return [note.words for note in sitting.state().notes]


def without_its_first_answer(page: WebSocketRoute, opened: list[str | bytes], swallowed: list[str | bytes]) -> None:
    """A connection that breaks just before the first answer to a tap would have arrived."""
    server = page.connect_to_server()

    def go_on(message: str | bytes) -> None:
        if message == "5":
            opened.append(message)
        server.send(message)

    def pass_on(message: str | bytes) -> None:
        if str(message).startswith("43") and not swallowed:
            swallowed.append(message)
            page.close()
            server.close()
        else:
            page.send(message)

    page.on_message(go_on)
    server.on_message(pass_on)
