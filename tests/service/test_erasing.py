"""Erasing somebody leaves no row and no byte by which she is known; consents are kept and taken back."""

from __future__ import annotations

import secrets
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from sqlalchemy import or_, select

from companion.core.commands import AdmitAll, RaiseBreakSignal, RequestTurn, StartSession
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import (
    Access,
    AccessCard,
    Consent,
    Invite,
    Letter,
    Membership,
    Notice,
    Person,
    SafeContact,
    SendItem,
)
from companion.service import (
    arriving,
    audit,
    consents,
    contact,
    erasing,
    giving,
    inviting,
    joining,
    moving,
    organising,
    outbox,
    people,
)
from companion.service.belongings import KINDS
from companion.service.guesses import Guesses
from companion.service.joining import WrongPasscode
from companion.service.routes import Routes
from companion.store.engine import sqlite_file
from companion.store.tables import metadata
from tests.fakes.series import invite_for_all, weekly
from tests.fakes.world import a_world, token_of
from tests.store.conftest import open_in, settings_in

CONTACT = {"email": "marigold@example.org", "phone": "020 7946 0123"}


@pytest.fixture
def world():
    return a_world()


def noted(world):
    return [entry.what for entry in audit.entries(world.deps)]


def seated(world, alias="Wren"):
    """Somebody who has come in by her link and sits in a live session."""
    issued = world.invite(alias, contact_is_safe=True, **CONTACT)
    access = world.enter(issued)
    for step in arriving.STEPS:
        access = arriving.finish_step(world.deps, access, step, alias=alias)
    return issued, arriving.take_seat(world.deps, access).access


def all_about(world, issued):
    """Every record that leads to her."""
    person = issued.invite.person_id
    rows = [*world.store.shelf(Person).find(id=person), *world.store.shelf(Consent).find(person_id=person)]
    rows += [*world.store.shelf(Invite).find(person_id=person), *world.store.letters()]
    return [*rows, *world.store.shelf(Access).find(invite_id=issued.invite.id)]


def test_nothing_of_her_is_left_and_the_others_stay(world):
    world.open_doors()
    issued, _ = seated(world)
    other, _ = seated(world, "Ash")
    outbox.post(world.deps, CONTACT["email"], "Thursday", "See you at seven.")
    before = len(all_about(world, other))

    gone = erasing.erase(world.deps, issued.invite.person_id, "account x")

    assert all_about(world, issued) == []
    assert gone == 6  # herself, her invite, her browser, two consents, the letter
    assert len(all_about(world, other)) == before - 1
    assert world.store.scrubbed == 1
    assert noted(world)[:2] == ["removed", "erased"]  # written down before it is done


def test_who_is_in_a_live_session_is_taken_out_first_and_leaves_no_alias(world):
    host = world.open_doors()
    issued, access = seated(world)
    seat = issued.invite.seat_id
    world.perform(AdmitAll(), by=host.invite.seat_id)
    world.perform(StartSession(), by=host.invite.seat_id)
    world.perform(RequestTurn(note="about the move"), by=seat)
    world.perform(RaiseBreakSignal(strength="few_minutes"), by=seat)

    erasing.erase(world.deps, issued.invite.person_id, "account x")

    state = world.live()
    assert not any(word in repr(state) for word in ("Wren", "about the move"))
    assert (state.seat(seat).state, state.seat(seat).removed) == ("left", True)
    assert ((access.id,), "access_expired") in world.panels.cuts
    assert noted(world)[:2] == ["removed", "erased"]


def test_a_link_of_somebody_who_was_erased_opens_nothing(world):
    world.open_doors()
    issued = world.invite()

    erasing.erase(world.deps, issued.invite.person_id, "account x")

    with pytest.raises(Exception, match="4"):  # a wrong passcode, with four tries left, as for any other link
        world.enter(issued)


def test_nobody_cannot_be_erased(world):
    with pytest.raises(Refused, match="no_such_seat"):
        erasing.erase(world.deps, "nobody", "account x")


