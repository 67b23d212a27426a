"""What Zoom opens inside its client: the same page for everybody, a mark that gives no right, and a header that only
helps to say why a page is of no use where it is.
"""

import json
import logging
import re
from datetime import timedelta

import pytest

from companion.core.commands import Arrive
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Access, Platform
from companion.service import inside, platforms
from companion.service.accesses import hash_token
from integrations.calls import ChosenCalls
from tests.fakes.staff import a_browser, an_account
from tests.fakes.world import START, a_world
from tests.integrations import zoom_server as zoom
from tests.integrations.test_zoom_context import header, packed, written
from tests.integrations.zoom_place import PLAN
from tests.integrations.zoom_server import ZoomServer
from tests.web.conftest import Browser, make_app
from tests.web.pages import read

CONTEXT = "X-Zoom-App-Context"
HTTPS = "https://notes.example"
NEEDED = ("Strict-Transport-Security", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy")
OURS = "frame-ancestors https://zoom.us https://*.zoom.us"
SAID = {"ts": int(START.timestamp() * 1000), "exp": int((START + timedelta(minutes=2)).timestamp() * 1000)}


@pytest.fixture
def server():
    begun = ZoomServer()
    begun.now = START
    yield begun
    begun.close()


@pytest.fixture
def at_zoom(world, server):
    """The world's own account there, with an app inside Zoom."""
    world.deps = replace(world.deps, calls=ChosenCalls(world.store.shelf(Platform).get, "jitsi.example"))
    more = {"client_id": zoom.CLIENT, "host": zoom.HOST, "webhook_secret": "secret-token-of-the-app", "api": server.api}
    made = platforms.add(world.deps, "zoom", "Ours", "https://zoom.us", zoom.ACCOUNT, zoom.SECRET, **more)
    world.store.shelf(Platform).change(made.id, lambda one: replace(one, address=server.address))
    return inside.keep_app(world.deps, made.id, zoom.APP, zoom.APP_SECRET)


def let_in(world, alias="Sol", role="facilitator"):
    """Somebody in the room; the token of her browser."""
    invite, token = world.invite(alias, role).invite, f"token of {alias}"
    access = Access(
        f"access of {alias}",
        hash_token(world.deps, token),
        invite.id,
        world.session.id,
        invite.seat_id,
        role,
        "in",
        START,
        START + timedelta(hours=12),
    )
    world.store.save_access(access)
    world.perform(Arrive(seat=invite.seat_id, device=access.id, alias=alias, caller=f"caller-{alias.lower()}"))
    return token


def sealed(**changed):
    return header_of(zoom.APP_SECRET, **changed)


def header_of(secret, **changed):
    """What Zoom would send, encrypted with the secret of an app."""
    said = {"typ": "meeting", "uid": "u1", "mid": "a-call==", "attendrole": "host", **SAID, **changed}
    return written(packed(json.dumps(said).encode(), secret))


def landed(world, **headers):
    return (
        make_app(world).test_client().get("/zoom", headers={name.replace("_", "-"): v for name, v in headers.items()})
    )


def without_tokens(response):
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", response.get_data(as_text=True))


# Who may have it in a frame


def test_zoom_alone_may_frame_the_landing_page_and_nobody_any_other(world):
    client = make_app(world).test_client()

    landing, added = client.get("/zoom"), client.get("/zoom/added/none")

    assert OURS in landing.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in landing.headers
    assert landing.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert landing.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "script-src 'self';" in landing.headers["Content-Security-Policy"]
    for page in (added, client.get("/here"), client.get("/desk/in"), client.get("/"), client.get("/i/any-link-at-all")):
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_landing_page_is_the_same_whoever_has_the_browser(world, app):
    keeper = an_account(world.deps, "jo", keeper=True)
    world.open_doors("Host")
    sol, access = app.test_client(), let_in(world)
    sol.set_cookie("id", access)
    sol.set_cookie("me", a_browser(world.deps, keeper).token)
    assert "020 7946 0000" in sol.get("/here").get_data(as_text=True), "there is something to give away"

    known, stranger = sol.get("/zoom"), app.test_client().get("/zoom")

    assert without_tokens(known) == without_tokens(stranger)
    assert "020 7946 0000" not in known.get_data(as_text=True)
    assert "Tuesday" not in known.get_data(as_text=True)


def test_in_a_frame_it_says_how_to_go_on_and_keeps_nothing(world):
    page = landed(world, Sec_Fetch_Dest="iframe")

    assert read(page).words.count("Go to this address: http://127.0.0.1:8000/desk") == 1
    assert page.headers.getlist("Set-Cookie") == []
    assert read(page).all("form", action="/zoom") == []
    assert [script.attributes["src"].rpartition("/")[2] for script in read(page).all("script")] == [
        "zoom_door.js",
        "discreet.js",
    ]


def test_outside_a_frame_nothing_of_zooms_is_loaded_before_the_panel(world):
    scripts = [script.attributes["src"] for script in read(landed(world)).all("script")]

    assert [source.rpartition("/")[2] for source in scripts] == ["discreet.js"]


# What Zoom wants of every page


def test_every_page_of_ours_has_the_four_headers_without_which_zoom_shows_nothing():
    world = a_world(base_url=HTTPS)
    world.open_doors("Host")
    app = make_app(world)
    client = app.test_client()
    held = {
        "__Host-me": a_browser(world.deps, an_account(world.deps, "jo", keeper=True)).token,
        "__Host-id": let_in(world),
        "__Host-side": "1",
    }
    for name, value in held.items():
        client.set_cookie(name, value, domain="notes.example", secure=True)
    named = {
        "group_id": world.group.id,
        "session_id": world.session.id,
        "token": "no-link-of-anybody",
        "section": "call",
    }

    seen = {}
    with app.test_request_context(base_url=HTTPS):
        paths = [path_of(app, rule, named) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for path in sorted({path for path in paths if path and path not in ("/leave",)}):
        answer = client.get(path, base_url=HTTPS)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen[path] = [name for name in NEEDED if not answer.headers.get(name)]

    assert {"/zoom", "/here", "/desk", "/i/no-link-of-anybody", f"/desk/sessions/{world.session.id}"} <= set(seen)
    assert len(seen) > 15
    assert {path: lacks for path, lacks in seen.items() if lacks} == {}


def path_of(app, rule, named):
    if not set(rule.arguments) <= set(named):
        return ""
    return app.url_map.bind("").build(rule.endpoint, {name: named[name] for name in rule.arguments})


# The mark


def test_the_mark_has_a_neutral_name_and_goes_with_the_browser(world):
    secure = a_world(base_url=HTTPS)

    plain = landed(world).headers.getlist("Set-Cookie")
    cookies = make_app(secure).test_client().get("/zoom", base_url=HTTPS).headers.getlist("Set-Cookie")
    (kept,) = [cookie for cookie in cookies if cookie.startswith("__Host-side=")]

    assert [cookie.split(";")[0] for cookie in plain if "desk=" not in cookie] == ["side=1"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in kept.split(";")}
    assert "Expires" not in kept
    assert "Max-Age" not in kept


@pytest.mark.parametrize(("role", "loads"), [("facilitator", True), ("peer_supporter", False), ("tech_helper", False)])
def test_only_a_facilitators_panel_in_a_marked_browser_speaks_with_zoom(world, app, role, loads):
    world.open_doors("Host")
    access = let_in(world, role=role)
    marked, other = app.test_client(), app.test_client()
    for client in (marked, other):
        client.set_cookie("id", access)
    marked.set_cookie("side", "1")

    inside_zoom, elsewhere = (client.get("/here").get_data(as_text=True) for client in (marked, other))

    assert ("zoom_panel.js" in inside_zoom, 'id="in-zoom"' in inside_zoom) == (loads, loads)
    assert "zoom_panel.js" not in elsewhere


def test_her_own_page_alone_knows_by_what_zoom_would_call_her(world, app):
    world.open_doors("Host")
    access = let_in(world)
    client = app.test_client()
    client.set_cookie("id", access)
    client.set_cookie("side", "1")

    assert 'data-caller="caller-sol"' in client.get("/here").get_data(as_text=True)


def test_leaving_quickly_takes_the_mark_away(world, app):
    client = app.test_client()
    client.get("/zoom")

    left = client.get("/leave")

    assert any(cookie.startswith("side=;") for cookie in left.headers.getlist("Set-Cookie"))


def test_the_mark_opens_nothing(world, app):
    client = app.test_client()
    client.set_cookie("side", "1")

    assert client.get("/here").status_code == 401
    assert client.get("/desk").headers["Location"] == "/desk/in"


# The way in


def test_a_link_that_was_pasted_leads_to_its_passcode(world, browser):
    browser.open("/zoom")

    page = browser.send(link="  Please open: https://notes.example/i/abcdefghijklmnop_-123456 thank you ")

    assert browser.at == "/i/abcdefghijklmnop_-123456"
    assert page.value("passcode") == ""


@pytest.mark.parametrize(
    "pasted", ["", "hello", "https://evil.example/x", "/i/short", "x" * 3000, "/desk/begin/abcdefghijklmnopqrst"]
)
def test_what_is_no_link_of_ours_is_said_and_leads_nowhere(browser, pasted):
    browser.open("/zoom")

    page = browser.send(link=pasted)

    assert page.status == 422
    assert "not one of our links" in page.words
    assert OURS in page.response.headers["Content-Security-Policy"]


def test_a_form_that_is_not_of_this_browser_leads_nowhere(world, app):
    answer = app.test_client().post("/zoom", data={"link": "https://notes.example/i/abcdefghijklmnop"})

    assert answer.status_code == 400


def test_somebody_without_an_account_comes_in_by_link_and_passcode_as_everywhere(world, app, browser):
    world.open_doors()
    issued = world.invite("Rae", "facilitator")
    browser.open("/zoom")
    browser.send(link=issued.link)

    browser.send(passcode=issued.passcode)

    assert browser.at == "/here"
    assert "zoom_panel.js" in browser.page.html


# What Zoom says of where it is opened


def say_where(world, caplog, sent):
    caplog.set_level(logging.INFO, "companion.web")
    page = landed(world, X_Zoom_App_Context=sent)
    return read(page).words, [record.getMessage() for record in caplog.records if "context" in record.getMessage()]


def test_outside_a_call_it_says_so(world, at_zoom, caplog):
    words, logged = say_where(world, caplog, sealed(typ="panel", mid=""))

    assert "You are not in a call yet." in words
    assert logged == []


def test_in_a_call_of_ours_it_says_nothing(world, at_zoom, server, caplog):
    ref = world.deps.calls.on(at_zoom).make(PLAN, START)
    server.begin(ref)

    words, logged = say_where(world, caplog, sealed(mid=server.meetings[int(ref)]["uuid"]))

    assert "call yet" not in words
    assert "another call" not in words
    assert logged == []


def test_in_another_call_it_says_so_calmly(world, at_zoom, server, caplog):
    ref = world.deps.calls.on(at_zoom).make(PLAN, START)
    planned = server.meetings[int(ref)]["uuid"]  # nobody has begun it

    assert "This may be another call" in say_where(world, caplog, sealed(mid="somebody-elses=="))[0]
    assert "This may be another call" in say_where(world, caplog, sealed(mid=planned))[0]


def test_while_zoom_cannot_be_asked_nobody_is_worried(world, at_zoom, server, caplog):
    server.close()

    words, logged = say_where(world, caplog, sealed())

    assert "another call" not in words
    assert logged == []


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (header_of("s3cretOfAnotherApp0000000000000000"), "forged"),
        (header_of(zoom.APP_SECRET, ts=SAID["ts"] - 600_000, exp=SAID["ts"] - 480_000), "stale"),
        (header_of(zoom.APP_SECRET, exp=SAID["exp"] + 3_600_000), "stale"),
        ("x" * 9_000, "malformed"),
        ("not a context", "malformed"),
        (header_of(zoom.APP_SECRET, mid=7), "malformed"),
    ],
)
def test_what_is_not_zooms_or_not_of_now_is_ignored_with_its_reason(world, at_zoom, caplog, sent, reason):
    words, logged = say_where(world, caplog, sent)

    assert logged == [f"context ignored reason={reason}"]
    assert words == read(landed(world)).words
    assert sent[:40] not in caplog.text


