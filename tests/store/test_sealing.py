"""A stolen database tells no name, and a cell that was altered or put elsewhere does not open."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, select, update

from companion.core.model import GroupRules
from companion.records import Account, TapRecord
from companion.store import SqlStore
from companion.store.engine import sqlite_file
from companion.store.sealing import CannotOpen, Sealer
from companion.store.tables import (
    accesses,
    accounts,
    groups,
    letters,
    live_sessions,
    metadata,
    people,
    session_keys,
    taps,
)
from tests.store.builders import (
    NOW,
    a_group,
    a_letter,
    a_person,
    a_state,
    an_access,
    an_account,
    keep_staff,
    with_an_invite,
)

KEY, OTHER = b"k" * 32, b"o" * 32
SECRETS = ["Margaret", "m@example.org", "7946", "Wren", "Tuesday", "call.example", "stays here", "What helped", "Sol"]
SECRETS += ["private_space", "seven", "Thursday", "no such box", "4711", "digest-1", "tap-1", "JBSWY3DP", "argon2 of a"]


def test_what_is_sealed_opens_in_its_place_only():
    sealer = Sealer([KEY])
    cell = sealer.seal(b"Wren", "people", "alias", "1")

    assert sealer.open(cell, "people", "alias", "1") == b"Wren"
    for elsewhere in (
        ("people", "alias", "2"),
        ("people", "name", "1"),
        ("peoplealias", "1"),
        ("people", "alias1", ""),
    ):
        with pytest.raises(CannotOpen):
            sealer.open(cell, *elsewhere)


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_an_altered_cell_does_not_open(at):
    sealer = Sealer([KEY])
    cell = bytearray(sealer.seal(b"Wren", "people", "alias", "1"))
    cell[at] ^= 1

    with pytest.raises(CannotOpen):
        sealer.open(bytes(cell), "people", "alias", "1")


@pytest.mark.parametrize("cell", [b"", b"\x01", b"\x01" + bytes(12), b"\x01" + bytes(28), b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(cell):
    with pytest.raises(CannotOpen):
        Sealer([KEY]).open(cell, "people", "alias", "1")


def test_the_same_words_look_different_each_time():
    sealer = Sealer([KEY])

    assert sealer.seal(b"Wren", "x") != sealer.seal(b"Wren", "x")


def test_the_first_key_seals_and_every_key_opens():
    old, both, new = Sealer([KEY]), Sealer([OTHER, KEY]), Sealer([OTHER])

    assert both.open(old.seal(b"Wren", "x"), "x") == b"Wren"
    assert new.open(both.seal(b"Wren", "x"), "x") == b"Wren"
    with pytest.raises(CannotOpen):
        old.open(both.seal(b"Wren", "x"), "x")


def test_a_stolen_database_tells_nobodys_words(on_sqlite):
    with_an_invite(on_sqlite)
    on_sqlite.save_access(an_access(voice_number="4711"))
    keep_staff(on_sqlite)
    on_sqlite.post(a_letter(state="failed", problem="no such box"))
    on_sqlite.create(a_state(), NOW)
    on_sqlite.save("evening", 1, a_state(), NOW, TapRecord("seat-9", "tap-1", "digest-1"))

    file = sqlite_file(on_sqlite.database.engine)
    raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert [secret for secret in [*SECRETS, "seat-9"] if secret.encode() in raw] == []
    assert b"hash of invite-1" in raw  # this search does find what is there


def test_each_private_column_is_sealed():
    columns = (column for table in metadata.tables.values() for column in table.c)
    sealed = {(column.table.name, column.name) for column in columns if column.info.get("sealed")}

    assert sealed == {
        *(("groups", name) for name in ("name", "rules", "settings")),
        *(("people", name) for name in ("name", "alias", "email", "phone")),
        *(("people", name) for name in ("contact", "access_card", "induction", "preferred_supporter", "country")),
        ("agreement_versions", "points"),
        *(("access_answers", name) for name in ("yes", "answered", "heard")),
        *(("series", name) for name in ("starts", "skipped")),
        *(("notices", name) for name in ("by", "posted", "missed")),
        ("date_notes", "by"),
        *(("invites", name) for name in ("problem", "passcode_problem", "failed_at")),
        *(("standing_invites", name) for name in ("problem", "passcode_problem", "failed_at")),
        ("send_items", "secret"),
        *(("accesses", name) for name in ("alias", "voice_number", "steps")),
        *(("accounts", name) for name in ("name", "password_hash", "totp_secret")),
        *(("passkeys", name) for name in ("public_key", "label")),
        *(("one_time_links", name) for name in ("name", "grants")),
        ("recoveries", "agreed"),
        *(("platforms", name) for name in ("name", "address", "account", "secret", "more")),
        ("held_calls", "ref"),
        *(("call_places", name) for name in ("call", "ref", "url")),
        *(("call_tasks", name) for name in ("argument", "problem")),
        *(("letters", name) for name in ("to", "subject", "body", "problem", "attachments")),
    }


def test_names_swapped_between_two_people_do_not_open(on_database):
    on_database.save_group(a_group())
    on_database.save_person(a_person("1"))
    on_database.save_person(a_person("2"))

    move(on_database, people, "name", "1", "2")

    assert on_database.person("1") == a_person("1")
    with pytest.raises(CannotOpen):
        on_database.person("2")


def test_an_email_put_in_the_place_of_a_name_does_not_open(on_database):
    on_database.save_group(a_group())
    on_database.save_person(a_person("1"))
    with on_database.database.writing() as db:
        db.execute(update(people).values(name=people.c.email))

    with pytest.raises(CannotOpen):
        on_database.person("1")


@pytest.mark.parametrize("column", ["name", "rules", "settings"])
def test_a_group_cell_of_another_group_does_not_open(on_sqlite, column):
    on_sqlite.save_group(a_group("1"))
    on_sqlite.save_group(a_group("2", rules=GroupRules()))

    move(on_sqlite, groups, column, "1", "2")

    with pytest.raises(CannotOpen):
        on_sqlite.group("2")


def test_a_letter_cannot_be_turned_to_another_address(on_sqlite):
    on_sqlite.post(a_letter("1", to="attacker@example.org"))
    on_sqlite.post(a_letter("2"))

    move(on_sqlite, letters, "to", "1", "2")

    with pytest.raises(CannotOpen):
        on_sqlite.letters()


def test_an_access_does_not_take_anothers_alias(on_sqlite):
    with_an_invite(on_sqlite)
    on_sqlite.save_access(an_access("1"))
    on_sqlite.save_access(an_access("2"))

    move(on_sqlite, accesses, "alias", "1", "2")

    with pytest.raises(CannotOpen):
        on_sqlite.access("2")


@pytest.mark.parametrize("column", ["password_hash", "totp_secret"])
def test_nobody_signs_in_with_what_was_copied_from_another_account(on_sqlite, column):
    keep_staff(on_sqlite)
    on_sqlite.shelf(Account).put(an_account("2"))

    move(on_sqlite, accounts, column, "1", "2")

    with pytest.raises(CannotOpen):
        on_sqlite.shelf(Account).get("2")


def test_a_document_of_another_session_does_not_open(on_database):
    on_database.create(a_state("1"), NOW)
    on_database.create(a_state("2"), NOW)

    move(on_database, live_sessions, "document", "1", "2")

    with pytest.raises(CannotOpen):
        on_database.load("2")


def test_a_key_of_another_session_does_not_open(on_database):
    on_database.create(a_state("1"), NOW)
    on_database.create(a_state("2"), NOW)

    move(on_database, session_keys, "wrapped_key", "1", "2")

    with pytest.raises(CannotOpen):
        on_database.load("2")


def test_an_older_document_of_the_same_session_does_not_open(on_database):
    on_database.create(a_state(), NOW)
    with on_database.database.reading() as db:
        older = db.execute(select(live_sessions.c.document)).scalar_one()
    on_database.save("evening", 1, a_state(members=4), NOW, None)

    with on_database.database.writing() as db:
        db.execute(update(live_sessions).values(document=older))

    with pytest.raises(CannotOpen):
        on_database.load("evening")


def test_the_digest_of_another_tap_does_not_open(on_sqlite):
    on_sqlite.create(a_state(), NOW)
    on_sqlite.save("evening", 1, a_state(), NOW, TapRecord("seat-1", "tap-1", "one"))
    with on_sqlite.database.reading() as db:
        first = db.execute(select(taps.c.digest)).scalar_one()
    on_sqlite.save("evening", 2, a_state(), NOW, TapRecord("seat-1", "tap-2", "two"))

    with on_sqlite.database.writing() as db:
        db.execute(update(taps).values(digest=first))

    assert on_sqlite.seen_tap("evening", "seat-1", "tap-1") == "one"
    with pytest.raises(CannotOpen):
        on_sqlite.seen_tap("evening", "seat-1", "tap-2")


def move(store: SqlStore, table: Table, column: str, source: str, target: str) -> None:
    (key,) = table.primary_key
    cell = table.c[column]
    with store.database.writing() as db:
        taken = db.execute(select(cell).where(key == source)).scalar_one()
        db.execute(update(table).where(key == target).values({cell: taken}))