def test_she_is_nobodys_preferred_supporter_any_more(world):
    pia, wren = world.person("Pia", "peer_supporter"), world.person("Wren")
    world.store.save_person(replace(wren, preferred_supporter=pia.id))

    erasing.erase(world.deps, pia.id, "account x")

    assert world.store.person(wren.id).preferred_supporter == ""


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_after_erasing_no_table_and_no_file_knows_her(kind, tmp_path):
    with ExitStack() as stack:
        store = open_in(stack, settings_in(stack, kind, tmp_path))
        deps = replace(a_world().deps, store=store, fresh_id=lambda: secrets.token_urlsafe(18))
        group = organising.add_group(deps, "Tuesday")
        session = organising.add_session(deps, group.id, deps.clock())
        more = {"contact_is_safe": True, "waived_by": "Sol", **CONTACT}
        person = organising.add_person(deps, group.id, "member", "Mary", "Wren", **more)
        issued = inviting.invite(deps, session.id, person.id)
        giving.again(deps, issued.invite.id, Routes("email", "aloud"))
        before = rows_with(store, cells_of(store, person.id))
        cells = cells_of(store, person.id)

        erasing.erase(deps, person.id, "account x")

        assert len(before) >= 4
        assert rows_with(store, {person.id.encode(), issued.invite.id.encode()}) == {"audit_entries", "audit_heads"}
        assert rows_with(store, cells) == {"audit_entries", "audit_heads"}
        if kind == "sqlite":
            file = sqlite_file(store.database.engine)
            raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
            known = {cell for cell in cells if len(cell) > 24}
            assert len(known) >= 8
            assert [cell for cell in known if cell[:24] in raw or cell[-24:] in raw] == []


def cells_of(store, person_id):
    """Whatever stands in the rows that belong to her: sealed cells, hashes, ids."""
    found = set()
    with store.database.reading() as db:
        people, invites = metadata.tables["people"], metadata.tables["invites"]
        hers = select(invites.c.id).where(invites.c.person_id == person_id)
        for table in metadata.tables.values():
            ways = [column == person_id for column in table.c if column.name == "person_id"]
            ways += [column.in_(hers) for column in table.c if column.name == "invite_id"]
            ways += [people.c.id == person_id] if table is people else []
            ways += [table.c.id.isnot(None)] if table.name == "letters" else []
            for row in db.execute(select(table).where(or_(*ways))) if ways else ():
                found |= {as_bytes(cell) for cell in row if len(as_bytes(cell)) > 12}
    shared = {b"tuesday", b"member"}
    return (
        found - shared - {as_bytes(row.id) for row in store.groups()} - {as_bytes(row.id) for row in store.sessions()}
    )


def rows_with(store, cells):
    """The tables in which any of these stand."""
    with store.database.reading() as db:
        return {
            table.name
            for table in metadata.tables.values()
            for row in db.execute(select(table))
            if any(cell in as_bytes(value) for value in row for cell in cells)
        }


def as_bytes(value):
    return (
        bytes(value)
        if isinstance(value, bytes | memoryview)
        else str(value).encode()
        if isinstance(value, str)
        else b""
    )


