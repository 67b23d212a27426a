"""Somebody at a page with nothing but a keyboard: she goes by Tab to what bears the name that she looks for.

On the way each stop is looked at: the focus is never lost, never out of sight, never under something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time

from playwright.sync_api import CDPSession, FileChooser, FilePayload, Page, expect

from tests.browser.people import PATIENCE, watch
from tests.browser.sitting import until

FURTHEST = 150  # stops on one page
WIDTHS = (360, 1280)

# Where the focus is: words that stand there, and what is wrong with it. What a label stands for is seen by its label.
LOOK = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return ["", "lost"];
  const seen = [one, ...(one.labels || [])];
  const named = (one.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id));
  const words = [...seen, ...named].map((part) => (part ? part.getAttribute("aria-label") || part.textContent : ""));
  const about = words.join(" ").replace(/\\s+/g, " ").trim();
  // The small picture in a field for a time has a ring of its own, which no script can ask for.
  if (!one.matches(":focus") && ["date", "time", "datetime-local"].includes(one.type)) return [about, ""];
  const ring = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  if (!seen.some((part) => ring(getComputedStyle(part)))) return [about, "without a ring"];
  const found = seen.map((part) => {
    const at = part.getBoundingClientRect();
    const [left, right] = [Math.max(at.left, 0), Math.min(at.right, innerWidth)];
    const [top, bottom] = [Math.max(at.top, 0), Math.min(at.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return "out of sight";
    const upper = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return seen.some((mine) => mine.contains(upper) || upper?.contains(mine)) ? "" : "covered";
  });
  return [about, found.includes("") ? "" : found[0]];
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Keyboard:
    """A page, and the keys that are pressed on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.passed: list[str] = []  # the titles of the pages
        self.presses = 0
        self._size = page.viewport_size
        self._largest: dict[str, int] = {}  # how many parts a page had when it was measured, by its title
        page.set_default_timeout(PATIENCE)
        watch(page, self.problems)
        # Heard from the start: a browser that is only told of it together with the key may show its own window.
        self._choosers: list[FileChooser] = []
        page.on("filechooser", lambda chooser: self._choosers.append(chooser))
        self._names: CDPSession = page.context.new_cdp_session(page)

    def open(self, address: str) -> None:
        """The one address that somebody types or opens from a letter."""
        self.page.goto(address)
        self._arrive()

    def go(self, name: str, *, back: bool = False) -> None:
        """Tab to what has this accessible name; "…" at its end stands for whatever follows."""
        by_way: list[str] = []
        for _ in range(FURTHEST):
            self.key("Shift+Tab" if back else "Tab")
            about, wrong = self.page.evaluate(LOOK)
            if wrong == "lost":
                break
            assert not wrong, f"the focus is {wrong} at {about!r} on {self.page.title()!r}"
            if name.removesuffix("…") in about and _fits(name, self._name()):
                return
            by_way.append(about)
        raise AssertionError(f"no way by keyboard to {name!r} on {self.page.title()!r}, only to {by_way}")

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        self.presses += len(keys)

    def type(self, field: str, words: str, *, back: bool = False) -> None:
        """Go to a field and type; what stood there goes, since Tab has chosen it."""
        self.go(field, back=back)
        self._write(words)

    def tick(self, name: str) -> None:
        """Go to a box and tick it."""
        self.go(name)
        self.key("Space")
        assert self.page.evaluate("document.activeElement.checked"), f"{name} cannot be ticked"

    def choose(self, field: str, option: str, *, back: bool = False) -> None:
        """Go to a list, and on with the arrows to this line of it."""
        self.go(field, back=back)
        chosen = "document.activeElement.selectedOptions[0].label"
        for _ in range(self.page.evaluate("document.activeElement.options.length")):
            if self.page.evaluate(chosen) == option:
                return
            self.key("ArrowDown")
        raise AssertionError(f"{field} has no {option}")

    def clock(self, field: str, wanted: datetime | time) -> None:
        """Type a time, with a date before it or without, in whichever order this browser shows its parts."""
        day = isinstance(wanted, datetime)
        self.go(field)
        for order in ("%m%d%Y", "%d%m%Y") if day else ("",):
            for hours in ("%I%M%p", "%H%M"):
                if order:
                    self._write(wanted.strftime(order))
                    self.key("ArrowRight")
                self._write(wanted.strftime(hours))
                if self._value() == wanted.strftime("%Y-%m-%dT%H:%M" if day else "%H:%M"):
                    return
                self.key(*["ArrowLeft"] * 6)
        raise AssertionError(f"{field} says {self._value()!r}")

    def press(self, name: str, *, back: bool = False) -> None:
        """Go to a link or a button that leads to another page, and follow it."""
        self.go(name, back=back)
        self.enter()

    def enter(self) -> None:
        """Enter, where it leads to another page."""
        with self._arriving():
            self.key("Enter")

    def unfold(self, name: str, *, back: bool = False) -> None:
        """Open a drawer. The focus stays on it."""
        self.go(name, back=back)
        self.key("Enter")
        assert self.page.evaluate("document.activeElement.parentElement.open"), f"{name} stays shut"

    def file(self, field: str, name: str, content: str) -> None:
        """Choose a file, as far as that is the page's part."""
        self.go(field)
        self.key("Space")
        until(lambda: self._choosers, "the window for files", self.page)
        self._choosers.pop().set_files(FilePayload(name=name, mimeType="text/csv", buffer=content.encode()))

    def reads(self, *words: str) -> None:
        """The page says this, for everybody to see."""
        for part in words:
            expect(self.page.get_by_text(part).locator("visible=true").first).to_be_visible(timeout=PATIENCE)

    @contextmanager
    def _arriving(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        self._arrive()

    def _arrive(self) -> None:
        self.passed.append(self.page.title())
        wrong = self.page.locator(".field .mistake, .tick .mistake").all_inner_texts()
        assert not wrong, f"{self.page.title()}: {wrong}"
        parts = self.page.locator("*").count()
        if parts <= self._largest.get(self.page.title(), 0):
            return  # it was as full as this when it was measured
        self._largest[self.page.title()] = parts
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if (out := self.page.evaluate(SIDEWAYS)) > 0:
                self.problems.append(f"{self.page.title()} at {width} px: {out} px stick out")
        if self._size:
            self.page.set_viewport_size(self._size)

    def _write(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.presses += len(words)

    def _value(self) -> str:
        return str(self.page.evaluate("document.activeElement.value"))

    def _name(self) -> str:
        """What a screen reader calls it."""
        focused = self._names.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        asked = {"objectId": focused["objectId"], "fetchRelatives": False}
        (node,) = self._names.send("Accessibility.getPartialAXTree", asked)["nodes"]
        return " ".join(str(node.get("name", {}).get("value", "")).split()).replace(" :", ":")


def _fits(wanted: str, name: str) -> bool:
    return name.startswith(wanted.removesuffix("…")) if wanted.endswith("…") else name == wanted
