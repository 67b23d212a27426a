"""Joining and the desk in a real browser: nothing for axe to say, no sideways scroll, and all of it without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from companion.core.commands import OpenDoors
from companion.core.model import SYSTEM
from companion.records import GroupSettings
from companion.service import gathering, inviting, organising
from companion.service.inviting import Issued
from companion.service.perform import perform
from tests.fakes.plans import PLAN
from tests.live.evening import Served, free_port, lean_on

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


class Place:
    """A running service with one open session, one invited member and one organiser."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.deps = lean_on(folder, port)
        settings = GroupSettings(call_link="https://call.example/x", backup_number="020 7946 0958", safeguarding=PLAN)
        self.group = organising.add_group(self.deps, "Tuesday", settings)
        self.session = organising.add_session(self.deps, self.group.id, self.deps.clock())
        self.phrase = organising.add_organiser(self.deps, "jo")
        self.issued = self.invite("Ash")
        gathering.begin(self.deps, self.session.id)
        perform(self.deps, self.session.id, OpenDoors(), by=SYSTEM)
        self.served = Served(folder, port)
        self.served.start()
        self.address = self.served.address

    def invite(self, alias: str) -> Issued:
        someone = organising.add_person(self.deps, self.group.id, "member", "A Private Name", alias, waived_by="Sol")
        return inviting.invite(self.deps, self.session.id, someone.id)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    begun = Place(tmp_path)
    yield begun
    begun.served.stop()


def faults(page: Page, name: str) -> list[str]:
    """What axe finds, and whether anything sticks out, on a small phone and on a desk."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 720})
        out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if out > 0:
            found.append(f"{name} at {width}: {out} px stick out")
    for violation in Axe().run(page, options=RULES).response["violations"]:
        found.append(f"{name}: {violation['id']} {[node['html'][:90] for node in violation['nodes']]}")
    return found


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_the_way_in_can_be_used_by_everybody(browser: Browser, place: Place, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "422" not in said.text else None)

    page.goto(place.issued.link)
    problems += faults(page, "passcode")
    page.click("#passcode-cover")
    assert page.get_attribute("#passcode", "type") == "password"
    page.click("#passcode-cover")
    assert page.get_attribute("#passcode", "type") == "text"
    page.fill("#passcode", "0000 0000")
    page.press("#passcode", "Enter")
    problems += faults(page, "wrong passcode")
    page.click("#by-voice summary")
    page.click("#by-voice button")
    problems += faults(page, "voice")
    page.goto(place.issued.link)
    page.fill("#passcode", place.issued.passcode)
    page.press("#passcode", "Enter")
    page.wait_for_url("**/join")
    for name, before in (
        ("private space", "#answer-no"),
        ("options", ""),
        ("who sees", ""),
        ("agreement", ""),
        ("unticked", "#agree"),
        ("alias", ""),
    ):
        problems += faults(page, name)
        if before:
            page.check(before)
        if name != "alias":
            page.click("main form button.main")
    page.fill("#alias", "Fern 1987")
    page.click("main form button.main")
    problems += faults(page, "warned")
    page.click("button[name=keep]")
    page.wait_for_url("**/here")
    context.close()

    assert problems == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_desk_can_be_used_by_everybody(browser: Browser, place: Place, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "422" not in said.text else None)

    page.goto(f"{place.address}/desk")
    problems += faults(page, "log in")
    page.fill("#in-name", "jo")
    page.fill("#in-password", place.phrase)
    page.press("#in-password", "Enter")
    page.wait_for_url("**/desk")
    problems += faults(page, "groups")
    page.goto(f"{place.address}/desk/groups/{place.group.id}")
    page.click("#new-person summary")
    page.fill("#person-phone", "x")
    page.press("#person-phone", "Enter")
    page.wait_for_url("**/people")
    problems += faults(page, "group with mistakes")
    page.fill("#person-name", "Another Name")
    page.fill("#person-phone", "020 7946 0001")
    page.press("#person-phone", "Enter")
    page.get_by_role("link", name="Another Name").click()
    problems += faults(page, "person")
    page.fill("#show-password", place.phrase)
    page.press("#show-password", "Enter")
    problems += faults(page, "contact")
    page.goto(f"{place.address}/desk/sessions/{place.session.id}")
    problems += faults(page, "session")
    page.click("form[action*='/invite/'] button")
    page.wait_for_url("**/sheet")
    problems += faults(page, "sheet")
    page.goto(f"{place.address}/desk/letters")
    problems += faults(page, "letters")
    context.close()

    assert problems == []


@pytest.mark.browser
def test_the_whole_way_in_works_without_script_and_with_the_keyboard_alone(browser: Browser, place: Place) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 480})
    page = context.new_page()

    page.goto(place.issued.link)
    assert page.locator("#passcode-cover").is_hidden()
    page.focus("#passcode")
    page.keyboard.type(place.issued.passcode)
    page.keyboard.press("Enter")
    page.wait_for_url("**/join")
    page.focus("#answer-yes")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Who can get in")
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#agree")
    page.focus("#agree")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#alias")
    page.focus("#avatar-1")
    page.keyboard.press("ArrowDown")
    page.focus("#alias")
    page.keyboard.press("Enter")
    page.wait_for_url("**/here")
    context.close()

    saved = place.deps.store.load(place.session.id)
    assert saved is not None
    assert saved.state.seat(place.issued.invite.seat_id).state == "waiting"
