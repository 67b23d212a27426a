"""A session whose call is at Zoom, with a client that plays fair: what the tests of the panel inside it share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from companion.core import commands as c
from companion.core.callers import in_call
from companion.core.model import BreakoutRequest, GroupRules, InCall
from companion.service.calls import ref_of
from tests.browser.people import Person
from tests.browser.sitting import House, Sitting, until
from tests.browser.zoom_client import Someone, ZoomClient

RULES = GroupRules(call_rooms=True)
LONG = 30_000  # milliseconds: a page tells what it notices at an easy pace
ZOOM = "https://zoom.us/wc/1/meeting"


class Evening(Sitting):
    """A session whose call is at Zoom, where Wren and Noor are known by what Zoom reported of them."""

    def __init__(self, house: House) -> None:
        super().__init__(house, rules=RULES)
        self.client = ZoomClient()
        for alias in ("Wren", "Noor"):
            self.comes(alias)

    def comes(self, alias: str) -> None:
        """Into the call: Zoom reports her with our own reference, under the key by which its client knows her."""
        self.client.people[key(alias)] = Someone(alias)
        caller = ref_of(self.house.deps, self.session_id, self.seat(alias))
        self.perform(c.NoticeCaller(key(alias), "call", caller, alias, self.house.clock.now))

    def inside(self, alias: str = "Sol") -> Person:
        """Her panel inside Zoom: by the page that Zoom opens."""
        who = self.stranger(alias)
        self.client.around(who.context)
        self.client.shows(who.page)
        who.page.goto(f"{self.house.address}/zoom")
        self.opens(who)
        return who

    def called(self, person: str) -> InCall | None:
        return in_call(self.state(), person)

    def pair(self, alias: str = "Wren", supporter: str = "Noor") -> BreakoutRequest:
        """A one-to-one that is open."""
        if not any(seat.on_duty for seat in self.state().seats if seat.id == self.seat(supporter)):
            self.tap(supporter, "go_on_duty")
        self.tap(alias, "request_breakout")
        (mine,) = [one for one in self.state().breakouts if one.seat == self.seat(alias)]
        self.tap(supporter, "claim_breakout", request=mine.id)
        self.tap(alias, "accept_breakout")
        return mine

    def given_up(self) -> bool:
        return all(one.moved_by is None and one.room_given_up for one in self.state().breakouts)

    def stands(self, who: Person, alias: str) -> None:
        """In the line, on a facilitator's page."""
        expect(who.page.locator(f"#place-more-{self.seat(alias)}")).to_be_attached(timeout=LONG)

    def stands_no_more(self, who: Person, alias: str) -> None:
        expect(who.page.locator(f"#place-more-{self.seat(alias)}")).to_have_count(0, timeout=LONG)

    def line(self) -> list[str]:
        """Who waits to speak, by alias."""
        state = self.state()
        return [state.alias(place.seat) for place in state.queue.line.places]

    def connected(self, who: Person, pages: int = 1) -> None:
        """Her page listens to Zoom, and has done so since each of this many times that it was loaded."""
        self.waits(who, lambda: self.client.asked.count("getMeetingUUID") >= pages, "the client")
        who.page.wait_for_timeout(200)

    def waits(self, who: Person, met: Callable[[], Any], what: str) -> None:
        until(met, what, who.page, patience=LONG)


def key(alias: str) -> str:
    return f"P-{alias.upper()}"
