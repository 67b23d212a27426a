"""Proving once more who one is: what a stolen cookie shows and does without it."""

from __future__ import annotations

import json

import pytest

from companion.records import Challenge
from companion.service.staff import accounts
from tests.fakes.staff import PASSWORD, again, an_account, code_for
from tests.web.conftest import Browser
from tests.web.signing_in import give_password, group_path, let_in, options_of, prove, with_a_passkey

CONTACT = {"email": "her@example.org", "phone": "020 7946 0001"}


@pytest.fixture
def jo(world):
    return an_account(world.deps, "jo", keeper=True)


@pytest.fixture
def desk(world, browser, jo):
    return let_in(browser, world, jo)


def test_a_proof_shows_contacts_for_five_minutes(world, desk):
    wren, ash = world.person(**CONTACT), world.person("Ash", email="ash@example.org")
    desk.open(f"/desk/people/{wren.id}")
    desk.send(f"/desk/people/{wren.id}/show")
    prove(desk, world)
    desk.open(f"/desk/people/{ash.id}")
    world.clock.turn(minutes=4)
    soon = desk.send(f"/desk/people/{ash.id}/show")
    world.clock.turn(minutes=1)
    desk.open(f"/desk/people/{ash.id}")
    late = desk.send(f"/desk/people/{ash.id}/show")

    assert ("ash@example.org" in soon.words, late.status, "ash@" in late.html) == (True, 401, False)


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ({"password": "wrong"}, "That did not fit."),
        ({"code": "000000"}, "That code did not fit."),
        ({"code": ""}, "That code did not fit."),
    ],
)
def test_a_proof_needs_both_keys(world, desk, typed, say):
    person = world.person(**CONTACT)
    desk.open(f"/desk/people/{person.id}")
    desk.send(f"/desk/people/{person.id}/show")

    page = prove(desk, world, **typed)

    assert (page.status, say in page.words, "her@" in page.html) == (422, True, False)


def test_a_passkey_is_proof_enough(world, desk, jo):
    device = with_a_passkey(world, jo, app=False)
    person = world.person(**CONTACT)
    desk.open(f"/desk/people/{person.id}")
    asked = desk.send(f"/desk/people/{person.id}/show")

    without = desk.send("/desk/again", password=PASSWORD, kept=asked.value("kept"))
    given = device.use(options_of(without, "/desk/again/passkey"))
    shown = desk.send("/desk/again/passkey", credential=given, kept=without.value("kept"))

    assert (without.status, "her@" in without.html) == (422, False)
    assert "her@example.org" in shown.words


def everything_a_cookie_opens(world, thief, person):
    """All that can be seen and pressed at the desk with a cookie and nothing else."""
    invite = world.store.invites(world.session.id)[0]
    looked = ["/desk", group_path(world), f"/desk/people/{person.id}", f"/desk/sessions/{world.session.id}"]
    looked += ["/desk/letters", "/desk/me", "/desk/colleagues", "/desk/colleagues/link", "/desk/me/factors"]
    for path in (*looked, f"/desk/invites/{invite.id}/sheet", f"/desk/people/{person.id}/show"):
        yield thief.open(path).html
    thief.open("/desk")
    for path in (f"/desk/people/{person.id}/show", "/desk/me/password", "/desk/colleagues", "/desk/again"):
        yield thief.send(path).html
        thief.open("/desk")


def test_a_stolen_cookie_alone_shows_no_contact_and_makes_no_account(world, app, desk):
    person = world.person(**CONTACT)
    world.invite("Ash", **CONTACT)
    desk.open(f"/desk/people/{person.id}")
    desk.send(f"/desk/people/{person.id}/show")
    prove(desk, world)  # even while the contacts are open in her own browser
    thief = Browser(app, "203.0.113.7")
    thief.client.set_cookie("me", desk.cookies()["me"])

    seen = list(everything_a_cookie_opens(world, thief, person))

    assert [html for html in seen if "her@" in html or "7946 0001" in html] == []
    assert len(seen) == 15
    assert accounts.everybody(world.deps) == [again(world.deps, desk.account)]


def test_what_a_cookie_alone_would_change_asks_first(world, app, desk):
    thief = Browser(app, "203.0.113.7")
    thief.client.set_cookie("me", desk.cookies()["me"])
    role = {f"organises-{world.group.id}": "yes"}
    mine = desk.account
    held = accounts.get(world.deps, mine.id)

    for path, fields in (
        ("/desk/me/password", {"new_password": "quite another sentence"}),
        ("/desk/me/factors/app", {"secret": "x", "code": "000000"}),
        ("/desk/me/factors/app/remove", {}),
        ("/desk/colleagues", role),
        (f"/desk/colleagues/{mine.id}/close", {}),
        ("/desk/recoveries/x/agree", {}),
    ):
        thief.open("/desk")
        assert (path, thief.send(path, **fields).status) == (path, 401)

    assert accounts.get(world.deps, mine.id) == held


def test_signing_in_is_no_proof_yet(world, browser, jo):
    person = world.person(**CONTACT)
    give_password(browser)
    browser.send(code=code_for(world.deps, jo))
    browser.open(f"/desk/people/{person.id}")

    assert browser.send(f"/desk/people/{person.id}/show").status == 401


def test_every_refusal_of_a_passkey_uses_its_challenge_up(world, desk, jo):
    device = with_a_passkey(world, jo)
    world.clock.turn(minutes=15)
    page = desk.open("/desk")
    given = json.loads(device.use(options_of(page, "/desk/unlock/passkey")))
    given["response"]["signature"] = "AAAA"

    desk.send("/desk/unlock/passkey", credential=json.dumps(given), kept="")

    challenge = json.loads(options_of(page, "/desk/unlock/passkey"))["challenge"]
    assert world.store.shelf(Challenge).get(challenge) is None
