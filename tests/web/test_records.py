"""The desk's pages on what is kept of somebody: agreed and taken back, copied, deleted; and who did what."""

import io
import json
import zipfile

import pytest

from companion.records import AuditEntry, Invite, Person
from companion.service import audit, consents, inviting, outbox
from tests.fakes.staff import PASSWORD, code_for
from tests.web.signing_in import prove, signed_in
from tests.web.test_organiser import CONTACT


@pytest.fixture
def desk(browser, world):
    return signed_in(browser, world)


@pytest.fixture
def wren(world):
    return world.person("Wren", contact_is_safe=True, **CONTACT)


def record_of(person):
    return f"/desk/people/{person.id}/record"


def noted(world):
    return [(entry.what, entry.by, entry.about) for entry in audit.entries(world.deps)]


def jo(desk):
    return f"account {desk.account.id}"


def test_a_consent_is_taken_back_in_two_presses_and_what_it_means_is_said_first(world, desk, wren):
    outbox.post(world.deps, wren.email, "Thursday", "See you at seven.")
    (contact,) = consents.of(world.deps, wren.id)
    desk.open(record_of(wren))

    desk.open(f"{record_of(wren)}/consents/{contact.id}")
    said = desk.page.words
    page = desk.send()

    assert "Nothing more is sent to her." in said
    assert "She has taken it back." in page.words
    assert "Taken back on" in page.words
    assert world.store.person(wren.id).contact_confirmed_at is None
    assert world.store.letters() == []
    assert not consents.holds(world.deps, wren.id, "contact")
    assert noted(world)[0] == ("withdrew_contact", jo(desk), f"person {wren.id}")


def test_a_consent_of_somebody_else_is_not_found(world, desk, wren):
    (contact,) = consents.of(world.deps, wren.id)
    other = world.person("Ash")

    page = desk.open(f"{record_of(other)}/consents/{contact.id}")

    assert page.status == 404


def test_a_copy_holds_everything_and_no_hash_and_asks_who_she_is(world, desk, wren):
    world.enter(issued := invited(world, wren))
    desk.open(f"{record_of(wren)}/copy")
    asked = desk.send()
    assert (asked.status, [what for what, _, _ in noted(world)].count("exported")) == (401, 0)

    given = {"password": PASSWORD, "code": code_for(world.deps, desk.account), "kept": asked.value("kept")}
    sent = {"csrf_token": asked.csrf, **given}
    onward = desk.client.post("/desk/again", data=sent)
    response = desk.client.post(onward.headers["Location"], data=sent)

    pack = zipfile.ZipFile(io.BytesIO(response.data))
    copied, page = json.loads(pack.read("record.json")), pack.read("record.html").decode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="record.zip"'
    assert response.headers["Cache-Control"] == "no-store"
    assert copied["person"][0]["email"] == CONTACT["email"]
    assert [one["id"] for one in copied["invite"]] == [issued.invite.id]
    assert [one["kind"] for one in copied["consent"]] == ["contact"]
    assert copied["access"][0]["state"] == "joining"
    assert {one["what"] for one in copied["auditentry"]} == {"joined", "exported"}
    assert all(word in page for word in (wren.name, CONTACT["email"], CONTACT["phone"]))
    kept = world.again(issued)
    assert not any(secret in pack.read("record.json").decode() for secret in (kept.token_hash, kept.passcode_hash))
    assert noted(world)[0] == ("exported", jo(desk), f"person {wren.id}")


def test_everything_about_her_is_deleted_in_two_presses(world, desk, wren):
    invited(world, wren)
    desk.open(record_of(wren))

    desk.open(f"{record_of(wren)}/erase")
    desk.send()
    page = prove(desk, world)

    assert "Everything about her is deleted." in page.words
    assert desk.at == f"/desk/groups/{world.group.id}"
    assert wren.name not in page.html
    assert (world.store.shelf(Person).find(), world.store.shelf(Invite).find()) == ([], [])
    assert noted(world)[0] == ("erased", jo(desk), f"person {wren.id}")
    assert desk.open(record_of(wren)).status == 404


@pytest.mark.parametrize("path", ["", "/copy", "/erase", "/consents/x"])
def test_nobody_comes_here_without_logging_in(browser, wren, path):
    browser.open(record_of(wren) + path)

    assert browser.at == "/desk/in"


def test_who_did_what_is_said_in_plain_words_without_a_name(world, desk, wren):
    desk.open(f"/desk/people/{wren.id}")
    desk.send(f"/desk/people/{wren.id}/record/erase")
    prove(desk, world)
    wren = world.person("Wren")
    world.enter(invited(world, wren))

    page = desk.open("/desk/audit")

    assert "Gave the passcode and came in" in page.words
    assert "Made an account" in page.words
    assert "Showed password and code once moreBy: you" in page.words
    assert "Looked up" not in page.words
    assert "Nothing in this list was changed afterwards." in page.words
    assert not any(word in page.words for word in (wren.name, "Wren", "jo "))


def test_a_look_at_her_address_is_written_down_before_it_is_shown(world, desk, wren):
    desk.open(f"/desk/people/{wren.id}")

    desk.send(f"/desk/people/{wren.id}/show")
    prove(desk, world)

    assert noted(world)[0] == ("revealed_contact", jo(desk), f"person {wren.id}")


def test_a_list_that_was_changed_says_so(world, desk):
    world.enter(world.invite())
    world.store.shelf(AuditEntry).remove(id="000000000001")

    page = desk.open("/desk/audit")

    assert "changed by somebody, or a part is missing" in page.words


def invited(world, person):
    return inviting.invite(world.deps, world.session.id, person.id)
