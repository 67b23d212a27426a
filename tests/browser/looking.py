"""Looks at one page as closely as a browser can: what it asked for, what it was told, what it holds, how it fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Response

from tests.browser.moments import Moments
from tests.browser.people import PATIENCE, is_a_problem
from tests.browser.places import Place
from tests.live.evening import Served

NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
# The rest of what axe looks at is in the document, whatever its width and colours: test_access.py looks at all of it.
WHAT_A_WIDTH_CHANGES = ["color-contrast", "target-size", "scrollable-region-focusable", "region"]
RUN_AXE = """async (only) => {
  const rules = only.length ? {} : { "target-size": { enabled: true } };
  const runOnly = only.length ? { runOnly: { type: "rule", values: only } } : {};
  const { violations } = await axe.run(document, { rules, resultTypes: ["violations"], ...runOnly });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}"""

# How much wider the page is than the screen, and what sticks out.
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  const extra = document.documentElement.scrollWidth - room;
  if (extra <= 0) return "";
  const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return `${extra} px: ${out.map((one) => one.id || one.className || one.localName).slice(-3).join(", ")}`;
}"""
OPEN_ALL = 'document.querySelectorAll("#main details, #panel details").forEach((one) => (one.open = true))'

# What is pressed or filled in and is smaller than 48 px, or nearer than 8 px to the next. A tick and its label are one.
THUMBS = """() => {
  const spots = [...document.querySelectorAll("button, summary, a.button, select, textarea, input, .tick")]
    .filter((one) => one.checkVisibility() && !one.matches(".tick *, .avatar-choice input, [type=hidden]"))
    .map((one) => ({ one, at: one.getBoundingClientRect(), says: one.textContent.trim().slice(0, 30) || one.name }));
  const found = spots
    .filter(({ at }) => at.width < 47.5 || at.height < 47.5)
    .map(({ at, says }) => `${says}: ${at.width} x ${at.height} px`);
  spots.forEach((a, index) => spots.slice(index + 1).forEach((b) => {
    if (a.one.contains(b.one) || b.one.contains(a.one)) return;
    const across = Math.max(a.at.left, b.at.left) - Math.min(a.at.right, b.at.right);
    const down = Math.max(a.at.top, b.at.top) - Math.min(a.at.bottom, b.at.bottom);
    if (Math.max(across, down) < 7.5) found.push(`${a.says}, ${b.says}: ${Math.max(across, down)} px apart`);
  }));
  return found;
}"""

# Everything in the document that could tell a glance, a history or a preview what this is.
HEAD = """() => ({
  title: document.title,
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  headings: [...document.querySelectorAll("h1")].map((one) => one.textContent.trim()),
  metas: [...document.querySelectorAll("meta")].map((one) => one.name || one.getAttribute("property") || ""),
  links: [...document.querySelectorAll("link")].map((one) => one.rel),
  addresses: [...document.querySelectorAll("[href], [action], [src]")]
    .map((one) => one.getAttribute("href") || one.getAttribute("action") || one.getAttribute("src"))
    .filter((address) => address.startsWith("/")),
  outward: [...document.querySelectorAll("[href], [src]")]
    .map((one) => one.getAttribute("href") || one.getAttribute("src"))
    .filter((address) => /^(https?:)?\\/\\//.test(address)),
  // What the keyboard reaches first: the way past the bar, leaving, and hiding.
  first: [...document.querySelectorAll("a[href], button, summary, input, select")].slice(0, 3)
    .map((one) => one.id || one.parentNode.id || one.className),
  fields: [...document.querySelectorAll("input, textarea")]
    .filter((one) => !["hidden", "radio", "checkbox"].includes(one.type) && !one.hidden)
    .map((one) => ({
      name: one.name,
      type: one.type,
      autocomplete: one.autocomplete || (one.form && one.form.getAttribute("autocomplete")) || "",
      spellcheck: one.getAttribute("spellcheck"),
    })),
})"""


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

    def look(self, place: Place) -> Seen:
        """Open a place and write down everything about it."""
        page = self._page
        page.goto("about:blank")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        seen = self._seen = Seen()
        place.open(page, self._served, self._moments)
        seen.cookies = [cookie["name"] for cookie in self._context.cookies()]
        seen.head = page.evaluate(HEAD)
        self._measure(seen)
        self._ask_axe(seen)
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

    def _ask_axe(self, seen: Seen) -> None:
        page = self._page
        # Injected by the inspector, so that the page's own policy stays as strict as it is; and counted no more.
        problems = list(seen.problems)
        page.evaluate(AXE)
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
