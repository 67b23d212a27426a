"""The lock of the desk: after a pause, with the page and the words that she was at."""

from __future__ import annotations

import pytest

from tests.fakes.staff import PASSWORD, an_account
from tests.web.conftest import Browser
from tests.web.signing_in import group_path, let_in, options_of, signed_in, with_a_passkey

CONTACT = {"email": "her@example.org", "phone": "020 7946 0001"}


@pytest.fixture
def jo(world):
    return an_account(world.deps, "jo", keeper=True)


@pytest.fixture
def desk(world, browser, jo):
    return let_in(browser, world, jo)


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
