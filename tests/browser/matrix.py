"""Looks at one page in one language and any theme: what axe finds, and what sticks out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import update

from companion.service.accesses import access_of_token
from companion.store.tables import accesses
from tests.browser.measures import AXE, IN_COLOURS, NARROW, OPEN_ALL, ROOMY, RUN_AXE, SIDEWAYS, SPACED
from tests.browser.moments import Gathering, Moments
from tests.browser.people import PATIENCE
from tests.browser.places import Place
from tests.live.evening import Served


@dataclass
class Found:
    """What is wrong with a page in one language; empty where nothing is."""

    axe: list[str] = field(default_factory=list)
    themes: dict[str, list[str]] = field(default_factory=dict)
    sideways: dict[str, str] = field(default_factory=dict)
    lang: str = ""
    dir: str = ""


class Looker:
    """One page of one browser that looks at places in a language."""

    def __init__(self, browser: Browser, served: Served, moments: Moments) -> None:
        self._served, self._moments = served, moments
        self._context = browser.new_context(locale="en-GB", viewport=NARROW)  # type: ignore[arg-type]
        self._context.set_default_timeout(PATIENCE)
        self._page = self._context.new_page()

    def look(self, place: Place, language: str, colours: Sequence[tuple[str, str]] = ()) -> Found:
        """Open a place and write down what is wrong with it, in each of these themes and contrasts too."""
        page = self._page
        page.goto("about:blank")
        speak(self._moments, place, language)
        place.open(page, self._served, self._moments, cookies=[self._cookie(language)])
        # Injected by the inspector, so that the page's own policy stays as strict as it is.
        page.evaluate(AXE)
        page.evaluate(OPEN_ALL)
        found = Found(axe=page.evaluate(RUN_AXE, []))
        found.themes = page.evaluate(IN_COLOURS, list(colours))
        found.lang, found.dir = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        found.sideways["as it is"] = page.evaluate(SIDEWAYS)
        page.evaluate(ROOMY)
        found.sideways["roomy"] = page.evaluate(SIDEWAYS)
        page.evaluate(SPACED)
        found.sideways["roomy and spaced"] = page.evaluate(SIDEWAYS)
        found.sideways = {how: wide for how, wide in found.sideways.items() if wide}
        return found

    def close(self) -> None:
        self._context.close()

    def _cookie(self, language: str) -> dict[str, Any]:
        return {"name": "look", "value": f"auto.auto.normal.list.{language}", "url": self._served.address}


def speak(moments: Moments, place: Place, language: str) -> None:
    """Whoever this place is drawn for reads this language from now on."""
    if place.whose is None:
        return
    moment: Gathering = getattr(moments, place.whose[0])
    access = access_of_token(moments.deps, moment.cookies[place.whose[1]])
    assert access is not None
    # Past the store's own door, which lets nobody change an access that has ended.
    with moments.deps.store.database.writing() as db:  # type: ignore[attr-defined]
        db.execute(update(accesses).where(accesses.c.id == access.id).values(language=language))
