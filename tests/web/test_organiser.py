"""The desk: groups, people, dates and invites, with contacts hidden and secrets shown once."""

import re
from datetime import UTC, datetime

import pytest

from companion.core.values import replace
from companion.ports import DeliveryFailed
from companion.service import giving, organising, outbox
from companion.service.routes import Routes
from tests.fakes.world import START
from tests.web.conftest import Browser
from tests.web.signing_in import prove, signed_in

CONTACT = {"email": "her@example.org", "phone": "020 7946 0001"}


@pytest.fixture
def desk(browser, world):
    return signed_in(browser, world)


def group_path(world):
    return f"/desk/groups/{world.group.id}"


def session_path(world):
    return f"/desk/sessions/{world.session.id}"


def passcode_on(page):
    match = re.search(r"\b(\d{4}) (\d{4})\b", page.words)
    return match[1] + match[2] if match else ""


def link_on(page):
    links = [e.attributes["href"] for e in page.all("a") if "/i/" in e.attributes["href"]]
    return links[0] if links else ""


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/groups/x", "/desk/people/x", "/desk/sessions/x", "/desk/invites/x/sheet", "/desk/letters"],
)
def test_nobody_sees_the_desk_without_logging_in(browser, path):
    browser.open(path)

    assert browser.at == "/desk/in"


def test_every_form_of_the_desk_needs_its_token(world, desk):
    for path in ("/desk/groups", f"{group_path(world)}/people", f"{session_path(world)}/begin", "/desk/out"):
        assert desk.client.post(path, data={"name": "x"}).status_code == 400


def test_a_person_is_added_and_her_contact_stays_hidden(world, desk):
    desk.open(group_path(world))

    page = desk.send(
        f"{group_path(world)}/people",
        name="Amina Okafor",
        alias="Wren",
        role="member",
        language="en",
        contact_is_safe="yes",
        **CONTACT,
    )

    (person,) = world.store.people(world.group.id)
    assert (person.name, person.alias, person.email) == ("Amina Okafor", "Wren", "her@example.org")
    assert person.contact_confirmed_at == START
    assert "Amina Okafor" in page.words
    for path in (group_path(world), f"/desk/people/{person.id}"):
        html = desk.open(path).html
        assert "example.org" not in html
        assert "7946 0001" not in html


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "nobody"},
        {"email": "a@b\r\nBcc: c@d"},
        {"phone": "<b>"},
        {"role": "system"},
        {"alias": "w" * 31},
    ],
)
def test_a_person_typed_wrongly_comes_back(world, desk, wrong):
    desk.open(group_path(world))
    right = {"name": "Amina Okafor", "alias": "Wren", "role": "member", "language": "en"}

    page = desk.send(f"{group_path(world)}/people", **{**right, **wrong})

    assert page.status == 422
    assert world.store.people(world.group.id) == []


def test_a_contact_is_shown_only_after_she_proved_again_who_she_is(world, desk):
    person = world.person(**CONTACT)
    path = f"/desk/people/{person.id}"
    desk.open(path)

    asked = desk.send(f"{path}/show")
    refused = prove(desk, world, password="wrong")
    shown = prove(desk, world)
    after = desk.open(path)

    assert [page.status for page in (asked, refused, shown)] == [401, 422, 200]
    assert ["her@example.org" in page.html for page in (asked, refused, shown, after)] == [False, False, True, False]
    assert "020 7946 0001" in shown.words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-12T19:00", datetime(2026, 3, 12, 19, 0, tzinfo=UTC)),
        ("2026-07-02T19:00", datetime(2026, 7, 2, 18, 0, tzinfo=UTC)),
    ],
)
def test_a_date_is_meant_in_the_groups_own_time(world, desk, typed, meant):
    desk.open(group_path(world))

    page = desk.send(f"{group_path(world)}/sessions", starts_at=typed)

    assert meant in [session.starts_at for session in world.store.sessions(world.group.id)]
    assert "19:00" in page.words


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01T19:00"])
def test_a_date_that_is_none_comes_back(world, desk, typed):
    desk.open(group_path(world))

    assert desk.send(f"{group_path(world)}/sessions", starts_at=typed).status == 422
    assert len(world.store.sessions(world.group.id)) == 1


def test_the_room_is_got_ready_and_its_phase_is_shown(world, desk):
    desk.open(session_path(world))

    ready = desk.send(f"{session_path(world)}/begin")
    world.open_doors()
    opened = desk.open(session_path(world))

    assert "The room is ready" in ready.words
    assert "The doors are open." in opened.words


def test_a_session_that_is_over_says_how_many_came_and_offers_nothing(world, desk):
    person = world.person("Ash")
    world.invite("Fern")
    desk.open(session_path(world))
    world.store.save_session(replace(world.session, phase="closed", closed_at=START, came=7))

    refused = desk.send(f"{session_path(world)}/invite/{person.id}")
    page = desk.open(session_path(world))

    assert "This session is over" in refused.words
    assert "7 members came." in page.words
    assert [e.attributes.get("action") for e in page.all("form")] == ["/desk/out"]


def test_a_person_of_another_group_is_not_invited(world, desk):
    other = organising.add_group(world.deps, "Another")
    stranger = organising.add_person(world.deps, other.id, "member", "Stranger")
    desk.open(session_path(world))

    page = desk.send(f"{session_path(world)}/invite/{stranger.id}")

    assert page.status == 404
    assert world.store.invites(world.session.id) == []


def test_letters_that_did_not_leave_are_listed_with_the_next_thing_to_do(world, desk):
    world.mailer.failures = [DeliveryFailed("not taken", permanent=True, trouble="address")]
    person = world.person("Ash", **CONTACT, contact_is_safe=True)
    target = giving.target_of(world.deps, "session", world.session.id)
    giving.give(world.deps, target, person.id, Routes("email", "aloud"))
    outbox.deliver_due(world.deps)

    page = desk.open("/desk/letters")
    desk.send(f"/desk/letters/{world.store.letters()[0].id}/again")
    outbox.deliver_due(world.deps)

    assert "This e-mail address does not work." in page.words
    assert "her@example.org" not in page.html
    assert "Every letter has left." in desk.open("/desk/letters").words


@pytest.mark.parametrize("path", ["groups/x", "people/x", "sessions/x", "invites/x/sheet"])
def test_what_is_not_there_is_no_page(desk, path):
    assert desk.open(f"/desk/{path}").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "groups/x/people",
        "people/x",
        "people/x/show",
        "people/x/safe",
        "sessions/x/begin",
        "sessions/x/invite/y",
        "invites/x/new-phone",
        "sending/x/stop",
        "series/x/invite/y",
        "sessions/x/everybody",
        "invites/x/reissue",
        "invites/x/revoke",
    ],
)
def test_a_press_on_what_is_not_there_breaks_nothing(world, desk, path):
    page = desk.send(f"/desk/{path}")

    assert page.status == 404


def test_markup_in_names_stays_words(world, desk):
    world.person("<b>Ash</b>")

    assert not desk.open(group_path(world)).all("b")


def test_leaving_quickly_leaves_the_desk_as_well(world, desk, app):
    kept = desk.cookies()["me"]
    desk.client.get("/leave")
    thief = Browser(app)
    thief.client.set_cookie("me", kept)

    for browser in (desk, thief):
        browser.open("/desk")
        assert browser.at == "/desk/in"
