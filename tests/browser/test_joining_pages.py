"""The way in, in a real browser: a passcode that can be covered, and all of it without script and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from companion.core.commands import OpenDoors
from companion.core.model import SYSTEM
from companion.records import GroupSettings
from companion.service import gathering, inviting, organising
from companion.service.inviting import Issued
from companion.service.perform import perform
from tests.fakes.plans import PLAN
from tests.live.evening import Served, free_port, lean_on


class Place:
    """A running service with one open session, one invited member."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.deps = lean_on(folder, port)
        settings = GroupSettings(call_link="https://call.example/x", backup_number="020 7946 0958", safeguarding=PLAN)
        self.group = organising.add_group(self.deps, "Tuesday", settings)
        self.session = organising.add_session(self.deps, self.group.id, self.deps.clock())
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


@pytest.mark.browser
def test_a_passcode_can_be_covered_and_seen_again(browser: Browser, place: Place) -> None:
    page = browser.new_page()
    page.goto(place.issued.link)

    page.click("#passcode-cover")
    assert page.get_attribute("#passcode", "type") == "password"
    page.click("#passcode-cover")
    assert page.get_attribute("#passcode", "type") == "text"
    page.close()


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
