"""What needs a human is in sight at once for a second facilitator too, however much it is and wherever she scrolls."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from companion.core import commands as c
from companion.core.model import Role
from tests.browser.measures import AXE, NARROW, OPEN_ALL, RUN_AXE, SIDEWAYS, THUMBS, WHAT_A_WIDTH_CHANGES, WIDE
from tests.browser.people import PATIENCE, Person
from tests.browser.sitting import House, Sitting, number, until

pytestmark = pytest.mark.browser
TEN = ("Wren", "Ash", "Fern", "Lark", "Ivy", "Olive", "Hazel", "Juniper", "Birch", "Robin")
STAFF: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("facilitator", "Rae"),
    ("peer_supporter", "Noor"),
    ("tech_helper", "Kit"),
)
CAST_OF_TEN = (*STAFF, *(("member", alias) for alias in TEN))


def everybody_needs_something(sitting: Sitting) -> None:
    """Every kind of thing that can need a human, and nobody without any."""
    seats = {alias: sitting.seat(alias) for alias in TEN}
    sitting.perform(c.GoOnDuty(), by=sitting.seat("Noor"))
    for alias, wish in (
        ("Wren", c.RaiseBreakSignal("cannot_talk")),
        ("Wren", c.OpenTicket("cannot_hear")),
        ("Ash", c.RaiseBreakSignal("check_on_me")),
        ("Fern", c.RaiseBreakSignal("few_minutes", 1)),
        ("Lark", c.RaiseBreakSignal("few_minutes", 5)),
        ("Lark", c.OpenTicket("frozen_or_slow")),
        ("Ivy", c.RequestBreakout()),
        ("Olive", c.OpenTicket("no_picture")),
        ("Birch", c.RaiseBreakSignal("few_minutes", 10)),
        ("Birch", c.RequestBreakout()),
    ):
        sitting.perform(wish, by=seats[alias])
    sitting.perform(c.Arrive(seats["Hazel"], "laptop", "Hazel"))
    sitting.perform(c.Arrive(seats["Juniper"], "tablet", "Juniper"))
    sitting.perform(c.NoticeDrop(seats["Lark"]))
    sitting.perform(c.NoticeDrop(seats["Robin"]))
    sitting.house.clock.turn(seconds=70)
    sitting.perform(c.LetTimePass())


@pytest.fixture
def sitting(house: House) -> Iterator[Sitting]:
    begun = Sitting(house, cast=CAST_OF_TEN)
    everybody_needs_something(begun)
    yield begun
    begun.close()


def second_facilitator(sitting: Sitting, size: dict[str, int], rows: int = len(TEN)) -> Person:
    rae = sitting.stranger("Rae")
    rae.page.set_viewport_size(size)  # type: ignore[arg-type]
    sitting.opens(rae)
    expect(rae.page.locator(".now-person")).to_have_count(rows)
    return rae


# The rows that a person who has not scrolled does not see whole.
OUT_OF_SIGHT = """() => [...document.querySelectorAll(".now-person > summary")]
  .filter((row) => { const at = row.getBoundingClientRect(); return at.top < 0 || at.bottom > innerHeight; })
  .map((row) => row.textContent)"""
STARTS = """() => [...document.querySelectorAll(".now-person")].map((row) => row.getBoundingClientRect().left)"""
# The words of a row that stick out of it, or that another row lies on.
CUT = """() => [...document.querySelectorAll(".now-person")].flatMap((row) => {
  const at = row.getBoundingClientRect();
  return [...row.querySelectorAll(".now-name, .now-what, .now-also")]
    .map((words) => [words.textContent, words.getBoundingClientRect()])
    .filter(([, its]) => its.left < at.left || its.right > at.right || its.top < at.top || its.bottom > at.bottom + 1)
    .map(([words]) => words);
})"""
# What the keyboard has reached and the heading lies on.
HIDDEN = """() => {
  const one = document.activeElement;
  const at = one.getBoundingClientRect();
  const hit = document.elementFromPoint(at.left + at.width / 2, at.top + Math.min(at.height / 2, 24));
  const seen = hit && (one.contains(hit) || hit.contains(one));
  return seen ? "" : `${one.textContent.trim().slice(0, 40)} under ${hit && (hit.id || hit.className)}`;
}"""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["side panel", "desk"])
def test_a_second_facilitator_sees_all_ten_without_scrolling(sitting: Sitting, size: dict[str, int]) -> None:
    page = second_facilitator(sitting, size).page

    assert page.evaluate("scrollY") == 0
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert page.evaluate(CUT) == []
    assert sorted(page.locator(".now-name").all_inner_texts()) == sorted(TEN)
    assert page.locator(".now-person[open]").count() == 0, "nothing opens by itself, so nothing jumps"


def test_eight_are_eight_rows_in_a_side_panel(sitting: Sitting) -> None:
    sitting.perform(c.WithdrawTicket(), by=sitting.seat("Olive"))
    sitting.perform(c.SettleBreakSignal(), by=sitting.seat("Birch"))
    sitting.perform(c.WithdrawBreakout(), by=sitting.seat("Birch"))
    page = second_facilitator(sitting, NARROW, 8).page

    assert (page.evaluate(OUT_OF_SIGHT), page.evaluate(CUT)) == ([], [])
    assert len(set(page.evaluate(STARTS))) == 1


def test_thirteen_are_still_in_sight_in_a_side_panel(sitting: Sitting) -> None:
    for alias in ("Noor", "Kit", "Sol"):
        sitting.perform(c.Arrive(sitting.seat(alias), "another", alias))
    page = second_facilitator(sitting, NARROW, 13).page

    assert (page.evaluate(OUT_OF_SIGHT), page.evaluate(CUT)) == ([], [])
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert (page.evaluate(OUT_OF_SIGHT), page.evaluate(CUT)) == ([], [])


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["side panel", "desk"])
def test_the_count_stays_in_sight_and_leads_back(sitting: Sitting, size: dict[str, int]) -> None:
    page = second_facilitator(sitting, size).page

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    strip = page.locator(".now-strip")

    assert page.evaluate("scrollY") > 500
    assert on_top(page), "neither the bar nor the page lies on it"
    expect(strip).to_contain_text("10")
    expect(strip).to_contain_text("4 urgent")
    strip.click()
    page.wait_for_function(f"({OUT_OF_SIGHT})().length === 0", timeout=PATIENCE)
    assert page.evaluate("document.querySelector('.now-person').getBoundingClientRect().top") > bottom(page)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["side panel", "desk"])
def test_what_the_keyboard_reaches_is_never_under_it(sitting: Sitting, size: dict[str, int]) -> None:
    page = second_facilitator(sitting, size).page
    page.evaluate(OPEN_ALL)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator(".foot a").first.focus()

    hidden, reached = [], 0
    while page.evaluate("Boolean(document.activeElement.closest('#panel, .foot'))"):
        hidden += [found for found in [page.evaluate(HIDDEN)] if found]
        reached += 1
        page.keyboard.press("Shift+Tab")

    assert hidden == []
    assert reached > 100


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["side panel", "desk"])
def test_an_open_row_stays_open_and_keeps_the_keyboard(sitting: Sitting, size: dict[str, int]) -> None:
    page = second_facilitator(sitting, size).page
    row = f"#now-{sitting.seat('Ivy')}"
    page.locator(f"{row} > summary").focus()
    page.keyboard.press("Enter")
    there = page.evaluate("scrollY")
    before = number(page)

    for turn in range(10):
        # Somebody more pressing comes before her, and goes again.
        sitting.tap("Hazel", "raise_break_signal", strength="check_on_me")
        sitting.tap("Hazel", "settle_break_signal")
        if turn == 5:
            sitting.tap("Wren", "settle_break_signal")
    until(lambda: number(page) >= before + 20, "twenty drawings")

    assert page.evaluate("one => document.activeElement === document.querySelector(one)", f"{row} > summary")
    assert page.evaluate("[...document.querySelectorAll('.now-person[open]')].map((one) => one.id)") == [row[1:]]
    assert page.evaluate("scrollY") == there
    page.keyboard.press("Enter")
    expect(page.locator(".now-person[open]")).to_have_count(0)


def test_a_row_opens_onto_every_act_there_is_for_her(sitting: Sitting) -> None:
    page = second_facilitator(sitting, NARROW).page
    row = page.locator(f"#now-{sitting.seat('Wren')}")

    row.locator("> summary").click()
    expect(row).to_contain_text("Wren can't talk freely. Change the subject and don't say this name.")
    expect(row).to_contain_text("Nobody has taken Wren's request for help.")
    row.get_by_role("button", name="You can stay quiet").click()

    expect(row.locator(".now-what")).to_contain_text("needs tech help")
    expect(row).to_have_attribute("open", "")
    expect(page.locator(".now-strip")).to_contain_text("3 urgent")


def test_thumbs_ears_and_eyes_find_every_row(sitting: Sitting) -> None:
    page = second_facilitator(sitting, NARROW).page
    assert page.evaluate(THUMBS) == []
    assert page.evaluate("document.querySelector('.now-strip').getBoundingClientRect().height") >= 48
    rows = page.get_by_role("list").filter(has=page.locator(".now-person")).get_by_role("listitem")
    first = " ".join(rows.first.locator("summary").inner_text().split())

    page.evaluate(AXE)
    narrow = page.evaluate(RUN_AXE, [])
    page.evaluate(OPEN_ALL)
    assert (page.evaluate(THUMBS), page.evaluate(SIDEWAYS)) == ([], "")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")

    assert narrow == []
    assert page.evaluate(RUN_AXE, WHAT_A_WIDTH_CHANGES) == []
    assert re.fullmatch(r"Urgent: Wren can't talk freely( ·)? \d+ min Also: needs tech help", first)


def test_without_script_the_rows_open_too(sitting: Sitting) -> None:
    rae = sitting.sits("Rae", script=False)
    rae.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    row = f"#now-{sitting.seat('Ash')}"

    rae.page.click(f"{row} > summary")
    expect(rae.page.locator(f"{row} .alerts")).to_be_visible()
    rae.press("see_break_signal", seat=sitting.seat("Ash"))

    assert sitting.state().signal_of(sitting.seat("Ash")).state == "seen"  # type: ignore[union-attr]


def test_from_right_to_left_and_with_large_letters_no_row_is_cut(sitting: Sitting) -> None:
    page = second_facilitator(sitting, NARROW).page

    page.evaluate("document.documentElement.dir = 'rtl'")
    assert (page.evaluate(OUT_OF_SIGHT), page.evaluate(CUT), page.evaluate(SIDEWAYS)) == ([], [], "")
    page.evaluate("document.documentElement.dir = 'ltr'")
    letters = page.context.new_cdp_session(page)
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.wait_for_function("parseFloat(getComputedStyle(document.documentElement).fontSize) === 32")

    assert (page.evaluate(CUT), page.evaluate(SIDEWAYS)) == ([], "")


def on_top(page: Page) -> bool:
    """Whether the middle of the strip is what a finger would meet there."""
    look = """() => {
      const strip = document.querySelector(".now-strip");
      const at = strip.getBoundingClientRect();
      return at.top >= 0 && at.bottom <= innerHeight
        && [6, at.height / 2, at.height - 6].every((down) =>
          strip.contains(document.elementFromPoint(at.left + at.width / 2, at.top + down)));
    }"""
    return bool(page.evaluate(look))


def bottom(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.now-strip').getBoundingClientRect().bottom"))
