"""Every page in every theme, language and state: axe with target sizes, no sideways scroll, roomy letters.

The whole of it is `pytest -m "" tests/browser/test_access.py`. In the suite, test_pages.py looks at each page in
English; here are the pages beside the desk, with long words and from right to left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from companion import words
from tests.browser.matrix import Found, Looker
from tests.browser.measures import AXE, COLOURS, RUN_AXE
from tests.browser.moments import Moments
from tests.browser.places import PLACES, Place
from tests.live.evening import ROOT, Served, free_port, lean_on

pytestmark = pytest.mark.browser
LANGUAGES = sorted(words.languages())
IN_THE_SUITE = ("ar", "cy")  # from right to left, and with the longest words


@pytest.fixture(scope="module")
def looker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    moments = Moments(tmp_path_factory.mktemp("matrix"), free_port(), datetime.now(UTC).replace(microsecond=0))
    with Served(moments.deps.settings.data, moments.deps.settings.port, clock=moments.clock.file) as served:
        begun = Looker(browser, served, moments)
        yield begun
        begun.close()


every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
beside_the_desk = pytest.mark.parametrize(
    "place", [place for place in PLACES if not place.name.startswith("desk")], ids=lambda place: place.name
)


@pytest.mark.parametrize("language", IN_THE_SUITE)
@beside_the_desk
def test_a_page_is_open_to_everybody(looker: Looker, place: Place, language: str) -> None:
    assert faults(looker.look(place, language), language) == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@every_place
def test_a_page_is_open_to_everybody_in_every_theme(looker: Looker, place: Place, language: str) -> None:
    assert faults(looker.look(place, language, COLOURS), language) == {}


def faults(found: Found, language: str) -> dict[str, object]:
    """What is wrong with a page, if anything is."""
    spoken = (found.lang, found.dir)
    wrong = "" if spoken == (language, words.direction(language)) else spoken
    said = {"language": wrong, "axe": found.axe, "colours": found.themes, "sideways": found.sideways}
    return {what: one for what, one in said.items() if one}


def test_every_part_stands_out_in_every_theme(browser: Browser, tmp_path: Path) -> None:
    # The living page of the design shows each part in all themes side by side, with strong contrast too.
    port = free_port()
    lean_on(tmp_path, port)
    with Served(tmp_path, port, settings={"COMPANION_DEVELOPMENT": "1"}) as served:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto(f"{served.address}/design")
        page.evaluate(AXE)
        shown = page.locator("section[data-theme]").count()
        found = page.evaluate(RUN_AXE, [])
        page.close()

    assert shown == len(COLOURS)
    assert found == []


def test_no_rule_of_the_sheets_speaks_of_a_language() -> None:
    sheets = [path for path in (ROOT / "static").rglob("*.css")]

    assert len(sheets) > 10
    assert [path.name for path in sheets if re.search(r"\[lang|:lang\(", path.read_text())] == []


def test_these_eyes_are_open(looker: Looker) -> None:
    found = looker.look(Place("front-spoilt", "A page with everything wrong", "/", act=spoil), "en", [("night", "")])

    assert [one.split(":")[0] for one in found.axe] == ["button-name", "color-contrast"]
    assert list(found.themes) == ["night"]
    assert all(found.sideways.values())


def spoil(page: Page, _: Moments) -> None:
    """A button without a name that is too wide, and words that nobody can see."""
    page.evaluate("""() => {
      const wide = document.createElement("button");
      wide.style.inlineSize = "400px";
      const pale = document.createElement("p");
      pale.textContent = "pale";
      pale.style.cssText = "color: #777; background: #888";
      document.getElementById("main").append(wide, pale);
    }""")