def test_where_no_app_is_known_the_header_is_ignored(world, caplog):
    assert say_where(world, caplog, sealed())[1] == ["context ignored reason=unknown"]


def test_of_two_organisations_the_one_whose_app_it_is_is_found(world, at_zoom, caplog):
    second = platforms.add(world.deps, "zoom", "Second", "https://zoom.us", "other", zoom.SECRET, **at_zoom.more)
    inside.keep_app(world.deps, second.id, "another", "s3cretOfAnotherApp0000000000000000")

    words, logged = say_where(world, caplog, header_of("s3cretOfAnotherApp0000000000000000", typ="panel"))

    assert "You are not in a call yet." in words
    assert logged == []


def test_nothing_that_zoom_says_lets_anybody_in(world, at_zoom):
    client = make_app(world).test_client()

    client.get("/zoom", headers={CONTEXT: sealed()})

    assert client.get("/here", headers={CONTEXT: sealed()}).status_code == 401
    assert client.get("/desk", headers={CONTEXT: sealed()}).headers["Location"] == "/desk/in"
    assert header() != sealed()


# Adding the app


def test_whoever_adds_the_app_is_sent_back_and_nothing_of_her_is_kept(world, at_zoom, server):
    server.codes["c0de-of-somebody"] = f"http://127.0.0.1:8000/zoom/added/{at_zoom.id}"
    before = world.store.shelf(Platform).get(at_zoom.id)
    browser = Browser(make_app(world))

    page = browser.open(f"/zoom/added/{at_zoom.id}?code=c0de-of-somebody")
    again = browser.open(f"/zoom/added/{at_zoom.id}?code=c0de-of-somebody")

    assert page.status == 200
    assert "It is added to your Zoom." in page.words
    assert (again.status, "Zoom did not add it." in again.words) == (422, True)
    assert world.store.shelf(Platform).get(at_zoom.id) == before
    assert browser.cookies() == {}


@pytest.mark.parametrize("code", ["", "short", "a code with spaces", "x" * 600, "n0-c0de-that-is-known"])
def test_a_code_that_zoom_did_not_give_adds_nothing(world, at_zoom, server, code):
    page = Browser(make_app(world)).open(f"/zoom/added/{at_zoom.id}", query_string={"code": code})

    assert page.status == 422


def test_accounts_that_are_not_there_look_like_codes_that_are_wrong(world, at_zoom):
    browser = Browser(make_app(world))

    wrong, nowhere = browser.open(f"/zoom/added/{at_zoom.id}?code=x"), browser.open("/zoom/added/nowhere?code=x")

    assert (wrong.status, wrong.html) == (nowhere.status, nowhere.html)


def test_an_app_belongs_to_an_account_at_zoom(world):
    made = platforms.add(
        world.deps, "jitsi", "Ours", "https://meet.example", "companion", "a secret of one's own server, long enough"
    )

    with pytest.raises(Refused):
        inside.keep_app(world.deps, made.id, zoom.APP, zoom.APP_SECRET)
    with pytest.raises(Refused):
        inside.keep_app(world.deps, "nowhere", zoom.APP, zoom.APP_SECRET)

    assert world.store.shelf(Platform).get(made.id) == made
