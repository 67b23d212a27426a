"""The whole evening for somebody whose browser runs no script: links, forms, and a button that says "Update"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from companion.core.commands import SetAsking
from tests.browser.people import PATIENCE, Person, give_passcode
from tests.browser.sitting import House, Plain, Sitting

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(house: House) -> Iterator[Sitting]:
    begun = Sitting(house, phase="planned")
    yield begun
    begun.close()


def test_the_whole_journey(planned: Sitting) -> None:
    sol = comes_by_her_link(planned, "Sol")
    sol.press("open_doors")
    noor, kit = comes_by_her_link(planned, "Noor"), comes_by_her_link(planned, "Kit")
    wren = comes_by_her_link(planned, "Wren")
    goes_through_the_steps(wren)

    is_let_in(sol, wren)
    speaks(sol, wren)
    takes_a_break(sol, wren)
    talks_one_to_one(noor, wren)
    is_helped(kit, wren)
    leaves_quickly(sol, wren)
    for who in (sol, noor, kit, wren):
        assert who.problems == [], f"{who.alias}: {who.problems}"


def comes_by_her_link(planned: Sitting, alias: str) -> Plain:
    who = planned.stranger(alias, script=False)
    assert isinstance(who, Plain)
    who.page.goto(planned.issue(who).link)
    give_passcode(who)
    who.page.wait_for_url("**/join" if alias == "Wren" else "**/here")
    kept = {cookie["name"]: (cookie["httpOnly"], cookie["sameSite"]) for cookie in who.context.cookies()}
    assert kept == {name: (True, "Lax") for name in kept}
    assert set(kept) <= {"id", "desk"}
    return who


def goes_through_the_steps(wren: Plain) -> None:
    page = wren.page
    page.check('input[value="no"]')
    page.click("main button.main")
    expect(page.locator("main")).to_contain_text("Put headphones in")
    page.click("main button.main")
    expect(page.locator("main")).to_contain_text("Step 2 of 4")
    page.click("main button.main")
    with page.expect_navigation() as refused:
        page.click("main button.main")
    assert refused.value.status == 422
    expect(page.get_by_role("alert").filter(has_text="tick the box")).to_be_visible()
    page.check("#agree")
    page.click("main button.main")
    page.check("#avatar-3", force=True)
    page.fill("#alias", "Wren")
    page.click("main button.main")
    page.wait_for_url("**/here")
    wren.sees("room", "waiting room")


def is_let_in(sol: Plain, wren: Plain) -> None:
    sol.sees("now", "Wren")
    sol.press("message_door", seat=wren.seat, message="two_minutes")
    wren.sees("room", "two minutes")
    sol.press("admit_seat", seat=wren.seat)
    sol.press("start_session")
    wren.sees("turn", "Ask to speak")


def speaks(sol: Plain, wren: Plain) -> None:
    wren.press("request_turn", reply=False, note="about my week")
    assert "number 1 in line" in wren.words()
    sol.sees("queue", "about my week")
    sol.press("start_next_turn")
    wren.sees("turn", "It is your turn")
    assert "It is your turn." in news_of(wren)
    wren.press("finish_turn")
    assert "Nobody is speaking" in wren.words()


def takes_a_break(sol: Plain, wren: Plain) -> None:
    wren.press("raise_break_signal", strength="few_minutes", minutes=10)
    sol.sees("signals", "Wren")
    sol.press("see_break_signal", seat=wren.seat)
    wren.sees("break", "Seen by Sol")
    sol.press("answer_break_signal", seat=wren.seat, reply="take_your_time")
    wren.update()
    assert "Sol has answered you." in news_of(wren)
    wren.press("settle_break_signal")
    sol.sees_no("signals", "Wren")


def talks_one_to_one(noor: Plain, wren: Plain) -> None:
    noor.press("go_on_duty")
    wren.sees("one_to_one", "Ask for a one-to-one")
    wren.press("request_breakout")
    noor.sees("one_to_ones", "Wren")
    noor.press("claim_breakout")
    wren.sees("one_to_one", "Noor has time for you")
    wren.press("accept_breakout")
    rooms = [who.context.request.get(_at(who, "/room"), max_redirects=0) for who in (wren, noor)]
    assert [room.status for room in rooms] == [303, 303]
    assert len({room.headers["location"] for room in rooms}) == 1
    wren.press("finish_breakout")
    noor.sees("one_to_ones", "No requests")


def is_helped(kit: Plain, wren: Plain) -> None:
    wren.press("open_ticket", kind="something_else", words="It hums")
    kit.sees("tickets", "It hums")
    kit.press("take_ticket")
    kit.press("send_step", step="volume")
    wren.sees("help", "Kit has taken this")
    assert wren.page.get_by_text("can't measure without JavaScript").count() == 1
    wren.press("mark_step_done", step="volume")
    wren.press("call_me", number="07700 900123", on_file=False)
    kit.sees("tickets", "07700 900123")
    kit.press("ask_if_solved")
    wren.sees("help", "Did that work?")
    wren.press("confirm_ticket", works=True)
    kit.sees("tickets", "No requests")


def leaves_quickly(sol: Plain, wren: Plain) -> None:
    with wren.page.expect_event("response", lambda answer: answer.url == _at(wren, "/leave")) as left:
        wren.page.click("#leave")
    assert (left.value.status, left.value.headers["location"]) == (303, "https://www.bbc.co.uk/weather")
    assert wren.context.cookies() == []
    later = wren.context.new_page()
    back = later.goto(_at(wren, "/here"))
    assert back is not None
    assert back.status == 401
    expect(later.locator("body")).not_to_contain_text("Wren")
    sol.sees("people", "Has left")


def test_a_double_click_acts_once(sitting: Sitting) -> None:
    sol = plainly(sitting, "Sol")
    form = sol.form("write_note", desk="care")
    form.locator('[name="words"]').fill("Once is enough")

    # The second click cuts the first one's way to the next page short: for Playwright that is a failure.
    form.locator("button").dblclick()
    expect(sol.page.locator(".note-words")).to_have_text(["Once is enough"], timeout=PATIENCE)
    sol.update()

    expect(sol.page.locator(".note-words")).to_have_text(["Once is enough"])
    assert [note.words for note in sitting.state().notes] == ["Once is enough"]


def test_back_and_send_again_acts_once(sitting: Sitting) -> None:
    sol = plainly(sitting, "Sol")
    drawn = sol.page.content()
    sol.press("write_note", desk="care", words="Once is enough")
    expect(sol.page.locator(".note-words")).to_have_text(["Once is enough"])

    # Browsers that keep a page in memory show the very same form again.
    again = iter([drawn])

    def remember(route: Route) -> None:
        body = next(again, None)
        route.continue_() if body is None else route.fulfill(body=body, content_type="text/html")

    sol.page.route("**/here", remember)
    sol.page.go_back(wait_until="commit")
    expect(sol.page.locator(".note-words")).to_have_count(0)
    sol.press("write_note", desk="care", words="Once is enough")

    expect(sol.page.locator(".note-words")).to_have_text(["Once is enough"])
    sol.press("write_note", desk="care", words="Once is enough")
    expect(sol.page.locator(".note-words")).to_have_text(["Once is enough", "Once is enough"])


def test_a_form_that_the_browser_sends_again_has_no_second_effect(sitting: Sitting) -> None:
    wren, sol = plainly(sitting, "Wren"), plainly(sitting, "Sol")
    with wren.page.expect_request("**/act/request_turn") as sent:
        wren.press("request_turn", reply=False)
    sol.sees("queue", "Wren")
    wren.press("withdraw_turn")

    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": sitting.house.address}
    again = wren.context.request.post(sent.value.url, data=sent.value.post_data, headers=kind)

    assert (again.status, again.url) == (200, _at(wren, "/here"))
    sol.sees("queue", "Nobody is waiting")


def test_a_refused_page_that_is_loaded_again_is_her_page(sitting: Sitting) -> None:
    wren = plainly(sitting, "Wren")
    sitting.perform(SetAsking("last_turns"), by=sitting.seat("Sol"))
    wren.press("request_turn", reply=False)

    wren.page.goto(wren.page.url)

    assert "These are the last turns of today." in wren.words()


def test_a_refused_act_comes_back_with_its_sentence_and_the_page_as_it_is_now(sitting: Sitting) -> None:
    wren = plainly(sitting, "Wren")
    sitting.perform(SetAsking("last_turns"), by=sitting.seat("Sol"))
    form = wren.form("request_turn", reply=False)

    with wren.page.expect_navigation() as answer:
        form.locator("button").click()

    assert answer.value.status == 422
    expect(wren.page.locator("#refusal")).to_have_text("These are the last turns. You can still send a private signal.")
    assert "These are the last turns of today." in wren.words()
    wren.has_no("request_turn")
    wren.update()
    expect(wren.page.locator("#refusal")).to_be_hidden()
    assert wren.page.url.removesuffix("?") == _at(wren, "/here")


def test_update_asks_for_the_page_again_and_stands_where_it_is_found(sitting: Sitting) -> None:
    wren, ash = plainly(sitting, "Wren"), plainly(sitting, "Ash")
    sitting.tap("Sol", "invite_to_speak", seat=sitting.seat("Ash"), turn=0)
    assert "Ash is speaking" not in wren.words()

    wren.update()

    assert "Ash is speaking" in wren.words()
    ash.update()
    assert "It is your turn" in ash.words()
    place = wren.page.get_by_role("button", name="Update").bounding_box()
    assert place is not None
    assert place["y"] < 200, "the button is where she looks first"


def plainly(sitting: Sitting, alias: str) -> Plain:
    who = sitting.sits(alias, script=False)
    assert isinstance(who, Plain)
    return who


def news_of(who: Plain) -> str:
    """The sentence that a screen reader would have said."""
    expect(who.page.locator('[data-region="news"]')).to_be_visible(timeout=PATIENCE)
    return who.page.locator('[data-region="news"]').inner_text()


def _at(who: Person, path: str) -> str:
    return f"{who.issued.link.split('/i/')[0]}{path}" if who.issued.link else who.page.url.split("/here")[0] + path
