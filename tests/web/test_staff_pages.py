"""One's own account, and going into a session from the desk."""

from __future__ import annotations

import re

import pytest

from companion.records import StaffSession
from companion.service.staff import accounts, passkeys, roles
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import PASSWORD, again, code_for
from tests.web.conftest import Browser
from tests.web.signing_in import add_app, let_in, prove, signed_in

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def test_she_sees_where_she_is_logged_in_in_words_that_she_knows(world, app, desk):
    other = Browser(app, "203.0.113.7")
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.open("/desk/in")
    other.send(name="jo", password=PASSWORD)
    other.send(code=code_for(world.deps, desk.account))

    page = desk.open("/desk/me")

    assert "This browser, Firefox, on a computer" in page.words
    assert "Firefox, on a phone, last seen Thursday 5 March, 19:00" in page.words
    assert "203.0" not in page.html + repr(world.store.shelf(StaffSession).find())


def test_one_browser_is_logged_out_or_all_of_them(world, app, desk):
    others = [let_in(Browser(app), world, desk.account) for _ in range(2)]
    (form, _) = (e for e in desk.open("/desk/me").all("form") if re.search(r"browsers/.+/end$", e.attributes["action"]))

    desk.send(form.attributes["action"])
    for other in others:
        other.open("/desk")
    desk.open("/desk")
    one_out = sorted(browser.at for browser in (*others, desk))
    desk.send("/desk/me/browsers/end")
    for other in (*others, desk):
        other.open("/desk")

    assert one_out == ["/desk", "/desk", "/desk/in"]
    assert {browser.at for browser in (*others, desk)} == {"/desk/in"}


def test_nobody_logs_a_colleague_out(world, app, desk):
    noor = signed_in(Browser(app), world, "noor")
    (theirs,) = world.store.shelf(StaffSession).find(account_id=noor.account.id)
    desk.open("/desk/me")

    desk.send(f"/desk/me/browsers/{theirs.id}/end")
    noor.open("/desk")

    assert noor.at == "/desk"


def test_a_new_password_ends_the_other_browsers(world, app, desk):
    other = let_in(Browser(app), world, desk.account)
    desk.open("/desk/me")
    desk.send("/desk/me/password", new_password="short")
    mistake = prove(desk, world)
    page = desk.send("/desk/me/password", new_password="quite another sentence")
    other.open("/desk")

    assert (mistake.status, "at least 12 characters" in mistake.words) == (422, True)
    assert "Your password is new." in page.words
    assert (desk.at, other.at) == ("/desk/me", "/desk/in")
    assert accounts.is_right(world.deps, again(world.deps, desk.account), "quite another sentence")


def test_keys_are_added_and_removed_but_never_the_last_one(world, desk):
    desk.open("/desk/me/factors")
    page = prove(desk, world)
    (form,) = page.all("form", action="/desk/me/factors/passkey")
    made = Authenticator().make(form.attributes["data-options"])
    added = desk.send("/desk/me/factors/passkey", credential=made, label="laptop")
    (kept,) = passkeys.of_account(world.deps, desk.account.id)
    removed = desk.send("/desk/me/factors/app/remove")
    last = desk.send(f"/desk/me/factors/{kept.id}/remove")

    assert "You can use it from now on." in added.words
    assert "laptop" in added.words
    assert "Removed." in removed.words
    assert "This is your last key." in last.words
    assert passkeys.of_account(world.deps, desk.account.id) == [kept]


def test_a_new_app_takes_the_place_of_the_old_one(world, desk):
    desk.open("/desk/me/factors")
    page = prove(desk, world)
    before = again(world.deps, desk.account).totp_secret

    add_app(desk, page)

    assert desk.at == "/desk/me"
    assert again(world.deps, desk.account).totp_secret != before


@pytest.mark.parametrize("role", ["facilitator", "peer_supporter", "tech_helper"])
def test_staff_go_in_from_the_desk(world, browser, role):
    world.open_doors()
    desk = signed_in(browser, world, "noor", role)

    page = desk.send(f"/desk/sessions/{world.session.id}/go-in")

    assert (desk.at, page.status) == ("/here", 200)
    assert [e for e in page.elements if e.attributes.get("id") == "panel"]
    assert role in {seat.role for seat in world.live().seats if seat.state == "seated"}


def test_the_desk_page_of_a_date_offers_it_to_a_facilitator(world, browser):
    world.open_doors()
    desk = signed_in(browser, world, "noor", "facilitator")
    path = f"/desk/sessions/{world.session.id}"

    page = desk.open(path)

    assert f"{path}/go-in" in {form.attributes["action"] for form in page.all("form")}


def test_before_the_room_is_ready_she_waits_at_the_doors(world, browser):
    desk = signed_in(browser, world, "noor", "tech_helper")

    desk.send(f"/desk/sessions/{world.session.id}/go-in")

    assert desk.at == "/join"


def test_a_second_browser_of_hers_has_the_same_seat(world, app):
    world.open_doors()
    first = signed_in(Browser(app), world, "noor", "facilitator")
    first.send(f"/desk/sessions/{world.session.id}/go-in")
    second = let_in(Browser(app), world, first.account)

    second.send(f"/desk/sessions/{world.session.id}/go-in")

    (held,) = roles.standing(world.deps, first.account).seats()
    (seat,) = {one.seat_id for one in world.store.invites(world.session.id) if one.person_id == held.person_id}
    assert (second.at, len(world.live().seat(seat).devices)) == ("/here", 2)
