"""While other people's taps redraw a page, nobody loses her button, her words, or the person she has chosen."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import PATIENCE
from tests.browser.sitting import Sitting, number, until

pytestmark = pytest.mark.browser

# Everything that the live regions have said, since the page was opened.
LISTEN = """() => {
  window.heard = { said: [], "said-now": [] };
  for (const id of Object.keys(window.heard)) {
    const place = document.getElementById(id);
    new MutationObserver(() => {
      if (place.textContent) window.heard[id].push([Math.round(performance.now()), place.textContent]);
    }).observe(place, { childList: true, characterData: true, subtree: true });
  }
}"""
FOCUSED = """() => {
  const at = document.activeElement;
  return [at.localName, at.id, at.value || "", at.selectionStart || 0];
}"""


def test_focus_words_and_drawers_survive_a_hundred_updates(sitting: Sitting) -> None:
    sol, wren = sitting.sits("Sol"), sitting.sits("Wren")
    sol.page.click("#door-phone summary")
    sol.page.fill("#phone-alias", "Somebody on the pho")
    sol.page.fill("#note-care", "half a sen")
    sol.page.evaluate("document.getElementById('note-care').setSelectionRange(4, 4)")
    wren.page.click("#turn-more summary")
    wren.page.fill("#turn-note", "what I mean is")
    wren.page.click("#help-ask summary")
    help_button = wren.page.locator('[data-region="help"] form[action="/act/open_ticket"] button').first
    help_button.focus()
    before = sol.page.evaluate(FOCUSED), wren.page.evaluate(FOCUSED)
    numbers = number(sol.page), number(wren.page)

    a_lot_happens(sitting, rounds=15)
    until(lambda: number(sol.page) >= numbers[0] + 100, "a hundred drawings")

    assert number(wren.page) > numbers[1] + 10
    assert (sol.page.evaluate(FOCUSED), wren.page.evaluate(FOCUSED)) == before
    assert before[0] == ["input", "note-care", "half a sen", 4]
    assert before[1][0] == "button"
    assert sol.page.input_value("#phone-alias") == "Somebody on the pho"
    assert wren.page.input_value("#turn-note") == "what I mean is"
    assert drawers(sol.page) == ["door-phone"]
    assert drawers(wren.page) == ["turn-more", "help-ask"]
    sol.page.keyboard.type("TENCE ")
    assert sol.page.input_value("#note-care") == "halfTENCE  a sen"


def test_a_button_of_a_row_keeps_the_focus_while_its_list_moves(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    for alias in ("Ash", "Fern"):
        sitting.tap(alias, "request_turn", reply=False)
    sol.sees("queue", "Fern")
    row = f"place-more-{sitting.seat('Fern')}"
    sol.page.click(f"#{row} summary")
    take_out = f'#{row} form[action="/act/remove_place"] button'
    sol.page.focus(take_out)

    sitting.tap("Rae", "move_place", seat=sitting.seat("Fern"), direction="up")
    sitting.tap("Ash", "raise_break_signal", strength="few_minutes")
    sitting.tap("Ash", "withdraw_turn")
    sol.sees_no("queue", "Ash.*Fern")

    assert sol.page.evaluate("one => document.activeElement === document.querySelector(one)", take_out)
    assert drawers(sol.page) == [row]
    sol.page.keyboard.press("Enter")
    sol.sees("queue", "Nobody is waiting")
    assert [place.seat for place in sitting.state().queue.line.places] == []


def test_a_button_that_goes_away_leaves_the_keyboard_in_its_region(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sitting.tap("Ash", "raise_break_signal", strength="check_on_me")
    sol.sees("signals", "Ash")
    sol.page.focus('[data-region="signals"] form[action="/act/see_break_signal"] button')

    sitting.tap("Rae", "see_break_signal", seat=sitting.seat("Ash"))
    sol.sees("signals", "Seen by Rae")

    assert sol.page.evaluate("document.activeElement.closest('[data-region]').dataset.region") == "signals"


def test_the_person_chosen_in_a_list_stays_that_person(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sol.page.click("#tickets-for summary")
    sol.page.select_option("#ticket-for-seat", label="Wren")
    sol.page.select_option("#ticket-for-kind", "no_picture")
    sitting.tap("Fern", "request_turn", reply=False)

    # Somebody before her in the list goes, somebody new comes, and she herself changes how she takes part.
    sitting.tap("Rae", "add_phone_seat", alias="Aspen")
    sitting.tap("Fern", "leave_session")
    sitting.tap("Wren", "choose_how", how="text")
    sol.sees("people", "Aspen")
    expect(sol.page.locator("#ticket-for-seat")).not_to_contain_text("Fern")

    assert chosen(sol.page, "#ticket-for-seat") == ["Wren", sitting.seat("Wren")]
    assert chosen(sol.page, "#ticket-for-kind")[1] == "no_picture"
    sol.page.locator("#tickets-for form button").click()
    expect(sol.page.locator("#tickets .case")).to_contain_text("No picture", timeout=PATIENCE)
    assert [(ticket.seat, ticket.kind) for ticket in sitting.state().tickets] == [(sitting.seat("Wren"), "no_picture")]


def test_a_chosen_person_who_goes_is_never_somebody_else(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sol.page.click("#tickets-for summary")
    sol.page.select_option("#ticket-for-seat", label="Fern")

    sitting.tap("Rae", "remove_seat", seat=sitting.seat("Fern"))
    expect(sol.page.locator("#ticket-for-seat")).not_to_contain_text("Fern")

    assert chosen(sol.page, "#ticket-for-seat") == ["", ""]
    sol.page.locator("#tickets-for form button").click()
    sol.is_refused("Something is still empty")
    assert sitting.state().tickets == ()
    sol.page.select_option("#ticket-for-seat", label="Ash")
    sol.page.locator("#tickets-for form button").click()
    expect(sol.page.locator("#tickets .case-name")).to_contain_text("Ash", timeout=PATIENCE)


def test_the_first_in_a_list_who_goes_is_never_the_next(sitting: Sitting) -> None:
    hosts = {alias: sitting.sits(alias) for alias in ("Sol", "Rae")}
    first = hosts["Sol"].page.locator("#ticket-for-seat option").first.text_content()
    host, other = ("Rae", "Sol") if first == "Sol" else ("Sol", "Rae")
    page = hosts[host].page
    page.click("#tickets-for summary")
    assert chosen(page, "#ticket-for-seat") == [first, sitting.seat(first)]

    if first == other:
        sitting.tap(other, "leave_session")
    else:
        sitting.tap(other, "remove_seat", seat=sitting.seat(first))
    expect(page.locator("#ticket-for-seat")).not_to_contain_text(first)

    assert chosen(page, "#ticket-for-seat") == ["", ""]


def test_a_tick_stands_only_for_those_who_were_named_beside_it(sitting: Sitting) -> None:
    sol = sitting.sits("Sol")
    sitting.tap("Noor", "go_on_duty")
    sitting.tap("Wren", "request_breakout")
    sol.sees("one_to_ones", "Wren")
    sol.page.click("#room-end summary")
    sol.page.check("#room-end input[type=checkbox]")
    sitting.tap("Ash", "request_turn", reply=False)
    sol.sees("queue", "Ash")
    assert sol.page.is_checked("#room-end input[type=checkbox]"), "what has nothing to do with it leaves the tick"

    sitting.tap("Fern", "request_breakout")
    expect(sol.page.locator("#room-end")).to_contain_text("Fern", timeout=PATIENCE)

    assert not sol.page.is_checked("#room-end input[type=checkbox]")
    assert sitting.state().phase == "live"


def test_a_minute_of_thirty_events_is_at_most_six_sentences(sitting: Sitting) -> None:
    wren = sitting.stranger("Wren")
    patient = re.compile(r"/socket\.io/\?.*transport=polling(?!.*sid=)")
    wren.page.route(patient, without_a_heartbeat)
    wren.page.clock.install()
    sitting.opens(wren)
    sitting.tap("Wren", "raise_break_signal", strength="few_minutes")
    wren.sees("break", "Sent")
    html = wren.context.request.get(f"{sitting.house.address}/here").text()
    assert '<div class="said" id="said" role="status"></div>' in html, "there from the start, or it is not listened to"
    assert html.count('role="status"') == 1
    wren.page.clock.run_for(15_000)
    wren.page.evaluate(LISTEN)
    began = wren.page.evaluate("performance.now()")
    wren.page.clock.pause_at(wren.page.evaluate("Date.now()") / 1000 + 0.1)

    for event in range(30):
        reply = ("here_for_you", "take_your_time")[event % 2]
        by = ("Sol", "Rae")[event % 2]
        drawn = number(wren.page)
        sitting.tap(by, "answer_break_signal", seat=wren.seat, reply=reply)
        until(lambda drawn=drawn: number(wren.page) > drawn, "the answer")  # type: ignore[misc]
        wren.page.clock.run_for(2_000)

    heard = wren.page.evaluate("window.heard")
    times = [at - began for at, _ in heard["said"] if at - began < 60_000]
    assert 2 <= len(times) <= 6, heard
    assert all(later - earlier >= 10_000 for earlier, later in pairwise(times))
    assert heard["said-now"] == [], "only her turn may interrupt her"
    assert {words for _, words in heard["said"]} <= {"Sol has answered you.", "Rae has answered you."}


def test_only_her_turn_interrupts_her_and_nobody_else(sitting: Sitting) -> None:
    wren, ash = sitting.sits("Wren"), sitting.sits("Ash")
    for who in (wren, ash):
        who.page.evaluate(LISTEN)
        assert who.page.get_attribute("#said-now", "role") == "alert"

    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)
    wren.sees("turn", "It is your turn")
    ash.sees("turn", "Wren is speaking")

    assert [words for _, words in wren.page.evaluate("window.heard['said-now']")] == ["It is your turn."]
    assert ash.page.evaluate("window.heard") == {"said": [], "said-now": []}, "it is not about her"


def a_lot_happens(sitting: Sitting, rounds: int) -> None:
    """Asking, speaking, signals and tickets, by everybody but those who are looked at."""
    for _ in range(rounds):
        sitting.tap("Ash", "request_turn", reply=False)
        sitting.tap("Fern", "raise_break_signal", strength="check_on_me")
        sitting.tap("Fern", "open_ticket", kind="cannot_hear")
        turn = sitting.state().queue.turn
        sitting.tap("Rae", "start_next_turn", turn=turn)
        sitting.tap("Ash", "finish_turn", turn=turn + 1)
        sitting.tap("Fern", "settle_break_signal")
        sitting.tap("Fern", "withdraw_ticket")


def drawers(page: Page) -> list[str]:
    """The drawers that stand open."""
    return list(page.evaluate("[...document.querySelectorAll('#panel details[open]')].map((one) => one.id)"))


def chosen(page: Page, select: str) -> list[str]:
    """What a list shows as chosen, and what it would send."""
    read = "one => [one.selectedOptions.length ? one.selectedOptions[0].textContent : '', one.value]"
    return list(page.locator(select).evaluate(read))


def without_a_heartbeat(route: Route) -> None:
    """The greeting of a server that would wait an hour, for a page whose minutes pass in a second."""
    if route.request.method != "GET":
        return route.continue_()
    answer = route.fetch()
    greeting = json.loads(answer.text()[1:])
    return route.fulfill(response=answer, body="0" + json.dumps({**greeting, "pingInterval": 3_600_000}))
