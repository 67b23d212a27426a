"""Every page in a real browser: open to everybody, neutral to a glance, quiet on the wire, no wider than a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

from companion.app import create_app
from tests.browser.looking import Eyes, Seen
from tests.browser.measures import COLOURS
from tests.browser.moments import Moments
from tests.browser.places import PLACES, Place
from tests.live.evening import Served, free_port

pytestmark = pytest.mark.browser
Looked = Callable[[Place], Seen]
every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
outside_the_desk = pytest.mark.parametrize(
    "place", [place for place in PLACES if not place.name.startswith("desk")], ids=lambda place: place.name
)

# What a glance at a tab, a history, a cookie list or an address must never meet: what this is, and who is in it.
BANNED = re.compile(
    r"group|support|peer|mental|health|abuse|women|woman|violence|crisis|refuge|therap|depress|survivor|help ?line|"
    r"wren|ash\b|fern|sol\b|noor|kit\b|hazel|robin|tuesday|wednesday|demo",
    re.IGNORECASE,
)
OUR_OWN = frozenset({"/health/live"})  # fetched by script, never in a history
ON_PURPOSE = {
    "passcode": "one-time-code",
    "password": "current-password",
    "new_password": "new-password",
    "code": "one-time-code",
}
QUIET = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Moments:
    return Moments(tmp_path_factory.mktemp("moments"), free_port(), datetime.now(UTC).replace(microsecond=0))


@pytest.fixture(scope="module")
def served(moments: Moments) -> Iterator[Served]:
    with Served(moments.deps.settings.data, moments.deps.settings.port, clock=moments.clock.file) as running:
        yield running


@pytest.fixture(scope="module")
def looked(browser: Browser, served: Served, moments: Moments) -> Iterator[Looked]:
    """Each page is opened once, and every test asks what was seen there."""
    eyes = Eyes(browser, served, moments)
    seen: dict[str, Seen] = {}

    def at(place: Place) -> Seen:
        if place.name not in seen:
            seen[place.name] = eyes.look(place, COLOURS[PLACES.index(place) % len(COLOURS)])
        return seen[place.name]

    yield at
    eyes.close()


@every_place
def test_axe_finds_nothing(looked: Looked, place: Place) -> None:
    assert looked(place).axe == {"320 px": [], "1280 px, dark": []}


@every_place
def test_its_words_stand_out_in_one_theme_more(looked: Looked, place: Place) -> None:
    # Pages take turns with the themes; test_access.py looks at each page in all of them.
    assert looked(place).colours == {}


@every_place
def test_nothing_scrolls_sideways(looked: Looked, place: Place) -> None:
    assert {how: wide for how, wide in looked(place).sideways.items() if wide} == {}


@every_place
def test_a_thumb_hits_what_it_means(looked: Looked, place: Place) -> None:
    assert looked(place).thumbs == []


@every_place
def test_the_content_policy_is_never_broken_and_no_script_fails(looked: Looked, place: Place) -> None:
    assert (looked(place).problems, looked(place).status) == ([], place.status)


@every_place
def test_nothing_is_asked_of_anybody_else(looked: Looked, served: Served, place: Place) -> None:
    seen = looked(place)

    addresses = (*seen.requests, *seen.head["outward"])
    assert [url for url in addresses if not url.startswith((f"{served.address}/", "data:,"))] == []


@every_place
def test_every_answer_on_the_way_is_quiet(looked: Looked, place: Place) -> None:
    answers = looked(place).answers

    assert answers != []
    for status, path, headers in answers:
        assert is_quiet(headers, path), f"{status} {path}"


@every_place
def test_one_heading_a_language_and_help_in_the_same_place(looked: Looked, place: Place) -> None:
    head = looked(place).head

    assert (len(head["headings"]), head["lang"], head["dir"]) == (1, "en", "ltr")
    assert head["headings"] == [head["title"]]
    if place.name != "aside-list":  # an ordinary page has no such bar: that is the point of it
        assert head["first"] == ["skip", "leave", "hide"]


@outside_the_desk
def test_a_glance_learns_nothing(looked: Looked, place: Place) -> None:
    seen = looked(place)

    assert seen.head["title"] == ("Shopping list" if place.name == "aside-list" else "Notes")
    assert set(seen.head["metas"]) == {"", "viewport", "referrer", "robots", "color-scheme"}
    assert set(seen.head["links"]) <= {"icon", "stylesheet"}, "no manifest, no picture for a preview"
    assert set(seen.cookies) <= {"id", "at", "desk", "look", "side"}
    paths = {unquote(urlsplit(url).path) for url in seen.requests if not url.startswith("data:")}
    told = [path for path in paths - OUR_OWN if BANNED.search(re.sub(r"/static/[^/]+/", "/", path))]
    assert told == []


@every_place
def test_no_address_on_the_page_tells_what_it_is(looked: Looked, place: Place) -> None:
    # An act's name says what is done with a button; it is posted and answered by a redirect, so no history keeps it.
    links = [path for path in looked(place).head["addresses"] if not path.startswith(("/act/", "/static/", "/desk/"))]

    assert [path for path in links if BANNED.search(path)] == []


@every_place
def test_browsers_keep_nothing_that_is_typed(looked: Looked, place: Place) -> None:
    for field in looked(place).head["fields"]:
        wanted = ON_PURPOSE.get(field["name"], "off")
        assert field["autocomplete"] == wanted, field
        assert field["spellcheck"] == "false" or field["type"] not in ("text", "textarea", "search"), field


def test_every_route_is_quiet_whatever_it_answers(served: Served, moments: Moments) -> None:
    asked = 0
    for method, path in (*routes(moments), ("GET", "/no-such-page"), ("PUT", "/here"), ("POST", "/api/join")):
        status, headers = fetch(served, method, path)
        asked += 1
        assert is_quiet(headers, path), f"{method} {path}: {status} {headers}"
    assert asked > 50


def test_mistakes_of_machines_are_answered_quietly_too(served: Served) -> None:
    for wanted, method, path, body in (
        (413, "POST", "/i/x", b"x" * 20_000),
        (400, "POST", "/i/x", b"passcode=1"),
        (401, "POST", "/act/request_turn", b""),
        (403, "POST", "/socket.io/?EIO=4&transport=polling", b"40"),
        (400, "GET", "/socket.io/?EIO=4&transport=polling&sid=nobody", b""),
    ):
        status, headers = fetch(served, method, path, body)
        kept = {name: headers.get(name) for name in ("cache-control", "x-content-type-options")}
        assert (status, kept) == (wanted, {"cache-control": "no-store", "x-content-type-options": "nosniff"}), path


def test_a_polled_panel_is_kept_by_no_browser(served: Served) -> None:
    status, headers = fetch(served, "GET", "/socket.io/?EIO=4&transport=polling")

    assert (status, headers["cache-control"], headers["x-content-type-options"]) == (200, "no-store", "nosniff")


def test_static_files_may_be_kept_and_nothing_else(looked: Looked, served: Served) -> None:
    seen = looked(PLACES[0])
    sheets = [urlsplit(url).path for url in seen.requests if "/static/" in url]

    assert sheets != []
    for path in sheets:
        status, headers = fetch(served, "GET", path)
        assert (status, headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


def test_these_eyes_are_open(browser: Browser, served: Served, moments: Moments) -> None:
    def spoil(page, _):  # type: ignore[no-untyped-def]
        page.evaluate("""() => {
          const wide = document.createElement("button");
          wide.id = "spoilt";
          wide.style.inlineSize = "400px";
          wide.style.blockSize = "20px";
          document.getElementById("main").append(wide, document.createElement("h1"));
          const pale = document.createElement("p");
          pale.textContent = "pale";
          pale.style.cssText = "color: #777; background: #888";
          document.getElementById("main").append(pale);
          const script = document.createElement("script");
          script.textContent = "1";
          document.body.append(script);
          fetch("https://abroad.example/").catch(() => null);
        }""")
        page.wait_for_timeout(200)

    eyes = Eyes(browser, served, moments)
    seen = eyes.look(Place("front-spoilt", "A page with everything wrong", "/", act=spoil), ("night", ""))
    eyes.close()

    assert [one.split(":")[0] for one in seen.axe["320 px"]] == ["button-name", "color-contrast", "empty-heading"]
    assert any("color-contrast" in found for found in seen.axe["1280 px, dark"])
    assert list(seen.colours) == ["night"]
    assert all("px" in wide for how, wide in seen.sideways.items() if how.startswith("320"))
    assert len(seen.thumbs) == 1
    assert len(seen.head["headings"]) == 2
    assert any("Content Security Policy" in problem for problem in seen.problems)


def is_quiet(headers: dict[str, str], path: str) -> bool:
    """The headers of S13. One page knows nobody and may stand in a frame, of Zoom's own alone."""
    policy = headers.get("content-security-policy", "")
    framed = path == "/zoom" and "x-frame-options" not in headers
    around = "frame-ancestors https://zoom.us https://*.zoom.us" if framed else "frame-ancestors 'none'"
    strict = "default-src 'none'" in policy and around in policy.split("; ") and "unsafe" not in policy
    wanted = QUIET.items() - ({("x-frame-options", "DENY")} if framed else set())
    return strict and wanted <= headers.items()


def routes(moments: Moments) -> list[tuple[str, str]]:
    """Every route of the application but for static files, with something in the place of its names."""
    app = create_app(moments.deps)
    courier = app.extensions["companion_courier"]
    courier._bell.close()
    courier._ear.close()
    return [
        (method, re.sub(r"<[^>]+>", "x", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if rule.endpoint != "files.file"
    ]


def fetch(served: Served, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str]]:
    """One bare request: nothing is followed."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body or None, kind)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}
