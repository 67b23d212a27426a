"""A link that works once: the first account, its second key, and the desk of a demo."""

from __future__ import annotations

import re

import pytest

from companion import demo
from companion.records import StaffSession
from companion.service.staff import accounts, links
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import PASSWORD, a_browser, an_account
from tests.web.conftest import Browser
from tests.web.signing_in import add_app, path_of, signed_in

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def test_the_first_account_is_made_by_the_printed_link_with_two_keys(world, browser):
    made = links.begin(world.deps)
    browser.open(path_of(made.address))

    page = browser.send(name="Noor Hale", new_password=PASSWORD)
    at = browser.at
    desk = add_app(browser, page)

    assert (at, browser.at, desk.status) == ("/desk/me/factors", "/desk", 200)
    (account,) = accounts.everybody(world.deps)
    assert (account.name, account.keeper, bool(account.totp_secret)) == ("Noor Hale", True, True)
    assert page.all("svg", **{"class": "qr"})


def test_without_a_second_key_the_desk_stays_shut(world, browser):
    browser.open(path_of(links.begin(world.deps).address))
    browser.send(name="Noor", new_password=PASSWORD)

    for path in ("/desk", "/desk/colleagues", "/desk/me"):
        browser.open(path)
        assert browser.at == "/desk/me/factors"
    elsewhere = Browser(browser.app)
    elsewhere.open("/desk/in")
    elsewhere.send(name="Noor", password=PASSWORD)
    assert elsewhere.at == "/desk/me/factors"


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ({"name": "", "new_password": PASSWORD}, "Please fill this in."),
        ({"name": "Noor", "new_password": "short"}, "at least 12 characters"),
        ({"name": "Noor", "new_password": "x" * 201}, "fewer words"),
        ({"name": "Noor", "new_password": "password1234"}, "Many people use a password like this."),
        ({"name": "Noor Hale", "new_password": "noorhale noorhale"}, "Your name is easy to guess."),
        ({"name": " JO ", "new_password": PASSWORD}, "Somebody has this name here."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_the_link_stays_good(world, browser, typed, say):
    an_account(world.deps, "jo")
    browser.open(path_of(links.begin(world.deps).address))

    page = browser.send(**typed)

    assert (page.status, say in page.words) == (422, True)
    assert page.all("input", id="begin-name")[0].attributes["value"] == typed["name"]
    assert browser.send(name="Noor", new_password=PASSWORD).status == 200


def test_used_expired_and_random_links_look_alike(world, app):
    used = links.begin(world.deps)
    links.make_account(world.deps, used.address.rpartition("/")[2], "Noor", PASSWORD)
    old = links.invite(world.deps, None, "Sam", [], keeper=True)
    world.clock.turn(hours=72)

    pages = [Browser(app).open(path) for path in (path_of(used.address), path_of(old.address), "/desk/begin/random")]
    sent = Browser(app)
    sent.open("/desk/in")
    pages.append(sent.send(path_of(used.address), name="Eve", new_password=PASSWORD))

    assert {page.status for page in pages} == {404}
    assert len({page.html for page in pages}) == 1
    assert "This link opens nothing now." in pages[0].words


def test_many_looks_and_empty_answers_use_no_link_up(world, browser):
    path = path_of(links.begin(world.deps).address)
    for _ in range(10):
        browser.open(path)
        assert browser.send(path).status == 422

    assert browser.send(path, name="Noor", new_password=PASSWORD).status == 200


def test_a_password_can_be_pasted_and_shown(world, browser):
    page = browser.open(path_of(links.begin(world.deps).address))

    (field,) = page.all("input", type="password")
    (button,) = page.all("button", **{"data-shows": field.attributes["id"]})
    assert field.attributes["autocomplete"] == "new-password"
    assert not {"maxlength", "pattern", "onpaste"} & set(field.attributes)
    assert "hidden" in button.attributes, "without script there is nothing that does nothing"


@pytest.mark.parametrize("code", ["", "000000"])
def test_a_wrong_first_code_keeps_the_picture(world, browser, code):
    browser.open(path_of(links.begin(world.deps).address))
    page = browser.send(name="Noor", new_password=PASSWORD)
    letters = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.words)[0]

    again_ = browser.send("/desk/me/factors/app", secret=page.value("secret"), code=code)

    assert (again_.status, letters in again_.words) == (422, True)
    assert add_app(browser, again_).status == 200


def test_a_secret_that_was_made_for_somebody_else_is_not_taken(world, app):
    pages = []
    for name in ("Noor", "Sam"):
        made = links.invite(world.deps, None, name, [], keeper=True)
        browser = Browser(app)
        browser.open(path_of(made.address))
        pages.append((browser, browser.send(name=name, new_password=PASSWORD)))
    (_, noors), (sam, _) = pages

    page = sam.send("/desk/me/factors/app", secret=noors.value("secret"), code="000000")

    assert (page.status, "Here is a new picture." in page.words) == (422, True)


def test_a_passkey_can_be_the_first_second_key(world, browser):
    browser.open(path_of(links.begin(world.deps).address))
    page = browser.send(name="Noor", new_password=PASSWORD)
    (form,) = page.all("form", action="/desk/me/factors/passkey")
    made = Authenticator().make(form.attributes["data-options"])

    refused = browser.send("/desk/me/factors/passkey", credential="{}", label="")
    desk = browser.send("/desk/me/factors/passkey", credential=made, label="my laptop")

    assert (refused.status, desk.status, browser.at) == (422, 200, "/desk")


def test_the_demo_link_opens_its_desk_with_one_press_and_no_other(world, browser):
    demo.make_demo(world.deps)
    desk = demo.desk_of_demo(world.deps)
    path = path_of(desk.link)
    browser.open(path)

    page = browser.send(path)

    assert (browser.at, page.status) == ("/desk", 200)
    assert ("Demo group" in page.words, "Tuesday circle" in page.words) == (True, False)
    assert browser.open(path).status == 404
    assert not accounts.is_begun(world.deps)


def test_the_demo_desk_opens_again_with_the_printed_password(world, browser):
    demo.make_demo(world.deps)
    first = demo.desk_of_demo(world.deps)
    desk = demo.desk_of_demo(world.deps)
    browser.open(path_of(desk.link))
    browser.send(path_of(desk.link))
    world.clock.turn(minutes=16)
    locked = browser.open("/desk")

    page = browser.send("/desk/unlock", password=desk.password, kept=locked.value("kept"))

    assert (page.status, first.password != desk.password) == (200, True)


def test_a_half_made_browser_of_another_account_is_ended(world, app, desk):
    halfway = a_browser(world.deps, desk.account, "code")
    desk.client.set_cookie("me", halfway.token)
    desk.open("/desk/in")
    desk.send(name="jo", password=PASSWORD)

    assert world.store.shelf(StaffSession).get(halfway.session.id) is None
