"""A served session whose people sit at browsers, with script or without, or at a bare wire."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from companion.core.commands import Command
from companion.core.model import SYSTEM, GroupRules, Role, SessionState
from companion.core.values import replace
from companion.service import inviting
from companion.service.deps import Deps
from companion.service.inviting import Issued
from companion.service.perform import perform
from tests.browser.people import DESK, PATIENCE, PHONE, STAMP, Clock, Person, watch
from tests.live.evening import CAST, Served, Way, free_port, lean_on, prepare, session_of
from tests.live.wire import Wire

MEMBERS = ("Wren", "Ash", "Fern")


class Plain(Person):
    """Somebody whose browser runs no script: she opens drawers with her finger, and asks for the page again herself."""

    def press(self, command: str, **fields: Any) -> None:
        form = self.form(command, **fields)
        for drawer in form.locator("xpath=ancestor::details[not(@open)]").all():
            drawer.locator("> summary").click()
        for name, value in fields.items():
            spot = form.locator(f'[name="{name}"]:not([type="hidden"])')
            if spot.count():
                spot.fill(str(value))
        with self.page.expect_navigation():
            form.locator("button").click()

    def form(self, command: str, **fields: Any) -> Locator:
        """The form of a command whose fixed fields have these values."""
        found = self.page.locator(f'#panel form[action="/act/{command}"]')
        for name, value in fields.items():
            fixed = {True: "yes", False: "no"}.get(value, value)
            has = f'[name="{name}"][value="{fixed}"], [name="{name}"]:not([type="hidden"])'
            found = found.filter(has=self.page.locator(has))
        return found.first

    def update(self) -> None:
        """The button that stands at the top of a page without script."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Update").click()

    def sees(self, region: str, words: str) -> None:
        self.update()
        super().sees(region, words)

    def sees_no(self, region: str, words: str) -> None:
        self.update()
        super().sees_no(region, words)


class House:
    """A running server on a folder of its own, with its clock in our hands."""

    def __init__(self, browser: Browser, folder: Path, port: int | None = None) -> None:
        self.browser = browser
        self.clock = Clock(folder / "clock", datetime.now(UTC).replace(microsecond=0))
        self.port = port or free_port()
        self.deps: Deps = replace(lean_on(folder, self.port), clock=lambda: self.clock.now)
        self.served = Served(folder, self.port, clock=self.clock.file)
        self.served.start()

    @property
    def address(self) -> str:
        return self.served.address

    def close(self) -> None:
        self.served.stop()


class Sitting:
    """One session in a house, and the people who look at it."""

    def __init__(
        self,
        house: House,
        phase: str = "live",
        cast: tuple[tuple[Role, str], ...] = CAST,
        rules: GroupRules | None = None,
    ) -> None:
        self.house = house
        self.ways: dict[str, Way] = prepare(house.deps, cast, phase=phase, rules=rules)
        self.session_id = session_of(house.deps, self.ways["Sol"])
        self.people: list[Person] = []
        self.wires: dict[str, Wire] = {}

    def sits(self, alias: str, **options: Any) -> Person:
        """Somebody at a browser of her own, on her page."""
        who = self.stranger(alias, **options)
        self.opens(who)
        return who

    def opens(self, who: Person) -> None:
        """She opens her page, with whatever was done to her browser before."""
        name, token = self.ways[who.alias].cookie.split("=", 1)
        cookie = {"name": name, "value": token, "url": self.house.address, "httpOnly": True}
        who.context.add_cookies([cookie])  # type: ignore[list-item]
        who.page.goto(f"{self.house.address}/here")
        if not isinstance(who, Plain):
            expect(who.page.locator("html.js")).to_be_attached(timeout=PATIENCE)

    def stranger(self, alias: str, *, script: bool = True, **options: Any) -> Person:
        """Somebody at a browser who has been nowhere yet."""
        viewport = PHONE if alias in MEMBERS else DESK
        context = self.house.browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            locale="en-GB",
            java_script_enabled=script,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if script:
            context.add_init_script(STAMP)
        access = self.house.deps.store.access(self.ways[alias].access_id)
        assert access is not None
        invite = self.house.deps.store.invite(access.invite_id)
        assert invite is not None
        who = (Person if script else Plain)(alias, context, context.new_page(), Issued(invite, "", ""))
        watch(who.page, who.problems)
        self.people.append(who)
        return who

    def issue(self, who: Person) -> Issued:
        """A fresh link and passcode for her."""
        who.issued = inviting.reissue(self.house.deps, who.issued.invite.id)
        return who.issued

    def wire(self, alias: str) -> Wire:
        """Somebody without a browser, who can tap all the same; her page is opened once."""
        if alias not in self.wires:
            self.wires[alias] = self.house.served.connect(self.ways[alias])
        return self.wires[alias]

    def tap(self, who: str, command: str, /, **fields: Any) -> None:
        """A tap of hers, which must be taken."""
        answer = self.wire(who).tap(command, **fields)
        assert answer == {"ok": True}, (who, command, answer)

    def seat(self, alias: str) -> str:
        return self.ways[alias].seat_id

    def state(self) -> SessionState:
        """The session as it is kept."""
        saved = self.house.deps.store.load(self.session_id)
        assert saved is not None
        return saved.state

    def perform(self, command: Command, by: str = SYSTEM) -> None:
        """An act that nobody's page hears of until it is drawn again."""
        perform(self.house.deps, self.session_id, command, by=by)

    def close(self) -> None:
        for who in self.people:
            who.context.close()
        for wire in self.wires.values():
            wire.close()


def number(page: Page) -> int:
    """Which drawing the page shows."""
    return int(page.evaluate("document.getElementById('panel').dataset.number"))


def until(met: Callable[[], Any], what: str, page: Page | None = None, *, patience: int = PATIENCE) -> None:
    """Wait until something holds. What the browser tells us by itself is heard only while a page is asked to wait."""
    deadline = time.monotonic() + patience / 1000
    while not met():
        assert time.monotonic() < deadline, f"{what} never came"
        if page is not None:
            page.wait_for_timeout(50)
        else:
            time.sleep(0.05)
