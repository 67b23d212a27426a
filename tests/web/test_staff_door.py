"""The door of the desk: signing in with two keys, the lock, what a stolen cookie shows, passkeys, guessing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from companion.records import Account, Challenge, StaffSession
from companion.service.staff import accounts, passkeys
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import PASSWORD, a_browser, again, an_account, code_for
from tests.fakes.world import a_world
from tests.web.conftest import Browser, make_app
from tests.web.pages import read
from tests.web.signing_in import let_in, prove, signed_in

CONTACT = {"email": "her@example.org", "phone": "020 7946 0001"}


@pytest.fixture
def jo(world):
    return an_account(world.deps, "jo", keeper=True)


@pytest.fixture
def desk(world, browser, jo):
    return let_in(browser, world, jo)


def give_password(browser, name="jo", password=PASSWORD):
    browser.open("/desk/in")
    return browser.send(name=name, password=password)


def options_of(page, action):
    (form,) = page.all("form", action=action)
    return form.attributes["data-options"]


def with_a_passkey(world, account, *, app=True):
    """A device of hers; without ``app`` it is all that she has."""
    device, session = Authenticator(), a_browser(world.deps, account).session
    passkeys.add(world.deps, session, account, device.make(passkeys.to_add(world.deps, session, account)), "laptop")
    if not app:
        world.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=""))
    return device


def group_path(world):
    return f"/desk/groups/{world.group.id}"


# signing in


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


# the lock


def test_after_a_quarter_of_an_hour_the_page_that_she_was_on_comes_back(world, desk):
    world.clock.turn(minutes=15)
    locked = desk.open(f"{group_path(world)}?from=here")
    wrong = desk.send("/desk/unlock", password="wrong", kept=locked.value("kept"))
    page = desk.send("/desk/unlock", password=PASSWORD, kept=wrong.value("kept"))

    assert (locked.status, wrong.status, page.status) == (401, 422, 200)
    assert "Tuesday" not in locked.html + wrong.html
    assert desk.at == f"{group_path(world)}?from=here"
    assert "Tuesday circle" in page.words


def test_what_she_had_typed_is_sent_after_opening_again(world, desk):
    page = desk.open(group_path(world))
    typed = {"name": "Amina Okafor", "alias": "Wren", "role": "member", "language": "en", "csrf_token": page.csrf}
    world.clock.turn(minutes=16)

    locked = desk.send(f"{group_path(world)}/people", **typed)
    nothing_yet = world.store.people(world.group.id)
    page = desk.send("/desk/unlock", password=PASSWORD, kept=locked.value("kept"))

    (person,) = world.store.people(world.group.id)
    assert (locked.status, nothing_yet, person.name) == (401, [], "Amina Okafor")
    assert "Kept." in page.words
    assert "Amina" not in locked.html


def test_a_form_with_a_mistake_comes_back_as_she_had_typed_it(world, desk):
    desk.open(group_path(world))
    world.clock.turn(minutes=16)
    locked = desk.send(f"{group_path(world)}/people", name="", alias="Wren", role="member", language="en")

    page = desk.send("/desk/unlock", password=PASSWORD, kept=locked.value("kept"))

    assert page.status == 422
    assert page.all("input", id="person-alias")[0].attributes["value"] == "Wren"


def test_what_was_kept_for_one_is_nothing_in_the_hands_of_another(world, app, desk):
    desk.open(group_path(world))
    world.clock.turn(minutes=16)
    locked = desk.send("/desk/groups", name="Friday circle")
    sam = signed_in(Browser(app), world, "sam")
    world.clock.turn(minutes=16)
    sam.open("/desk")

    page = sam.send("/desk/unlock", password=PASSWORD, kept=locked.value("kept"))

    assert (sam.at, page.status) == ("/desk", 200)
    assert [group.name for group in world.store.groups()] == ["Tuesday circle"]


@pytest.mark.parametrize("kept", ["", "nonsense", "gAAAAA"])
def test_what_was_altered_is_not_sent(world, desk, kept):
    world.clock.turn(minutes=16)
    desk.open("/desk/letters")

    desk.send("/desk/unlock", password=PASSWORD, kept=kept)

    assert desk.at == "/desk"


def test_what_was_kept_is_for_its_own_address(world, desk):
    desk.open(group_path(world))
    world.clock.turn(minutes=16)
    kept = desk.send(f"{group_path(world)}/people", name="x").value("kept")
    desk.send("/desk/unlock", password=PASSWORD, kept="")

    page = desk.send("/desk/groups", name="Friday circle", kept=kept)

    assert page.status == 200
    assert "Friday circle" in {group.name for group in world.store.groups()}


def test_a_long_page_of_words_is_kept_as_well(world, desk):
    desk.open(f"{group_path(world)}/settings/entry")
    words = "\n".join(f"We listen to each other, point {n}, and we are kind." for n in range(10))
    world.clock.turn(minutes=16)
    locked = desk.send(f"{group_path(world)}/settings/entry", entry=words)

    desk.send("/desk/unlock", password=PASSWORD, kept=locked.value("kept"))

    assert world.store.group(world.group.id).settings.who_gets_in == tuple(words.splitlines())


def test_opening_again_gives_a_new_cookie(world, desk, app):
    before = desk.cookies()["me"]
    world.clock.turn(minutes=15)
    locked = desk.open("/desk")
    desk.send("/desk/unlock", password=PASSWORD, kept=locked.value("kept"))
    thief = Browser(app)
    thief.client.set_cookie("me", before)

    thief.open("/desk")

    assert (thief.at, desk.at) == ("/desk/in", "/desk")


def test_a_double_click_at_the_lock_loses_nothing(world, desk):
    before = desk.open("/desk") and desk.cookies()["me"]
    world.clock.turn(minutes=15)
    locked = desk.send("/desk/groups", name="Friday circle")
    form = {"csrf_token": locked.csrf, "password": PASSWORD, "kept": locked.value("kept")}
    desk.client.post("/desk/unlock", data=form)  # its answer is thrown away by the second click
    desk.client.set_cookie("me", before)

    desk.send("/desk/unlock", **form)

    assert "Friday circle" in desk.open("/desk").words
    desk.client.set_cookie("me", before)
    desk.open("/desk")
    assert desk.at == "/desk/in"


def test_an_old_cookie_needs_the_password_and_is_soon_nothing(world, desk):
    before = desk.cookies()["me"]
    world.clock.turn(minutes=15)
    locked = desk.open("/desk")
    form = {"csrf_token": locked.csrf, "kept": locked.value("kept")}
    desk.client.post("/desk/unlock", data={**form, "password": PASSWORD})
    desk.client.set_cookie("me", before)
    wrong = desk.client.post("/desk/unlock", data={**form, "password": "wrong"})
    world.clock.turn(minutes=2)
    late = desk.client.post("/desk/unlock", data={**form, "password": PASSWORD})

    assert (wrong.status_code, late.headers.get("Location")) == (422, "/desk/in")


def test_a_passkey_opens_again_too(world, desk, jo):
    device = with_a_passkey(world, jo)
    world.clock.turn(minutes=15)
    locked = desk.open("/desk/letters")

    desk.send(
        "/desk/unlock/passkey",
        credential=device.use(options_of(locked, "/desk/unlock/passkey")),
        kept=locked.value("kept"),
    )

    assert desk.at == "/desk/letters"


def test_guessing_at_the_lock_is_stopped(world, desk):
    world.clock.turn(minutes=15)
    locked = desk.open("/desk")
    statuses = [desk.send("/desk/unlock", password=f"guess {n}", kept="").status for n in range(6)]

    assert (locked.status, statuses) == (401, [422] * 5 + [429])


# contacts


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
