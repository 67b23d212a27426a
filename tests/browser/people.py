"""People in real browsers: each has a context of her own and presses what she sees, by the command its form sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from companion.service.inviting import Issued

PHONE = {"width": 360, "height": 640}
DESK = {"width": 420, "height": 900}
PATIENCE = 10_000  # milliseconds

# The form of a command whose fixed fields have these values; drawers around it are opened as a finger would.
FIND = """([command, fixed]) => {
  const forms = document.querySelectorAll(`#panel form[action="/act/${command}"]`);
  for (const form of forms) {
    const fits = Object.entries(fixed).every(([name, value]) => {
      const field = form.elements[name];
      if (!field) return false;
      if (field.tagName === "SELECT") return [...field.options].some((option) => option.value === value);
      if (field.type === "hidden") return field.value === value;
      return true;
    });
    if (!fits) continue;
    if (Date.now() - (form.cameAt || 0) < 700) return null;
    for (let at = form; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    return form;
  }
  return null;
}"""

WITHOUT_CLOCKS = """(panel) => {
  const still = panel.cloneNode(true);
  still.querySelectorAll("time").forEach((clock) => clock.remove());
  return still.textContent;
}"""

# Every tap has had its answer.
ANSWERED = """() => !document.querySelector('#panel form[data-state="sending"], #panel form[data-state="waiting"]')"""
LOOKS = 3

# Nobody presses a button within half a second of its coming up, and the page takes no such press for meant.
STAMP = """new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (node.nodeType !== 1 || document.readyState === "loading") continue;
    for (const form of [node, ...node.querySelectorAll("form")]) form.cameAt = Date.now();
  }
}).observe(document, { childList: true, subtree: true });"""


@dataclass(slots=True)
class Person:
    """Somebody with a browser."""

    alias: str
    context: BrowserContext
    page: Page
    issued: Issued
    problems: list[str] = field(default_factory=list)

    @property
    def seat(self) -> str:
        return self.issued.invite.seat_id

    def press(self, command: str, **fields: Any) -> None:
        """Press the button of that command, filling in what can be typed or chosen."""
        wanted = {name: _as_text(value) for name, value in fields.items()}
        for look in range(1, LOOKS + 1):
            try:
                return self._press(command, wanted)
            except Error as error:
                # The page was drawn anew under her finger: she looks again, as anybody would.
                if "not attached" not in str(error) or look == LOOKS:
                    raise
        return None

    def _press(self, command: str, wanted: dict[str, str]) -> None:
        form = self.page.wait_for_function(FIND, arg=[command, wanted], timeout=PATIENCE).as_element()
        assert form is not None, f"{self.alias} has no form for {command} {wanted}"
        for name, value in wanted.items():
            _fill(form.query_selector(f'[name="{name}"]'), value)
        button = form.query_selector("button")
        assert button is not None
        button.click()
        self.page.wait_for_function(ANSWERED, timeout=PATIENCE)

    def has_no(self, command: str) -> None:
        """The page offers no such act."""
        expect(self.page.locator(f'#panel form[action="/act/{command}"]')).to_have_count(0, timeout=PATIENCE)

    def sees(self, region: str, words: str) -> None:
        """Words that must come up in a region of her panel."""
        where = self.page.locator(f'[data-region="{region}"]')
        expect(where).to_contain_text(re.compile(words), timeout=PATIENCE)

    def sees_no(self, region: str, words: str) -> None:
        """Words that must not be, or not stay, in a region."""
        where = self.page.locator(f'[data-region="{region}"]')
        expect(where).not_to_contain_text(re.compile(words), timeout=PATIENCE)

    def is_refused(self, words: str) -> None:
        """A calm sentence where she pressed, or at the top."""
        expect(self.page.locator("#panel .refusal", has_text=re.compile(words)).first).to_be_visible(timeout=PATIENCE)

    def words(self) -> str:
        """Everything that stands in her panel, hidden drawers too; but for the clocks, which go on by themselves."""
        return str(self.page.locator("#panel").evaluate(WITHOUT_CLOCKS))


class Clock:
    """The server's clock, in a file that the test turns."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.file = file
        self.now = start
        self._write()

    def turn(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)
        self._write()

    def _write(self) -> None:
        # In one go: a server that reads meanwhile finds the time before or after, never half of it.
        fresh = self.file.with_suffix(".next")
        fresh.write_text(self.now.isoformat())
        fresh.replace(self.file)


def person(browser: Browser, address: str, alias: str, issued: Issued, viewport: dict[str, int]) -> Person:
    """A new browser context for somebody who has just opened her link."""
    context = browser.new_context(viewport=viewport, locale="en-GB")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    context.add_init_script(STAMP)
    page = context.new_page()
    who = Person(alias, context, page, issued)
    watch(page, who.problems)
    page.goto(issued.link.replace(issued.link.split("/i/")[0], address))
    return who


def watch(page: Page, problems: list[str]) -> None:
    """Note every breach of the content policy, script error and failed file."""
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda message: problems.append(message.text) if is_a_problem(message) else None)


def give_passcode(who: Person) -> None:
    """Type the passcode."""
    who.page.fill('input[name="passcode"]', who.issued.passcode)
    who.page.press('input[name="passcode"]', "Enter")


def go_through_joining(who: Person) -> None:
    """Private space, who sees what, agreement, alias: each a form of its own."""
    page = who.page
    page.check('form[action="/join/private_space"] input[value="yes"]')
    page.click('form[action="/join/private_space"] button')
    page.click('form[action="/join/who_sees"] button')
    page.check('form[action="/join/agreement"] input[type="checkbox"]')
    page.click('form[action="/join/agreement"] button')
    page.fill('form[action="/join/alias"] input[name="alias"]', who.alias)
    page.click('form[action="/join/alias"] button.main')
    page.wait_for_url("**/here")


def is_a_problem(message: ConsoleMessage) -> bool:
    """Whether the console says that something went wrong."""
    # A form that was refused comes back as a page with 422, which Chromium writes down as an error.
    return message.type == "error" and "the server responded with a status of 4" not in message.text


def _fill(spot: Any, value: str) -> None:
    if spot is None or spot.get_attribute("type") == "hidden":
        return
    if spot.evaluate("field => field.tagName") == "SELECT":
        spot.select_option(value)
    elif spot.get_attribute("type") in ("checkbox", "radio"):
        spot.check()
    else:
        spot.fill(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
