"""A passkey in a real browser, with the keyboard alone: made, used, and never outside the content policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

from companion.records import Passkey
from companion.service.deps import Deps
from companion.service.staff import links, passkeys
from tests.browser.people import PATIENCE, watch
from tests.browser_path import CHROMIUM_ARGS, chromium_executable
from tests.fakes.staff import PASSWORD, a_browser, an_account
from tests.live.evening import Served, free_port, lean_on

pytestmark = pytest.mark.browser
# A passkey belongs to a name; the other browser tests know our server by a number alone.
AT_HOME = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Desk:
    """Somebody at a browser with a device that keeps passkeys, and nothing but a keyboard."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        watch(self.page, self.problems)
        self.device: CDPSession = context.new_cdp_session(self.page)
        self.device.send("WebAuthn.enable")
        self.name = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def type(self, field: str, words: str) -> None:
        self.reach(f"[name={field}]:visible")
        self.page.keyboard.type(words)

    def press(self, words: str) -> None:
        self.reach(f"button:visible:has-text('{words}')")
        self.page.keyboard.press("Enter")

    def reach(self, selector: str) -> None:
        """Go there by Tab, as whoever has no mouse does."""
        there = self.page.locator(selector).first
        there.wait_for(timeout=PATIENCE)
        for _ in range(60):
            if there.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by keyboard to {selector}")

    def is_at(self, path: str) -> None:
        self.page.wait_for_url(self.address + path, timeout=PATIENCE)


@pytest.fixture
def deps(tmp_path: Path) -> Deps:
    return lean_on(tmp_path, free_port())


@pytest.fixture
def desk(deps: Deps, driver: Playwright) -> Iterator[Desk]:
    chromium = driver.chromium.launch(executable_path=chromium_executable(), args=[*CHROMIUM_ARGS, AT_HOME])
    with Served(deps.settings.data, deps.settings.port) as served:
        yield Desk(chromium.new_context(), served.address.replace("127.0.0.1", "localhost"))
    chromium.close()


def test_a_passkey_is_made_with_the_first_account_and_opens_it_again(deps: Deps, desk: Desk) -> None:
    desk.open(links.begin(deps).address.removeprefix(deps.settings.address))
    desk.type("name", "Noor Hale")
    desk.type("new_password", PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.is_at("/desk/me/factors")
    desk.type("label", "my laptop")
    desk.press("Make a passkey")
    desk.is_at("/desk")

    desk.press("Log out")
    desk.is_at("/desk/in")
    desk.type("name", "noor hale")
    desk.type("password", PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.is_at("/desk/in/code")
    desk.press("Use a passkey")
    desk.is_at("/desk")

    assert desk.problems == []
    (account,) = {kept.account_id for kept in deps.store.shelf(Passkey).find()}
    (kept,) = passkeys.of_account(deps, account)
    assert (kept.label, kept.sign_count > 0) == ("my laptop", True)


def test_a_device_that_does_not_know_who_holds_it_opens_nothing(deps: Deps, desk: Desk) -> None:
    account = an_account(deps, "jo", keeper=True)
    token = a_browser(deps, account, "setup").token
    desk.page.context.add_cookies([{"name": "me", "value": token, "url": desk.address}])
    desk.open("/desk")
    desk.device.send("WebAuthn.setUserVerified", {"authenticatorId": desk.name, "isUserVerified": False})

    desk.press("Make a passkey")

    desk.page.get_by_text("That was stopped. You can try again.").wait_for(timeout=PATIENCE)
    assert passkeys.of_account(deps, account.id) == []
    assert desk.problems == []


def test_by_a_number_no_passkey_is_offered_and_codes_still_are(deps: Deps, desk: Desk) -> None:
    token = a_browser(deps, an_account(deps, "jo", keeper=True), "setup").token
    number = desk.address.replace("localhost", "127.0.0.1")
    desk.page.context.add_cookies([{"name": "me", "value": token, "url": number}])

    desk.page.goto(f"{number}/desk")

    assert desk.page.locator("form[data-passkey]").is_hidden()
    assert desk.page.get_by_label("Six digits from your app").is_visible()


def test_a_password_can_be_shown_while_it_is_typed(deps: Deps, desk: Desk) -> None:
    desk.open(links.begin(deps).address.removeprefix(deps.settings.address))
    desk.type("new_password", PASSWORD)
    field = desk.page.locator("[name=new_password]")
    covered = field.get_attribute("type")
    desk.press("Show the password")
    shown = field.get_attribute("type")
    desk.reach("[name=new_password]")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_load_state()

    assert (covered, shown, field.get_attribute("type")) == ("password", "text", "password")
    assert desk.problems == []
