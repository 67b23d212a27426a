"""One picture of a page in every theme and language, side by side: small, to be looked at as a whole."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from companion import words
from tests.browser.matrix import speak
from tests.browser.measures import THEMES
from tests.browser.moments import Moments
from tests.browser.places import Place
from tests.live.evening import Served

WIDE, TALL, SHOWN = 320, 1280, 160  # of a page, in pixels, and how wide it stands on the sheet
# The server says in the page whether its own fields are dark (base.html); here the theme changes without it.
IN_THEME = """(theme) => {
  document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = ["dusk", "night"].includes(theme) ? "dark" : "light";
}"""
ROW = """(pictures) => {
  document.body.style.cssText = "margin:0;display:flex;gap:8px;padding:8px;background:#777;width:max-content";
  document.body.innerHTML = pictures.map((one) => `<img width="WIDTH" src="data:image/png;base64,${one}">`).join("");
  return Promise.all([...document.images].map((image) => image.decode()));
}""".replace("WIDTH", str(SHOWN))


@dataclass(frozen=True)
class Sheet:
    """Takes the pictures of one page with one browser page, and lays them out with another."""

    page: Page
    table: Page
    served: Served
    moments: Moments

    def of(self, place: Place) -> bytes:
        """The sheet of one place: five themes in English, then the other languages in the first theme."""
        pictures = [base64.b64encode(picture).decode() for picture in (*self._themes(place), *self._languages(place))]
        self.table.goto("about:blank")
        self.table.set_viewport_size({"width": (SHOWN + 8) * len(pictures) + 8, "height": TALL * SHOWN // WIDE + 16})
        self.table.evaluate(ROW, pictures)
        return self.table.screenshot()

    def _themes(self, place: Place) -> Iterator[bytes]:
        self._open(place, words.SOURCE)
        for theme in THEMES:
            self.page.evaluate(IN_THEME, theme)
            yield self._photograph()

    def _languages(self, place: Place) -> Iterator[bytes]:
        for language in words.languages():
            if language != words.SOURCE:
                self._open(place, language)
                yield self._photograph()

    def _open(self, place: Place, language: str) -> None:
        speak(self.moments, place, language)
        look = {"name": "look", "value": f"dawn.auto.normal.list.{language}", "url": self.served.address}
        place.open(self.page, self.served, self.moments, cookies=[look])

    def _photograph(self) -> bytes:
        self.page.set_viewport_size({"width": WIDE, "height": TALL})
        self.page.evaluate("scrollTo(0, 0)")
        return self.page.screenshot(animations="disabled", caret="hide")
