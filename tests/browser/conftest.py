"""One Chromium for all browser tests, a served house for each file, and a session in it for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.sitting import House, Sitting
from tests.browser_path import CHROMIUM_ARGS, chromium_executable

# Whoever leaves quickly goes to somebody else's page: here no name but our own leads anywhere.
AT_HOME = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts browsers; there can be but one in a process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """A real Chromium."""
    chromium = driver.chromium.launch(
        executable_path=chromium_executable(),
        args=[*CHROMIUM_ARGS, AT_HOME],
        # People's browsers keep pages in memory for Back; ours must not be spared that.
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server of this file's own."""
    opened = House(browser, tmp_path_factory.mktemp("house"))
    yield opened
    opened.close()


@pytest.fixture
def sitting(house: House) -> Iterator[Sitting]:
    """A live session of this test's own."""
    begun = Sitting(house)
    yield begun
    begun.close()
