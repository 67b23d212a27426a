"""S17: a real profile on disk, a whole session, leave quickly, close; then every file of the profile is searched.

A browser's history keeps addresses, and nothing of ours can undo that. What it may keep is neutral: a host and a path.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright

from companion.core.commands import AdmitAll, Arrive, OpenDoors, StartSession
from companion.core.values import replace
from tests.browser.conftest import AT_HOME
from tests.browser.people import PATIENCE, Person, give_passcode, go_through_joining, watch
from tests.browser.sitting import House, Sitting
from tests.browser_path import CHROMIUM_ARGS, chromium_executable

pytestmark = pytest.mark.browser
GROUP = "Quagga circle"
ALIAS, NOTE, AGREEMENT = "Zinnia Quillfeather", "quincunx marmalade", "Whatever is said here stays here, zephyr."
ORDINARY = "<!doctype html><title>Weather</title><h1>Weather</h1>"


def open_profile(playwright: Playwright, profile: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium_executable(),
        args=[*CHROMIUM_ARGS, AT_HOME],
        # As people have it: pages kept for Back, a cache on the disk, form history, translations and all.
        ignore_default_args=["--disable-back-forward-cache", "--disable-features", "--password-store=basic"],
        viewport={"width": 360, "height": 640},
        locale="en-GB",
    )


def whole_session(house: House, context: BrowserContext) -> Person:
    """From the link to the room: a turn, a signal, a request, a ticket, hidden once, and away."""
    sitting = Sitting(house, phase="planned")
    (group,) = house.deps.store.groups()
    house.deps.store.save_group(
        replace(
            group, name=GROUP, settings=replace(group.settings, agreement=(AGREEMENT,), backup_number="01632 960999")
        )
    )
    sitting.perform(OpenDoors())
    sol = sitting.ways["Sol"]
    sitting.perform(Arrive(seat=sol.seat_id, device=sol.access_id, alias="Sol"))
    page = context.pages[0]
    wren = Person(ALIAS, context, page, sitting.stranger("Wren").issued)
    watch(page, wren.problems)
    page.goto(sitting.issue(wren).link)
    give_passcode(wren)
    go_through_joining(wren)
    sitting.perform(AdmitAll(), by=sitting.seat("Sol"))
    sitting.perform(StartSession(), by=sitting.seat("Sol"))
    page.reload()
    wren.sees("turn", "Ask to speak")
    wren.press("request_turn", reply=False, note=NOTE)
    wren.press("raise_break_signal", strength="check_on_me")
    wren.press("open_ticket", kind="something_else", words=NOTE)
    page.click("#hide")
    page.click("#aside-back")
    assert ALIAS in page.content()
    assert NOTE in page.content()
    page.click("#leave")
    page.wait_for_url("https://www.bbc.co.uk/**", timeout=PATIENCE)
    page.wait_for_timeout(1500)  # what a browser writes down, it writes down a little later
    return wren


def hits(profile: Path, words: dict[str, bytes]) -> list[str]:
    """Which of these words stand in which file, packed files unpacked, in every spelling of letters a browser uses."""
    found = []
    for path in sorted(path for path in profile.rglob("*") if path.is_file()):
        data = path.read_bytes()
        texts = [data, *_unpacked(data)]
        for name, word in words.items():
            spellings = (word, word.decode().encode("utf-16-le"), word.decode().encode("utf-16-be"))
            if any(spelling in text for text in texts for spelling in spellings):
                found.append(f"{name} in {path.relative_to(profile)}")
    return found


def _unpacked(data: bytes) -> Iterator[bytes]:
    # Caches keep answers as they came over the line.
    for start in range(len(data)):
        start = data.find(b"\x1f\x8b\x08", start)
        if start < 0:
            return
        try:
            yield zlib.decompressobj(31).decompress(data[start:])
        except zlib.error:
            continue


def test_after_a_whole_session_the_profile_holds_nothing_of_it(driver: Playwright, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    context = open_profile(driver, profile)
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body=ORDINARY, content_type="text/html"))
    (tmp_path / "house").mkdir()
    assert context.browser is not None
    house = House(context.browser, tmp_path / "house")
    try:
        wren = whole_session(house, context)
    finally:
        context.close()
        house.close()

    words = {
        "alias": ALIAS.encode(),
        "own name": b"Wren Private",
        "note": NOTE.encode(),
        "group": GROUP.encode(),
        "agreement": AGREEMENT.encode(),
        "passcode": wren.issued.passcode.encode(),
        "button": b"Ask to speak",
        "signal": b"Please check on me",
        "step": b"Are you somewhere private",
    }
    assert hits(profile, words) == []
    # The invitation's own address is in the history, as everywhere, and nowhere without its neutral path before it.
    token = wren.issued.link.rsplit("/", 1)[1].encode()
    assert hits(profile, {"token": b"/i/" + token}) != [], "this profile was never written"
    assert stray_tokens(profile, token) == []
    assert wren.problems == []


def stray_tokens(profile: Path, token: bytes) -> list[str]:
    """Files in which the token stands outside the neutral address of its page."""
    found = []
    for path in sorted(path for path in profile.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if data.count(token) != data.count(b"/i/" + token):
            found.append(str(path.relative_to(profile)))
    return found


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"...Zinnia...")
    (tmp_path / "wide").write_bytes("Zinnia".encode("utf-16-le"))
    (tmp_path / "packed").write_bytes(b"head" + gzip.compress(b"<p>Zinnia</p>") + b"tail")
    (tmp_path / "empty").write_bytes(b"")

    assert hits(tmp_path, {"alias": b"Zinnia"}) == ["alias in packed", "alias in plain", "alias in wide"]
