"""The pages of accounts: beginning, inviting, one's own account, coming back, going in."""

from __future__ import annotations

import re

import pyotp
import pytest

from companion import demo
from companion.records import StaffSession
from companion.service import organising
from companion.service.staff import accounts, links, passkeys, recovering, roles
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import PASSWORD, a_browser, again, an_account, code_for
from tests.web.conftest import Browser
from tests.web.signing_in import let_in, prove, signed_in

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def path_of(address):
    return address.partition("8000")[2]


def link_on(page):
    (found,) = re.findall(r"http://127\.0\.0\.1:8000(/desk/begin/\w+)", page.words)
    return found


def add_app(browser, page):
    """Take the picture with an app and type what it shows."""
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.words)[0].replace(" ", "")
    now = browser.app.extensions["companion"].clock()
    return browser.send("/desk/me/factors/app", secret=page.value("secret"), code=pyotp.TOTP(secret).at(now))


# beginning


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


# colleagues


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


# my own account


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


# coming back


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


# going in


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


# the demo


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
