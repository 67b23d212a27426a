"""Colleagues: inviting them, their roles, and letting one back in who is locked out."""

from __future__ import annotations

import pytest

from companion.service import organising
from companion.service.staff import accounts, links, recovering, roles
from tests.fakes.staff import PASSWORD, a_browser, an_account
from tests.web.conftest import Browser
from tests.web.signing_in import add_app, link_on, path_of, prove, signed_in

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def test_a_colleague_is_invited_by_a_link_that_is_shown_once(world, desk, app):
    desk.open("/desk/colleagues")
    role = {f"organises-{world.group.id}": "yes", f"seat-{world.group.id}": "facilitator"}
    desk.send("/desk/colleagues", name="Noor", **role)
    page = prove(desk, world)
    link = link_on(page)
    again_ = desk.open(desk.at)
    noor = Browser(app)
    shown = noor.open(link)
    add_app(noor, noor.send(name="Noor Hale", new_password=PASSWORD, alias="Sol"))

    assert shown.value("name") == "Noor"
    assert "The link was shown once." in again_.words
    account = accounts.find(world.deps, "noor hale")
    assert roles.standing(world.deps, account).roles_in(world.group.id) == {"organiser", "facilitator"}
    assert [one.alias for one in world.store.people(world.group.id)] == ["Sol"]
    assert "Noor Hale" in desk.open("/desk/colleagues").words


def test_an_organiser_makes_nobody_keeper_and_reaches_no_other_group(world, browser):
    other = organising.add_group(world.deps, "Another circle")
    desk = signed_in(browser, world, "jo", "organiser")
    desk.open("/desk/colleagues")
    desk.send("/desk/colleagues", name="Noor", keeper="yes", **{f"organises-{other.id}": "yes"})

    page = prove(desk, world)

    assert (page.status, "Please choose what she does here." in page.words) == (422, True)
    assert not page.all("input", name="keeper")


def test_a_link_that_waits_can_be_taken_back(world, desk, browser):
    made = links.invite(world.deps, roles.standing(world.deps, desk.account), "Noor", [], keeper=True)
    desk.open("/desk/colleagues")

    desk.send(f"/desk/colleagues/links/{made.link.id}/withdraw")
    unknown = desk.send("/desk/colleagues/links/x/withdraw")

    assert (desk.open(path_of(made.address)).status, unknown.status) == (404, 404)


def test_a_password_alone_takes_no_role(world, app):
    noor = an_account(world.deps, "noor", "facilitator", group=world.group.id)
    other = organising.add_group(world.deps, "Another circle")
    made = links.invite(world.deps, None, "Noor", [links.Grant(other.id, "organiser")])
    browser = Browser(app)
    browser.client.set_cookie("me", a_browser(world.deps, noor, "code").token)
    browser.open(path_of(made.address))

    browser.send(path_of(made.address), mine="yes")

    assert roles.standing(world.deps, noor).roles_in(other.id) == frozenset()
    assert links.look(world.deps, made.address.rpartition("/")[2]) == made.link


def test_whoever_has_an_account_adds_the_role_to_it(world, app, desk):
    noor = signed_in(Browser(app), world, "noor", "facilitator")
    other = organising.add_group(world.deps, "Another circle")
    made = links.invite(world.deps, None, "Noor", [links.Grant(other.id, "organiser")])
    noor.open(path_of(made.address))

    page = noor.send(path_of(made.address), mine="yes")

    assert "It is part of your account now." in page.words
    assert "Another circle" in page.words


def test_roles_and_accounts_are_taken_away(world, app, desk):
    noor = signed_in(Browser(app), world, "noor", "facilitator")
    (held,) = roles.standing(world.deps, noor.account).memberships
    desk.open("/desk/colleagues")

    desk.send(f"/desk/colleagues/roles/{held.id}/remove")
    prove(desk, world)
    without = noor.open("/desk").words
    desk.send(f"/desk/colleagues/{noor.account.id}/close")
    noor.open("/desk")

    assert "nothing here for you yet" in without
    assert noor.at == "/desk/in"
    assert desk.send(f"/desk/colleagues/{desk.account.id}/close").status == 404


def test_asking_looks_the_same_whether_anybody_has_the_name(world, app):
    an_account(world.deps, "noor")
    pages = []
    for name in ("noor", "nobody"):
        browser = Browser(app)
        browser.open("/desk/lost")
        pages.append(browser.send(name=name))

    assert pages[0].html == pages[1].html
    assert "Please phone two of them." in pages[0].words


def test_two_colleagues_let_her_in_and_the_second_hands_her_the_link(world, app):
    noor = signed_in(Browser(app), world, "noor", "facilitator")
    jo = signed_in(Browser(app), world, "jo", "organiser")
    sam = signed_in(Browser(app), world, "sam")
    lost = Browser(app)
    lost.open("/desk/lost")
    lost.send(name="Noor")
    action = next(e.attributes["action"] for e in jo.open("/desk").all("form") if "agree" in e.attributes["action"])

    jo.send(action)
    first = prove(jo, world)
    sam.open("/desk")
    sam.send(action)
    second = prove(sam, world)
    lost.open(link_on(second))
    page = lost.send(new_password="quite another sentence")
    add_app(lost, page)
    noor.open("/desk")

    assert "One more colleague must agree." in first.words
    assert (lost.at, noor.at) == ("/desk", "/desk/in")
    assert lost.open(link_on(second)).status == 404


def test_she_herself_and_strangers_see_nothing_of_it(world, app):
    other = organising.add_group(world.deps, "Another circle")
    noor = signed_in(Browser(app), world, "noor", "organiser")
    stranger = signed_in(Browser(app), world, "jo", "organiser", group=other.id)
    recovering.ask(world.deps, "noor")
    (recovery,) = world.store.shelf(recovering.Recovery).find()

    for who in (noor, stranger):
        assert "log in" not in who.open("/desk").words.replace("Log out", "")
        who.send(f"/desk/recoveries/{recovery.id}/agree")
        assert prove(who, world).status == 404
        who.open("/desk")
        assert who.send(f"/desk/recoveries/{recovery.id}/decline").status == 404


def test_a_request_that_was_not_hers_is_declined(world, desk):
    an_account(world.deps, "noor")
    recovering.ask(world.deps, "noor")
    action = next(e.attributes["action"] for e in desk.open("/desk").all("form") if "decline" in e.attributes["action"])

    page = desk.send(action)

    assert "noor" not in page.words
