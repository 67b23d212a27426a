"""Every page in every theme, language and state: axe with target sizes, no sideways scroll, roomy letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from companion import words
from tests.browser.matrix import THEMES, Looker
from tests.browser.moments import Moments
from tests.browser.places import PLACES, Place
from tests.live.evening import ROOT, Served, free_port

pytestmark = pytest.mark.browser
LANGUAGES = sorted(words.languages())
CONTRASTS = ("", "more")


@pytest.fixture(scope="module")
def looker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    moments = Moments(tmp_path_factory.mktemp("matrix"), free_port(), datetime.now(UTC).replace(microsecond=0))
    with Served(moments.deps.settings.data, moments.deps.settings.port, clock=moments.clock.file) as served:
        begun = Looker(browser, served, moments)
        yield begun
        begun.close()


every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


def looks() -> Iterator[object]:
    """Each page in each language; staff pages in one language of each direction, and in the others at night."""
    for place in PLACES:
        for language in LANGUAGES:
            at_night = place.name.startswith("desk") and language not in (words.SOURCE, "ar")
            yield pytest.param(place, language, id=f"{place.name}-{language}", marks=[pytest.mark.slow] * at_night)


@pytest.mark.parametrize(("place", "language"), list(looks()))
def test_a_page_is_open_to_everybody(looker: Looker, place: Place, language: str) -> None:
    # No rule of the sheets speaks of a language (below), so in the suite the colours of each theme are looked at once.
    english = language == words.SOURCE

    found = looker.look(place, language, THEMES if english else (), CONTRASTS)

    assert (found.lang, found.dir) == (language, words.direction(language))
    assert found.axe == []
    assert found.themes == {}
    assert found.sideways == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != words.SOURCE])
@every_place
def test_its_colours_hold_in_every_language_too(looker: Looker, place: Place, language: str) -> None:
    assert looker.look(place, language, THEMES, CONTRASTS).themes == {}


def test_no_rule_of_the_sheets_speaks_of_a_language() -> None:
    sheets = [path for path in (ROOT / "static").rglob("*.css")]

    assert len(sheets) > 10
    assert [path.name for path in sheets if re.search(r"\[lang|:lang\(", path.read_text())] == []


def test_these_eyes_are_open(looker: Looker) -> None:
    found = looker.look(Place("front-spoilt", "A page with everything wrong", "/", act=spoil), "en", ("night",))

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
