"""What somebody without the passcode can learn, keep busy or use up on the way in: nothing."""

import re

import pytest

from companion.service import inviting
from tests.fakes.world import a_world, token_of, wrong_for
from tests.web.conftest import Browser, make_app
from tests.web.walking import (
    PLACES,
    dead_link,
    everything_a_stranger_sees,
    give_passcode,
    link,
    walk,
    walk_to_the_alias,
)


def test_fifty_looks_and_fifty_empty_forms_use_nothing_up(world, app):
    issued = world.invite()
    client = app.test_client()
    for n in range(50):
        place = {"REMOTE_ADDR": PLACES[n]}
        assert client.get(link(issued), environ_overrides=place).status_code == 200
        assert client.head(link(issued), environ_overrides=place).status_code == 200
        assert client.post(link(issued), environ_overrides=place).status_code in (400, 422)
    untouched = world.again(issued)

    give_passcode(browser := Browser(app), issued)

    assert untouched == issued.invite
    assert browser.at == "/join"
    assert world.again(issued).state == "opened"


def test_a_look_at_a_link_asks_the_store_nothing(world, app):
    issued = world.invite()
    world.store.down = True

    assert app.test_client().get(link(issued)).status_code == 200


DEAD = ("random", "revoked", "expired", "used", "over")


@pytest.mark.parametrize("kind", DEAD)
def test_links_that_lead_somewhere_and_nowhere_look_alike_to_the_byte(kind):
    answers = []
    for real in (True, False):
        world = a_world()
        world.open_doors()
        issued = world.invite("Wren")
        path, digits = (link(issued), wrong_for(issued)) if real else dead_link(world, kind)
        answers.append(everything_a_stranger_sees(make_app(world), path, digits))

    assert answers[0] == answers[1]


def test_after_twenty_wrong_guesses_only_a_voice_opens_and_a_new_passcode_mends_it(world, app):
    issued = world.invite()
    for place in PLACES[:20]:
        browser = Browser(app, place)
        browser.open(link(issued))
        browser.send(passcode=wrong_for(issued))
    browser = Browser(app, PLACES[40])

    page = give_passcode(browser, issued)
    renewed = inviting.reissue(world.deps, issued.invite.id)
    give_passcode(browser, renewed)

    assert (page.status, "Passcodes no longer open this link" in page.words) == (422, True)
    assert browser.at == "/join"


def test_one_address_cannot_keep_the_slow_part_busy(world, app):
    browser = Browser(app)
    statuses = []
    for n in range(80):
        browser.open(f"/i/guess{n}") if n % 5 == 0 else None
        response = browser.client.post(
            f"/i/guess{n}",
            data={"passcode": "12345678", "csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        )
        statuses.append(response.status_code)

    assert statuses == [422] * 60 + [429] * 20
    assert len(world.hasher.verified) == 60


def test_coming_in_counts_for_nothing_however_many_share_an_address(world, app):
    issued = world.invite()

    for _ in range(70):
        give_passcode(browser := Browser(app), issued)
        assert browser.at == "/join"


def test_a_form_without_its_token_is_refused(world, app):
    issued = world.invite()

    assert app.test_client().post(link(issued), data={"passcode": issued.passcode}).status_code == 400


def test_the_cookie_is_opaque_quiet_and_new_at_every_stage(world, browser):
    world.open_doors()
    issued = world.invite("Ash", language="en")
    give_passcode(browser, issued)
    first = browser.cookies()["id"]
    walk(browser, issued, suggested="Ash")
    second = browser.cookies()["id"]

    old = Browser(browser.app)
    old.client.set_cookie("id", first)
    assert old.open("/here").status == 401
    assert first != second
    for value in browser.cookies().values():
        assert "Ash" not in value


@pytest.mark.parametrize(
    ("address", "name", "secure"), [("", "id", False), ("https://notes.example", "__Host-id", True)]
)
def test_the_cookie_keeps_to_itself(address, name, secure):
    world = a_world(base_url=address)
    issued = world.invite()
    client = make_app(world).test_client()
    base = address or "http://localhost"
    token = re.search(r'csrf_token" value="([^"]+)"', client.get(link(issued), base_url=base).text)[1]

    response = client.post(link(issued), base_url=base, data={"passcode": issued.passcode, "csrf_token": token})

    (cookie,) = (c for c in response.headers.getlist("Set-Cookie") if c.startswith(f"{name}=") and "Max-Age=0" not in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is secure


@pytest.mark.parametrize("path", ["/join", "/join/options"])
def test_whoever_has_no_way_in_is_sent_to_the_front(browser, path):
    browser.open(path)

    assert browser.at == "/"


def test_an_old_cookie_gets_no_new_one_later_elsewhere_or_after_leaving(world, app):
    world.open_doors()
    issued = world.invite("Ash")
    browser, old = Browser(app), Browser(app)
    walk_to_the_alias(browser, issued)
    old.open(link(issued))
    form = {"csrf_token": old.page.csrf}
    old.client.set_cookie("id", browser.cookies()["id"])
    browser.send("/join/alias")

    assert old.client.get("/here").status_code == 401
    assert old.client.post("/act/leave_session").status_code == 401
    world.clock.turn(seconds=60)
    old.send("/join/alias", **form)
    assert old.at == "/"
    world.clock.turn(seconds=-60)
    browser.client.get("/leave")
    old.send("/join/alias", **form)
    assert old.at == "/"


def test_no_log_holds_a_link_a_passcode_an_address_or_a_name(world, app, caplog):
    caplog.set_level("DEBUG")
    world.open_doors()
    issued = world.invite("Ash")
    browser = Browser(app)
    walk(browser, issued, alias="Fern")
    browser.open(link(issued))
    for _ in range(7):
        browser.client.post(
            link(issued),
            data={"passcode": wrong_for(issued), "csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        )
    for _ in range(12):
        browser.client.post(f"{link(issued)}/voice", data={"csrf_token": browser.page.csrf})
    browser.client.post(link(issued), data={"passcode": issued.passcode})

    said = " ".join(record.getMessage() for record in caplog.records)
    for secret in (token_of(issued), issued.passcode, wrong_for(issued), "192.0.2", "Ash", "Fern", "Longname"):
        assert secret not in said


def test_neither_names_nor_the_group_stand_in_an_address_or_before_the_passcode(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    page = browser.open(link(issued))
    browser.send(passcode=issued.passcode)

    for word in ("Ash", "Longname", "Tuesday", "circle"):
        assert word not in page.html
        assert all(word not in path for path, _ in browser.way)
