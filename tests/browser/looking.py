"""Looks at one page as closely as a browser can: what it asked for, what it was told, what it holds, how it fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Response

from tests.browser.measures import (
    AS_IT_WAS,
    AXE,
    HEAD,
    IN_COLOURS,
    NARROW,
    OPEN_ALL,
    ROOMY,
    RUN_AXE,
    SIDEWAYS,
    SPACED,
    THUMBS,
    WHAT_A_WIDTH_CHANGES,
    WIDE,
)
from tests.browser.moments import Moments
from tests.browser.people import PATIENCE, is_a_problem
from tests.browser.places import Place
from tests.live.evening import Served


@dataclass
class Seen:
    """What was found at one place."""

    status: int = 0
    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)  # status, address, headers
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    sideways: dict[str, str] = field(default_factory=dict)
    thumbs: list[str] = field(default_factory=list)
    axe: dict[str, list[str]] = field(default_factory=dict)
    colours: dict[str, list[str]] = field(default_factory=dict)


class Eyes:
    """One page in one browser that goes from place to place."""

    def __init__(self, browser: Browser, served: Served, moments: Moments) -> None:
        self._served, self._moments = served, moments
        self._context = browser.new_context(locale="en-GB")
        self._context.set_default_timeout(PATIENCE)
        self._page = self._context.new_page()
        self._letters = self._context.new_cdp_session(self._page)
        self._seen = Seen()
        self._page.on("pageerror", lambda error: self._seen.problems.append(f"script: {error}"))
        self._page.on("console", self._hear)
        self._page.on("request", lambda request: self._seen.requests.append(request.url))
        self._page.on("websocket", lambda socket: self._seen.requests.append(socket.url.replace("ws", "http", 1)))
        self._page.on("response", lambda response: _note(self._seen, response))

    def look(self, place: Place, colours: tuple[str, str]) -> Seen:
        """Open a place and write down everything about it, in this theme and contrast too."""
        page = self._page
        page.goto("about:blank")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        seen = self._seen = Seen()
        place.open(page, self._served, self._moments)
        seen.cookies = [cookie["name"] for cookie in self._context.cookies()]
        seen.head = page.evaluate(HEAD)
        self._measure(seen)
        self._ask_axe(seen, colours)
        return seen

    def close(self) -> None:
        self._context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if is_a_problem(message):
            self._seen.problems.append(message.text)

    def _measure(self, seen: Seen) -> None:
        page = self._page
        seen.sideways["320 px"] = page.evaluate(SIDEWAYS)
        page.evaluate(OPEN_ALL)
        seen.sideways["320 px, all drawers open"] = page.evaluate(SIDEWAYS)
        seen.thumbs = page.evaluate(THUMBS)
        self._letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        page.wait_for_function("parseFloat(getComputedStyle(document.documentElement).fontSize) === 32")
        seen.sideways["320 px, letters doubled"] = page.evaluate(SIDEWAYS)
        self._letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})

    def _ask_axe(self, seen: Seen, colours: tuple[str, str]) -> None:
        page = self._page
        # Injected by the inspector, so that the page's own policy stays as strict as it is; and counted no more.
        problems = list(seen.problems)
        page.evaluate(AXE)
        seen.axe["320 px"] = page.evaluate(RUN_AXE, [])
        seen.colours = page.evaluate(IN_COLOURS, [colours])
        page.evaluate(ROOMY)
        seen.sideways["320 px, roomy"] = page.evaluate(SIDEWAYS)
        page.evaluate(SPACED)
        seen.sideways["320 px, roomy and spaced"] = page.evaluate(SIDEWAYS)
        page.evaluate(AS_IT_WAS)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark")
        seen.axe["1280 px, dark"] = page.evaluate(RUN_AXE, WHAT_A_WIDTH_CHANGES)
        seen.sideways["1280 px"] = page.evaluate(SIDEWAYS)
        seen.problems = problems


def _note(seen: Seen, response: Response) -> None:
    if "/socket.io/" in response.url or "/static/" in response.url:
        return
    seen.answers.append((response.status, urlsplit(response.url).path, response.headers))
    if response.request.is_navigation_request():
        seen.status = response.status
