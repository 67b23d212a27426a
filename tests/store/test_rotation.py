"""A new key while the service runs: nothing is lost, nothing is left under the old one, and it may be cut short."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from sqlalchemy import select, update

from companion.core.values import replace
from companion.records import Account, LinePin, Person, Saved, TapRecord
from companion.service import audit, line_pins
from companion.settings import BadSetting
from companion.store import SqlStore, open_store, rotation
from companion.store.keys import find_keys, key_file, new_master, read_masters, write_masters
from companion.store.rotation import CannotRotate, Waiting, seal_again, waiting
from companion.store.sealing import CannotOpen
from companion.store.tables import audit_entries, metadata
from tests.fakes.world import a_world
from tests.store.builders import MINUTE, NOW, a_group, a_letter, a_person, a_state, an_access, with_an_invite
from tests.store.conftest import open_in

OLD = Waiting(0, 0, 0, 0, 0)
TAP = TapRecord("seat-1", "tap-1", "digest")


@pytest.fixture
def full(settings):
    """A store with something of every kind that is sealed, and the settings of its installation."""
    with ExitStack() as stack:
        store = open_in(stack, settings)
        with_an_invite(store)
        store.save_person(a_person("2", email="", phone=""))
        store.save_access(an_access(voice_number="4711"))
        store.post(a_letter())
        store.create(a_state(), NOW)
        store.save("evening", 1, a_state(members=5), NOW, TAP)
        for number in range(3):
            audit.note(leaning(store), "joined", by=f"person {number}")
        yield store, settings


def leaning(store):
    return replace(a_world().deps, store=store, sealer=store.keys)


def put_new_key_first(settings):
    path = key_file(settings)
    write_masters(path, [new_master(), *read_masters(path)])


def drop_old_keys(settings):
    path = key_file(settings)
    write_masters(path, read_masters(path)[:1])


def contents(store):
    return {
        "group": store.group("tuesday"),
        "people": store.people("tuesday"),
        "invites": store.invites("evening"),
        "access": store.access("browser-1"),
        "letters": store.letters(),
        "live": store.load("evening"),
        "tap": store.seen_tap("evening", "seat-1", "tap-1"),
        "found": [person.id for person in store.shelf(Person).find(email="M@example.org")],
        "audit": [(entry.id, entry.by) for entry in audit.entries(leaning(store))],
    }


def test_everything_is_sealed_again_and_opens_with_the_new_key_alone(full):
    store, settings = full
    before = contents(store)
    put_new_key_first(settings)

    made = seal_again(store)

    # A group, two people, access, invite, letter, session key, key check; three entries of the audit and their head.
    assert made == 12
    assert seal_again(store) == 0
    drop_old_keys(settings)
    with ExitStack() as stack:
        alone = open_in(stack, settings)
        assert contents(alone) == before
        assert audit.check(leaning(alone)) == ()


def test_a_node_that_runs_reads_and_writes_on_while_the_keys_change(full, settings):
    store, _ = full
    with ExitStack() as stack:
        other = open_in(stack, settings)  # another process on this machine, which nobody tells
        put_new_key_first(settings)
        store.keys.look_again()
        seal_again(store)

        assert contents(other) == contents(store)
        other.save_person(a_person("3", name="Beth"))
        assert store.person("3") == a_person("3", name="Beth")


def test_a_session_goes_on_whose_key_was_wrapped_anew(full):
    store, settings = full
    put_new_key_first(settings)
    seal_again(store)

    saved = store.load("evening")
    store.save("evening", saved.revision, a_state(members=6), NOW, None)

    assert store.load("evening") == Saved(a_state(members=6), saved.revision + 1)


def test_whoever_writes_meanwhile_loses_nothing(full):
    store, settings = full
    for number in range(20):
        store.save_person(a_person(f"p{number:02}", name="before"))
    put_new_key_first(settings)
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set() or not written:
            number = len(written) % 20
            store.save_person(a_person(f"p{number:02}", name=f"during {len(written)}"))
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    seal_again(store)
    stop.set()
    writer.join()

    last = {number: turn for turn, number in enumerate(written)}
    assert {number: store.person(f"p{number:02}").name for number in last} == {
        number: f"during {turn}" for number, turn in last.items()
    }


def test_it_may_be_cut_short_and_begun_again(full, monkeypatch):
    store, settings = full
    before = contents(store)
    put_new_key_first(settings)
    rows = []

    def cut_short(table, count):
        rows.append(table)
        if len(rows) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_again(store, progress=cut_short)

    assert contents(store) == before
    assert waiting(store, NOW).cells > 0
    seal_again(store)
    assert waiting(store, NOW).cells == 0
    drop_old_keys(settings)
    with ExitStack() as stack:
        assert contents(open_in(stack, settings)) == before


def test_what_still_needs_an_older_key_is_counted(full):
    store, settings = full
    store.shelf(Account).put(Account("sol", "index", "Sol", "argon2", NOW))
    store.keys.look_again()
    put_new_key_first(settings)
    store.keys.look_again()

    assert waiting(store, NOW) == Waiting(10, 1, 1, 1, 1)
    seal_again(store)
    assert waiting(store, NOW) == Waiting(0, 1, 1, 1, 1)
    store.destroy("evening")
    assert waiting(store, NOW + 61 * MINUTE) == Waiting(0, 0, 0, 1, 0)
    assert not waiting(store, NOW + 61 * MINUTE).nothing


def test_a_cell_that_was_swapped_is_not_made_good_by_a_rotation(full):
    store, settings = full
    people = metadata.tables["people"]
    with store.database.writing() as db:
        taken = db.execute(select(people.c.name).where(people.c.id == "2")).scalar_one()
        db.execute(update(people).where(people.c.id == "person-1").values(name=taken))
    put_new_key_first(settings)

    with pytest.raises(CannotOpen):
        seal_again(store)


def test_an_audit_that_was_altered_is_not_made_good_by_a_rotation(full):
    store, settings = full
    with store.database.writing() as db:
        db.execute(update(audit_entries).where(audit_entries.c.id == "000000000002").values(by="nobody"))
    put_new_key_first(settings)

    with pytest.raises(CannotRotate):
        seal_again(store)

    assert [fault.what for fault in audit.check(leaning(store))] == ["altered"]


def test_the_audit_goes_on_between_a_new_key_and_its_sealing(full):
    store, settings = full
    put_new_key_first(settings)
    store.keys.look_again()
    audit.note(leaning(store), "joined", by="person 3")

    assert audit.check(leaning(store)) == ()
    seal_again(store)
    assert audit.check(leaning(store)) == ()


def test_rows_from_before_there_was_an_index_get_one_at_the_next_start(full):
    store, settings = full
    people = metadata.tables["people"]
    with store.database.writing() as db:
        db.execute(update(people).values(email_index=None, phone_index=None))
    assert store.shelf(Person).find(email="m@example.org") == []

    with ExitStack() as stack:
        found = open_in(stack, settings).shelf(Person).find(email="m@example.org")

    assert [person.id for person in found] == ["person-1"]


def test_a_key_file_that_is_broken_meanwhile_changes_nothing(full):
    store, settings = full
    key_file(settings).write_text("too short")

    assert store.keys.look_again() is False
    assert store.group("tuesday") == a_group()


def test_a_database_and_the_old_key_do_not_fit_after_dropping(full):
    store, settings = full
    old = read_masters(key_file(settings))
    put_new_key_first(settings)
    seal_again(store)
    write_masters(key_file(settings), old)

    with pytest.raises(BadSetting, match="another secret key"):
        open_store(settings)


def test_the_ring_of_a_file_knows_where_it_came_from(full):
    store, settings = full

    assert isinstance(store, SqlStore)
    assert find_keys(settings).file == store.keys.file == key_file(settings)
    assert rotation.BATCH > 1


def test_digits_of_the_line_wait_for_the_older_key_until_they_were_used_once(full):
    store, settings = full
    deps = leaning(store)
    digits = line_pins.make(deps, "2", "account x")
    put_new_key_first(settings)
    seal_again(store)

    before = waiting(store, NOW).links
    found = line_pins.person_of(deps, digits)
    after = waiting(store, NOW).links
    drop_old_keys(settings)
    store.keys.look_again()

    assert (before - after, found.id) == (1, "2")
    assert line_pins.person_of(deps, digits) == found
    assert len(store.shelf(LinePin).find()) == 1
