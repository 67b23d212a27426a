"""The door of the desk: signing in with two keys, and guessing at them."""

from __future__ import annotations

import pytest

from companion.records import StaffSession
from tests.fakes.staff import PASSWORD, an_account, code_for
from tests.fakes.world import a_world
from tests.web.conftest import Browser, make_app
from tests.web.pages import read
from tests.web.signing_in import give_password, let_in, options_of, with_a_passkey

CONTACT = {"email": "her@example.org", "phone": "020 7946 0001"}


@pytest.fixture
def jo(world):
    return an_account(world.deps, "jo", keeper=True)


@pytest.fixture
def desk(world, browser, jo):
    return let_in(browser, world, jo)


def test_a_password_and_a_code_open_the_desk(world, browser, jo):
    asked = give_password(browser)
    half_way = browser.cookies()["me"]
    page = browser.send(code=code_for(world.deps, jo))

    assert (browser.at, page.status) == ("/desk", 200)
    assert "Six digits from your app" in asked.words
    assert browser.cookies()["me"] != half_way, "rotated"


def test_the_password_alone_opens_nothing(world, browser, jo):
    give_password(browser)

    browser.open("/desk")

    assert browser.at == "/desk/in/code"


@pytest.mark.parametrize("typed", [("jo", "wrong"), ("sam", PASSWORD), ("", ""), ("jo", ""), ("", PASSWORD)])
def test_a_wrong_name_or_password_opens_nothing_and_says_no_more(browser, jo, typed):
    page = give_password(browser, *typed)

    assert page.status == 422
    assert "Name and password do not fit" in page.words
    browser.open("/desk")
    assert browser.at == "/desk/in"


def test_a_name_that_nobody_has_looks_and_costs_the_same(world, app, jo):
    pages = []
    for name in ("jo", "sam"):
        browser = Browser(app)
        pages.append(give_password(browser, name, "whatever").html.replace(name, "").replace(browser.page.csrf, ""))

    assert pages[0] == pages[1]
    assert len(world.hasher.verified) == 2


@pytest.mark.parametrize("name", ["jo", "sam"])
def test_guessing_passwords_is_stopped_for_a_quarter_of_an_hour(world, browser, jo, name):
    statuses = [give_password(browser, name, f"guess number {n}").status for n in range(6)]
    paused = give_password(browser, name)
    world.clock.turn(minutes=15)

    assert statuses == [422] * 5 + [429]
    assert (paused.status, "Please wait 15 minutes" in paused.words) == (429, True)
    assert give_password(browser, name).status == (200 if name == "jo" else 422)


def test_whoever_guesses_elsewhere_keeps_nobody_out(world, app, browser, jo):
    for place in range(10):
        thief = Browser(app, f"203.0.113.{place}")
        for n in range(4):
            give_password(thief, "jo", f"guess {n}")

    assert give_password(browser).status == 200


def test_a_wrong_code_and_one_that_was_used_are_said_calmly(world, browser, jo):
    give_password(browser)
    wrong = browser.send(code="000000")
    code = code_for(world.deps, jo)
    browser.send("/desk/in/code", code=code)
    assert browser.at == "/desk"

    give_password(browser)
    used = browser.send(code=code)

    assert (wrong.status, used.status) == (422, 422)
    assert "That code did not fit." in wrong.words
    assert "That code was used already." in used.words
    browser.open("/desk")
    assert browser.at == "/desk/in/code"


def test_guessing_codes_is_stopped(world, browser, jo):
    give_password(browser)
    statuses = [browser.send("/desk/in/code", code=f"{n:06}").status for n in range(6)]

    assert statuses == [422] * 5 + [429]
    assert browser.send("/desk/in/code", code=code_for(world.deps, jo)).status == 429


def test_codes_cannot_be_guessed_from_many_places_at_once(world, app, jo):
    statuses = []
    for place in range(4):
        browser = Browser(app, f"203.0.113.{place}")
        give_password(browser)
        statuses += [browser.send("/desk/in/code", code=f"{n:06}").status for n in range(5)]

    assert statuses == [422] * 15 + [429] * 5


def test_signing_in_again_ends_what_this_browser_had_before(world, browser, jo):
    for _ in range(2):
        give_password(browser)
        browser.send(code=code_for(world.deps, jo))
        world.clock.turn(minutes=1)

    assert len(world.store.shelf(StaffSession).find(account_id=jo.id)) == 1


def test_a_passkey_is_the_second_key_as_well(world, browser, jo):
    device = with_a_passkey(world, jo, app=False)

    page = give_password(browser)
    browser.send("/desk/in/passkey", credential=device.use(options_of(page, "/desk/in/passkey")))

    assert browser.at == "/desk"
    assert not page.all("input", name="code")


def test_a_passkey_answer_that_was_seen_before_opens_nothing(world, app, browser, jo):
    device = with_a_passkey(world, jo)
    page = give_password(browser)
    given = device.use(options_of(page, "/desk/in/passkey"))
    browser.send("/desk/in/passkey", credential=given)
    thief = Browser(app)
    give_password(thief)

    page = thief.send("/desk/in/passkey", credential=given)

    assert (page.status, "That passkey did not fit." in page.words) == (422, True)
    thief.open("/desk")
    assert thief.at == "/desk/in/code"


def test_signing_out_ends_it_for_copies_too(world, desk, app):
    thief = Browser(app)
    thief.client.set_cookie("me", desk.cookies()["me"])

    desk.send("/desk/out")
    thief.open("/desk")

    assert (desk.at, thief.at) == ("/desk/in", "/desk/in")
    assert "me" not in desk.cookies()


def test_twelve_hours_are_the_end(world, desk):
    for _ in range(71):
        world.clock.turn(minutes=10)
        desk.open("/desk")
    still = desk.at
    world.clock.turn(minutes=10)
    desk.open("/desk")

    assert (still, desk.at) == ("/desk", "/desk/in")


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_for_the_server_alone(secure):
    world = a_world(base_url="https://notes.example" if secure else "")
    an_account(world.deps, "jo", keeper=True)
    client = make_app(world).test_client()
    base = "https://notes.example" if secure else "http://127.0.0.1:8000"
    csrf = read(client.get("/desk/in", base_url=base)).csrf
    response = client.post("/desk/in", base_url=base, data={"csrf_token": csrf, "name": "jo", "password": PASSWORD})

    (cookie,) = [c for c in response.headers.getlist("Set-Cookie") if c.startswith(("me=", "__Host-me="))]
    assert cookie.partition("=")[2].partition(";")[2].strip() == (
        "Secure; HttpOnly; Path=/; SameSite=Lax" if secure else "HttpOnly; Path=/; SameSite=Lax"
    )
    assert cookie.startswith("__Host-") == secure
