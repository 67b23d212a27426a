"""For everybody, A1 to A11: what is announced, what can be held still, what is read aloud, where keys lead."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from companion import drawing
from tests.browser.people import DESK, PHONE
from tests.browser.sitting import House, Sitting, until

pytestmark = pytest.mark.browser
# A voice that says nothing and writes down what it was given.
VOICE = """(() => {
  window.heard = [];
  const voice = {
    speaking: false,
    getVoices: () => VOICES,
    addEventListener: () => {},
    cancel: () => { voice.speaking = false; },
    speak: (said) => { voice.speaking = true; heard.push([said.lang, said.text]); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: voice });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})()"""
ENGLISH = '[{ lang: "en-GB" }]'
# Thirty pieces of news in a minute, each two seconds after the one before.
SAID = """async (path) => {
  const { mountSaid } = await import(path);
  const place = document.createElement("div");
  document.body.append(place);
  window.writes = [];
  new MutationObserver(() => place.textContent && writes.push(place.textContent)).observe(place, { childList: true });
  window.said = mountSaid(place, document.createElement("div"));
}"""
STOPS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const at = one.getBoundingClientRect();
  const bar = document.querySelector(".bar").getBoundingClientRect();
  const inBar = Boolean(one.closest(".bar")) || one.matches(".skip");
  const hidden = !inBar && (at.bottom <= bar.bottom || at.top >= innerHeight || at.height === 0);
  return { what: one.id || one.textContent.trim().slice(0, 30), hidden };
}"""


# A1


def test_thirty_pieces_of_news_in_a_minute_are_six_announcements_at_most(browser: Browser, house: House) -> None:
    page = browser.new_page()
    page.clock.install()
    page.goto(house.address)
    page.evaluate(SAID, drawing.static_url("js/said.js"))

    for number in range(30):  # the last of them two seconds before the minute is over
        page.evaluate("(number) => said.say(`News ${number}`)", number)
        page.clock.run_for(1900)
    written = page.evaluate("writes")

    assert 3 <= len(written) <= 6
    assert written[-1] != "News 0"
    page.close()


def test_only_her_own_changes_are_announced(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.page.evaluate("""() => {
      window.writes = [];
      const note = () => writes.push(document.getElementById("said").textContent);
      new MutationObserver(note).observe(document.getElementById("said"), { childList: true });
    }""")

    for alias in ("Ash", "Fern"):
        sitting.tap(alias, "request_turn", reply=False)
        sitting.tap(alias, "raise_break_signal", strength="check_on_me")
    sitting.tap("Sol", "invite_to_speak", seat=sitting.seat("Ash"), turn=0)
    wren.sees("turn", "Ash is speaking")

    assert wren.page.evaluate("writes") == []


# A3


@pytest.mark.parametrize("alias", ["Wren", "Sol", "Noor", "Kit"])
def test_the_keyboard_reaches_everything_and_is_never_hidden_while_things_change(sitting: Sitting, alias: str) -> None:
    who = sitting.sits(alias)
    who.page.set_viewport_size(PHONE if alias == "Wren" else DESK)  # type: ignore[arg-type]
    wanted = who.page.evaluate("""() => [...document.querySelectorAll("a[href], button, summary, input, select")]
      .filter((one) => one.checkVisibility() && one.type !== "hidden" && !one.disabled).length""")

    stops = []
    for number in range(wanted + 5):
        if number % 6 == 0:
            sitting.tap("Ash", "request_turn" if number % 12 == 0 else "withdraw_turn")
        who.page.keyboard.press("Tab")
        stop = who.page.evaluate(STOPS)
        if stop is None:
            break
        stops.append(stop)

    assert [stop["what"] for stop in stops if stop["hidden"]] == []
    assert len(stops) >= wanted * 0.8


# A4


def test_the_page_can_be_held_still(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.page.click("#still")
    before = wren.words()

    sitting.tap("Sol", "invite_to_speak", seat=sitting.seat("Ash"), turn=0)
    expect(wren.page.locator("#still-new")).to_be_visible()
    assert wren.words() == before
    sitting.tap("Sol", "pause_room")
    wren.page.get_by_role("button", name="Show it").click()

    wren.sees("turn", "Ash is speaking")
    wren.sees("room", "short pause")
    sitting.tap("Sol", "resume_room")
    expect(wren.page.locator("#still-new")).to_be_visible()
    wren.page.click("#still")
    wren.sees_no("room", "short pause")
    expect(wren.page.locator("#still-new")).to_be_hidden()


def test_her_turn_is_announced_on_a_still_page_too(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.page.click("#still")

    sitting.tap("Sol", "invite_to_speak", seat=wren.seat, turn=0)

    expect(wren.page.locator("#said-now")).to_have_text("It is your turn.")


def test_a_tap_on_a_still_page_is_answered_all_the_same(sitting: Sitting) -> None:
    wren = sitting.sits("Wren")
    wren.page.click("#still")

    wren.press("raise_break_signal", strength="few_minutes")

    until(lambda: len(sitting.state().signals) == 1, "her signal", wren.page)


# A11


def with_voice(sitting: Sitting, voices: str) -> Page:
    wren = sitting.stranger("Wren")
    wren.page.add_init_script(VOICE.replace("VOICES", voices))
    sitting.opens(wren)
    return wren.page


def test_reading_aloud_is_offered_only_where_there_is_a_voice_for_it(sitting: Sitting) -> None:
    expect(with_voice(sitting, "[]").locator("#aloud")).to_be_hidden()
    expect(with_voice(sitting, '[{ lang: "fr-FR" }]').locator("#aloud")).to_be_hidden()
    expect(with_voice(sitting, ENGLISH).locator("#aloud")).to_be_visible()


def test_a_card_is_read_when_its_button_is_pressed_and_never_by_itself(sitting: Sitting) -> None:
    page = with_voice(sitting, ENGLISH)
    page.click("#aloud")
    expect(page.locator("#aloud-warning")).to_have_text("Others near you may hear it.")
    sitting.tap("Sol", "invite_to_speak", seat=sitting.seat("Ash"), turn=0)
    expect(page.locator("[data-region=turn]")).to_contain_text("Ash is speaking")
    assert page.evaluate("heard") == []

    page.locator("[data-region=turn] .aloud-card").click()
    (said,) = page.evaluate("heard")

    assert said[0] == "en"
    assert "Ash is speaking" in said[1]
    assert "Read this" not in said[1]
    page.locator("[data-region=turn] .aloud-card").click()
    assert len(page.evaluate("heard")) == 1, "a second press stops it"
    page.click("#aloud")
    expect(page.locator(".aloud-card")).to_have_count(0)


def test_leaving_cuts_the_voice_off_before_the_other_page_has_answered(sitting: Sitting) -> None:
    page = with_voice(sitting, ENGLISH)
    page.context.route("https://www.bbc.co.uk/**", lambda route: None)  # it never answers
    page.click("#aloud")
    page.locator("[data-region=turn] .aloud-card").click()
    assert page.evaluate("speechSynthesis.speaking") is True

    silent = page.evaluate("document.getElementById('leave').click(), !speechSynthesis.speaking")

    assert silent is True