def test_every_table_that_leads_to_a_person_or_an_invite_is_known_to_erasing():
    leading = {
        (table.info.get("record"), key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("people", "invites")
    }

    # Tables that name a person without depending on her are beside them.
    assert {*leading, (Person, "id"), (SendItem, "person_id"), (Membership, "person_id")} == set(KINDS)


def test_each_consent_is_kept_once_with_its_version(world):
    world.open_doors()
    issued, _ = seated(world)
    person = issued.invite.person_id

    organising.confirm_contact(world.deps, person)
    consents.give(world.deps, person, "agreement", 2)

    assert sorted((one.kind, one.version) for one in consents.of(world.deps, person)) == [
        ("agreement", 1),
        ("agreement", 2),
        ("contact", 1),
    ]


def test_what_was_taken_back_can_be_given_again(world):
    person = world.person()
    first = consents.give(world.deps, person.id, "measurements")

    consents.withdraw(world.deps, person.id, first.id, "account x")
    consents.withdraw(world.deps, person.id, first.id, "account x")
    assert not consents.holds(world.deps, person.id, "measurements")
    consents.give(world.deps, person.id, "measurements")

    assert [one.withdrawn_at is None for one in consents.of(world.deps, person.id)].count(True) == 1
    assert len(consents.of(world.deps, person.id)) == 2


def test_an_access_card_that_is_no_longer_shared_keeps_its_words(world):
    person = world.person()
    world.store.save_person(replace(person, access_card=AccessCard(("captions",), "left ear", shared=True)))
    given = consents.give(world.deps, person.id, "access_card")

    consents.withdraw(world.deps, person.id, given.id, "account x")

    assert world.store.person(person.id).access_card == AccessCard(("captions",), "left ear")


def test_contact_that_is_no_longer_wanted_stops_what_waits(world):
    person = world.person(contact_is_safe=True, **CONTACT)
    waiting = outbox.post(world.deps, CONTACT["email"], "Thursday", "See you at seven.")
    other = outbox.post(world.deps, "ash@example.org", "Thursday", "See you at seven.")
    by_text = replace(waiting, id="text", kind="text", to="", about=f"person {person.id}")
    world.store.shelf(Letter).put(by_text)
    (given,) = consents.of(world.deps, person.id)

    consents.withdraw(world.deps, person.id, given.id, "account x")

    assert [letter.id for letter in world.store.letters()] == [other.id]
    assert contact.may_reach(world.store.person(person.id), "mail", world.clock()) == "contact_not_confirmed"


def test_a_consent_while_the_database_is_away_is_written_once_it_is_back(world):
    issued = world.invite()
    access = world.enter(issued)
    world.store.down = True
    consents.give_from(world.deps, access, "measurements")
    world.store.down = False

    world.deps.undone.do()

    assert consents.holds(world.deps, issued.invite.person_id, "measurements")


def test_arriving_without_a_person_leaves_no_consent(world):
    issued = world.invite()
    access = world.enter(issued)
    world.store.shelf(Person).remove(id=issued.invite.person_id)

    consents.give_from(world.deps, access, "agreement")

    assert world.store.shelf(Consent).find() == []


def test_no_letter_and_no_notice_knows_her_afterwards_whatever_it_was_about(world):
    weekly(world)
    standing = invite_for_all(world, contact_is_safe=True, **CONTACT).invite
    person_id = standing.person_id
    invite = inviting.invite(world.deps, "date-1", person_id).invite
    people.change(world.deps, person_id, lambda her: replace(her, contact=SafeContact("none")), is_safe=True)
    moving.move(world.deps, "date-1", world.clock() + timedelta(days=9), 90, 0, "jo")
    people.change(world.deps, person_id, lambda her: replace(her, contact=SafeContact("email")), is_safe=True)
    moving.move(world.deps, "date-2", world.clock() + timedelta(days=19), 90, 0, "jo")
    for about in (
        f"passcode {invite.id}",
        f"invite {standing.id}",
        f"passcode {standing.id}",
        f"reminder x {person_id}",
    ):
        outbox.post(world.deps, "of-before@example.org", "s", "b", about=about)

    erasing.erase(world.deps, person_id, "account x")

    assert world.store.shelf(Letter).find() == []
    assert [(one.posted, one.missed) for one in world.store.shelf(Notice).find()] == [((), ()), ((), ())]


def test_a_link_to_every_date_makes_no_seat_while_its_owner_is_erased(world):
    dates = weekly(world)
    issued = invite_for_all(world)

    class Opened:
        """A store in which somebody opens her link between the look at her invites and their removal."""

        def __getattr__(self, name):
            return getattr(world.store, name)

        def shelf(self, kind):
            if kind is SendItem:
                with suppress(WrongPasscode):
                    joining.enter(world.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en")
            return world.store.shelf(kind)

    erasing.erase(replace(world.deps, store=Opened()), issued.invite.person_id, "account x")

    assert [world.store.invites(date.id) for date in dates] == [[], [], []]
    assert world.store.shelf(Access).find() == []
