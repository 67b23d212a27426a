"""Takes the pictures in docs/screens of every page, from a real server with the demo: ``python -m tools.screens``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.moments import Moments
from tests.browser.places import PLACES, Place
from tests.browser_path import CHROMIUM_ARGS, chromium_executable
from tests.live.evening import Served, free_port
from tools.sheets import Sheet
from tools.small_png import shrink

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
# Always the same evening, so that a picture changes only where its page has.
EVENING = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
SIZES = {320: 640, 1280: 800}
TALLEST = {320: 3000, 1280: 2100}
STEADY = """() => document.fonts.status === "loaded"
  && [...document.querySelectorAll("time")].every((clock) => clock.textContent)"""
TITLES = {
    "front": "Before anything",
    "link": "Coming in",
    "hold": "Waiting, closed, over",
    "member": "A member",
    "facilitator": "A facilitator",
    "peer_supporter": "A peer supporter",
    "tech_helper": "A tech helper",
    "desk": "The organiser's desk",
}


def main() -> int:
    """Take every picture anew, or only those of the places whose names begin with one of the words given."""
    places = [place for place in PLACES if not sys.argv[1:] or place.name.startswith(tuple(sys.argv[1:]))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        moments = Moments(Path(folder), free_port(), EVENING)
        settings = moments.deps.settings
        with Served(settings.data, settings.port, clock=moments.clock.file) as served, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=chromium_executable(), args=CHROMIUM_ARGS)
            table = chromium.new_page()
            still = chromium.new_context(reduced_motion="reduce", color_scheme="light")
            _stop_the_clock(still, moments.clock.now)
            sheet = Sheet(still.new_page(), chromium.new_page(), served, moments)
            taken = {path for place in places for path in _pictures(chromium, table, place, served, moments)}
            taken |= {_sheet(sheet, table, place) for place in places}
            chromium.close()
    for old in set(FOLDER.glob("*.png")) - taken if places == list(PLACES) else ():
        old.unlink()
    (FOLDER / "README.md").write_text(_index())
    size = sum(path.stat().st_size for path in taken) / 1_000_000
    print(f"{len(taken)} pictures of {len(places)} pages, {size:.1f} MB, in {FOLDER}")
    return 0


def _pictures(chromium: Browser, table: Page, place: Place, served: Served, moments: Moments) -> Iterator[Path]:
    for width, height in SIZES.items():
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce", color_scheme="light"
        )
        _stop_the_clock(context, moments.clock.now)
        page = context.new_page()
        place.open(page, served, moments)
        page.wait_for_function(STEADY)
        page.wait_for_timeout(250)  # the whole panel comes once more when the page has connected
        path = FOLDER / f"{place.name}-{width}.png"
        path.write_bytes(shrink(table, _photograph(page, width)))
        context.close()
        yield path


def _sheet(sheet: Sheet, table: Page, place: Place) -> Path:
    path = FOLDER / f"{place.name}-all.png"
    path.write_bytes(shrink(table, sheet.of(place)))
    return path


def _photograph(page: Page, width: int) -> bytes:
    # From the top, and grown to the page's own height, so that the bar that always stays in sight is in its place.
    tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST[width])
    page.set_viewport_size({"width": width, "height": max(tall, SIZES[width])})
    page.evaluate("scrollTo(0, 0)")
    return page.screenshot(animations="disabled", caret="hide")


def _stop_the_clock(context: BrowserContext, now: datetime) -> None:
    # The page compares its own clock with the server's by the Date of this answer.
    date = {"Date": format_datetime(now, usegmt=True)}
    context.route("**/health/live", lambda route: route.fulfill(status=200, headers=date))
    context.clock.set_fixed_time(now)


def _index() -> str:
    lines = [
        "# Every page, on a phone and on a desk, in each theme and language",
        "",
        "Taken by `make screens` from a real server with the demo in it; all people are invented. Very long pages are",
        "cut at the bottom. `tests/browser/test_pages.py` looks at the same pages.",
    ]
    for place in PLACES:
        title = TITLES.get(place.name.split("-")[0])
        if title and f"## {title}" not in lines:
            lines += ["", f"## {title}", "", "| | 320 px | 1280 px | themes and languages |", "|---|---|---|---|"]
        sheet = f"[all]({place.name}-all.png)" if (FOLDER / f"{place.name}-all.png").exists() else ""
        lines.append(f"| {place.shows} | {_picture(place, 320)} | {_picture(place, 1280)} | {sheet} |")
    return "\n".join([*lines, ""])


def _picture(place: Place, width: int) -> str:
    file = f"{place.name}-{width}.png"
    return f"[![{place.shows}, {width} px wide]({file})]({file})"


if __name__ == "__main__":
    sys.exit(main())
