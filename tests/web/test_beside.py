"""The call beside a facilitator's panel: whose page it is, where its frame leads, and the headers of both alone."""

from urllib.parse import parse_qs, urlsplit

import pytest

from companion.core.commands import AdmitAll
from companion.core.values import replace
from companion.records import Platform
from companion.service import locking, platforms
from integrations.calls import ChosenCalls
from tests.web.conftest import Browser, make_app
from tests.web.walking import walk

SECRET = "a secret of one's own server, long enough"
ORIGIN = "https://meet.example:8443"
OUTSIDE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "


@pytest.fixture
def world(world):
    calls = ChosenCalls(world.store.shelf(Platform).get, "jitsi.example")
    world.deps = replace(world.deps, calls=calls)
    made = platforms.add(world.deps, "jitsi", "Ours", f"{ORIGIN}/", "companion", SECRET)
    platforms.choose(world.deps, world.group.id, made.id)
    return world


@pytest.fixture
def sol(world, browser):
    """A facilitator in the room."""
    host = world.open_doors()
    second = world.invite("Rae", "facilitator")
    browser.issued = second
    walk(browser, second)
    world.perform(AdmitAll(), by=host.invite.seat_id)
    return browser


@pytest.fixture
def wren(world, sol):
    """A member in the room."""
    browser = Browser(make_app(world))
    walk(browser, world.invite("Wren"))
    host = next(seat for seat in world.live().seats if seat.role == "facilitator")
    world.perform(AdmitAll(), by=host.id)
    return browser


def policy(answer):
    return dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))


def without_account(world):
    platforms.choose(world.deps, world.group.id, "")


def test_her_page_lets_that_one_server_into_its_frame_and_lends_it_what_a_call_needs(sol):
    plain, wide = sol.client.get("/here"), sol.client.get("/here/wide")

    assert wide.status_code == 200
    assert {**policy(plain), "frame-src": f"'self' {ORIGIN}"} == policy(wide)
    assert wide.headers["Permissions-Policy"] == (
        f'camera=(self "{ORIGIN}"), microphone=(self "{ORIGIN}"), display-capture=(self "{ORIGIN}"), '
        f'autoplay=(self "{ORIGIN}"), geolocation=()'
    )
    assert plain.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    for answer in (plain, wide):
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_frames_way_in_may_stand_in_our_own_page_and_leads_into_the_call(sol):
    answer = sol.client.get("/call/frame")

    address = urlsplit(answer.headers["Location"])
    assert (answer.status_code, f"{address.scheme}://{address.netloc}") == (303, ORIGIN)
    assert parse_qs(address.query)["jwt"][0].count(".") == 2
    assert parse_qs(address.fragment)["jitsi_meet_external_api_id"] == ["1"]
    assert parse_qs(address.fragment)["config.startWithAudioMuted"] == ["true"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(answer)["frame-ancestors"] == "'self'"
    assert "frame-src" not in policy(answer)


def test_nothing_that_opens_the_call_stands_in_her_page(sol):
    page = sol.client.get("/here/wide").get_data(as_text=True)

    assert "jwt" not in page
    assert page.count("meet.example") == 1
    assert 'data-script="/static/' in page and "js/beside.js" in page


def test_a_member_has_her_own_page_and_no_frame(wren):
    page, frame = wren.client.get("/here/wide"), wren.client.get("/call/frame")

    assert (page.status_code, page.headers["Location"]) == (303, "/here")
    assert frame.status_code == 422
    assert frame.headers["X-Frame-Options"] == "DENY"
    assert "meet.example" not in frame.get_data(as_text=True)
    assert "/here/wide" not in wren.client.get("/here").get_data(as_text=True)
    assert "meet.example" not in wren.client.get("/here").get_data(as_text=True)


def test_whoever_is_not_there_has_neither(world):
    stranger = Browser(make_app(world))

    assert [stranger.client.get(path).status_code for path in ("/here/wide", "/call/frame")] == [401, 401]


def test_a_group_whose_call_cannot_stand_there_has_a_button_and_the_usual_headers(world, sol):
    without_account(world)

    page, usual = sol.client.get("/here/wide"), sol.client.get("/here")

    assert page.status_code == 200
    assert 'href="/call"' in page.get_data(as_text=True)
    assert "data-origin" not in page.get_data(as_text=True)
    assert page.headers["Content-Security-Policy"] == usual.headers["Content-Security-Policy"]
    assert page.headers["Permissions-Policy"] == usual.headers["Permissions-Policy"]
    assert "/here/wide" not in usual.get_data(as_text=True)
    assert sol.client.get("/call/frame").status_code == 422


def test_a_locked_page_has_no_call_and_comes_back_to_it_by_the_passcode(world, sol):
    for seat in world.live().seats:
        for access in world.store.accesses_of_seat(world.session.id, seat.id):
            locking.heard(world.deps, [access.id])
    world.clock.turn(minutes=2)

    locked, frame = sol.client.get("/here/wide"), sol.client.get("/call/frame")

    assert [answer.status_code for answer in (locked, frame)] == [401, 401]
    assert "frame-src" not in policy(locked)
    assert '<input type="hidden" name="page" value="wide">' in locked.get_data(as_text=True)
    for answer in (locked, frame):
        assert "meet.example" not in answer.get_data(as_text=True)
        assert answer.headers["X-Frame-Options"] == "DENY"

    sol.open("/here/wide")
    wrong = sol.client.post("/here/open", data={"csrf_token": sol.page.csrf, "page": "wide", "passcode": "123"})
    right = {"csrf_token": sol.page.csrf, "page": "wide", "passcode": sol.issued.passcode}
    opened = sol.client.post("/here/open", data=right)
    assert 'name="page" value="wide"' in wrong.get_data(as_text=True)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/here/wide")


@pytest.mark.parametrize(
    "address",
    ["https://meet.example;script-src *", "https://meet.example, evil.example", 'https://meet.example"', "https://m e"],
)
def test_an_address_that_is_no_plain_name_of_a_server_gets_into_no_header(world, sol, address):
    kept = platforms.every(world.deps)[0]
    world.store.shelf(Platform).put(replace(kept, address=address))

    page = sol.client.get("/here/wide")

    assert "frame-src" not in policy(page)
    assert "self" not in page.headers["Permissions-Policy"]


def test_the_static_policy_is_what_it_was(sol):
    assert sol.client.get("/here/wide").headers["Content-Security-Policy"].startswith(OUTSIDE)
