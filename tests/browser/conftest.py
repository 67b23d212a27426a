"""One Chromium for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

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
