"""Every page in every theme, language and state: axe with target sizes, no sideways scroll, roomy letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from companion import words
from tests.browser.matrix import Looker
from tests.browser.moments import Moments
from tests.browser.places import PLACES, Place
from tests.live.evening import Served, free_port

pytestmark = pytest.mark.browser
LANGUAGES = sorted(words.languages())


@pytest.fixture(scope="module")
def looker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    moments = Moments(tmp_path_factory.mktemp("matrix"), free_port(), datetime.now(UTC).replace(microsecond=0))
    with Served(moments.deps.settings.data, moments.deps.settings.port, clock=moments.clock.file) as served:
        begun = Looker(browser, served, moments)
        yield begun
        begun.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_open_to_everybody_in_every_theme(looker: Looker, place: Place, language: str) -> None:
    found = looker.look(place, language)

    assert (found.lang, found.dir) == (language, words.direction(language))
    assert found.axe == []
    assert found.themes == {}
    assert found.sideways == {}
