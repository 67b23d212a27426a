"""What every store promises about many taps at once: one look, one commit, all of it or nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import event

from companion.core.values import replace
from companion.ports import Moved, StoreDown
from companion.records import Looked, Saved, Saving, TapRecord
from companion.store import document
from companion.store.quick import Quick
from tests.store.builders import NOW, a_session, a_state, an_access, an_invite, with_an_invite

ONE, OTHER, THIRD = (TapRecord("seat-1", f"tap-{number}", f"digest-{number}") for number in (1, 2, 3))


def a_saving(session_id="evening", revision=1, members=5, taps=(ONE,), due_at=NOW):
    return Saving(session_id, revision, a_state(session_id, members=members), due_at, tuple(taps))


@pytest.fixture
def two_sessions(store):
    with_an_invite(store)
    store.save_session(a_session("other"))
    store.shelf(type(an_invite())).put(an_invite("invite-2", session_id="other"))
    store.save_access(an_access("browser-1"))
    store.save_access(an_access("browser-2", session_id="other", invite_id="invite-2"))
    for name in ("evening", "other"):
        store.create(a_state(name), None)
    return store


def test_all_are_saved_with_all_their_taps(two_sessions):
    store = two_sessions

    assert list(store.save_all([a_saving(taps=(ONE, OTHER)), a_saving("other", members=7, taps=(THIRD,))])) == []

    assert store.load("evening") == Saved(a_state(members=5), 2)
    assert store.load("other") == Saved(a_state("other", members=7), 2)
    assert [store.seen_tap("evening", "seat-1", tap.tap_id) for tap in (ONE, OTHER, THIRD)] == [
        "digest-1",
        "digest-2",
        None,
    ]
    assert store.due(NOW) == ["evening", "other"]


def test_of_one_that_moved_nothing_is_saved_and_of_the_others_everything(two_sessions):
    store = two_sessions
    store.save("evening", 1, a_state(members=4), None, OTHER)

    moved = store.save_all([a_saving("other"), a_saving(), a_saving("nowhere")])

    assert sorted(moved) == ["evening", "nowhere"]
    assert store.load("evening") == Saved(a_state(members=4), 2)
    assert store.seen_tap("evening", "seat-1", ONE.tap_id) is None
    assert store.load("other") == Saved(a_state("other", members=5), 2)
    assert store.seen_tap("other", "seat-1", ONE.tap_id) == ONE.digest


def test_a_tap_that_is_known_already_spoils_all_and_keeps_nothing(two_sessions):
    store = two_sessions
    store.save("evening", 1, a_state(members=4), None, ONE)

    with pytest.raises(Exception) as wrong:
        store.save_all([a_saving("other"), a_saving(revision=2)])

    assert not isinstance(wrong.value, (Moved, StoreDown))
    assert store.load("evening") == Saved(a_state(members=4), 2)
    assert store.load("other") == Saved(a_state("other"), 1)
    assert store.seen_tap("other", "seat-1", ONE.tap_id) is None


def test_a_look_finds_browser_session_and_tap(two_sessions):
    store = two_sessions
    store.save("evening", 1, a_state(members=4), None, ONE)

    found = store.look([("browser-1", "tap-1"), ("browser-1", "tap-2"), ("browser-2", "tap-1"), ("nobody's", "tap-1")])

    here = Saved(a_state(members=4), 2)
    assert list(found) == [
        Looked(an_access("browser-1"), here, "digest-1"),
        Looked(an_access("browser-1"), here, None),
        Looked(an_access("browser-2", session_id="other", invite_id="invite-2"), Saved(a_state("other"), 1), None),
        Looked(),
    ]
    assert list(store.look([])) == []


def test_a_look_sees_at_once_what_has_changed(two_sessions):
    store = two_sessions
    store.look([("browser-1", "tap-1")])
    store.end_accesses("evening", access_id="browser-1")
    store.destroy("evening")

    (found,) = store.look([("browser-1", "tap-1")])

    assert found.access is not None
    assert (found.access.state, found.saved, found.digest) == ("ended", None, None)


def test_a_look_on_one_node_sees_what_another_has_changed(two_nodes):
    one, other = two_nodes
    with_an_invite(one)
    one.save_access(an_access())
    one.create(a_state(), None)
    other.look([("browser-1", "tap-1")])

    one.save("evening", 1, a_state(members=6), None, ONE)
    one.end_accesses("evening", access_id="browser-1")

    (found,) = other.look([("browser-1", "tap-1")])
    assert (found.access.state, found.saved, found.digest) == ("ended", Saved(a_state(members=6), 2), "digest-1")
    assert list(other.save_all([a_saving(revision=1)])) == ["evening"]


def test_a_session_begun_anew_elsewhere_is_not_taken_for_the_one_in_memory(two_nodes):
    one, other = two_nodes
    one.create(a_state(), None)
    other.load("evening")
    one.destroy("evening")
    one.create(a_state(members=1), None)

    assert list(other.save_all([a_saving(revision=1)])) == ["evening"]
    assert other.load("evening") == Saved(a_state(members=1), 1)


def test_what_is_in_memory_is_read_again_only_when_it_changed(two_nodes, monkeypatch):
    one, other = two_nodes
    one.create(a_state(), None)
    read = []
    monkeypatch.setattr(document, "read", lambda plain, read_it=document.read: read.append(1) or read_it(plain))

    for _ in range(3):
        other.load("evening")
    assert len(read) == 1

    one.save("evening", 1, a_state(members=6), None, None)
    assert (other.load("evening"), other.load("evening")) == (Saved(a_state(members=6), 2),) * 2
    assert len(read) == 2


def test_nothing_of_a_destroyed_session_stays_in_memory(two_nodes):
    one, other = two_nodes
    one.create(a_state(), None)
    held = [node._session_keys for node in (one, other) if node.load("evening")]
    one.destroy("evening")
    other.load("evening")

    assert [keys.known("evening") for keys in held] == [None, None]


def test_many_taps_cost_as_many_statements_as_one(on_database, monkeypatch):
    store = on_database
    with_an_invite(store)
    store.create(a_state(), None)
    for number in range(8):
        store.save_access(an_access(f"browser-{number}", seat_id=f"seat-{number}"))
    store.load("evening")
    kinds = Counter()
    event.listen(store.database.engine, "commit", lambda connection: kinds.update(["commit"]))

    def count(connection, cursor, statement, *more):
        kinds.update([statement.split()[0]])

    event.listen(store.database.engine, "before_cursor_execute", count)
    if store.database.is_sqlite:  # there these go to the driver as they are
        for name in ("all", "run"):
            monkeypatch.setattr(Quick, name, _counting(getattr(Quick, name), kinds))

    store.look([(f"browser-{number}", "tap-1") for number in range(8)])
    looked = dict(kinds)
    store.save_all([a_saving(taps=[replace(ONE, tap_id=f"tap-{number}") for number in range(8)])])

    assert looked.get("SELECT") == 3
    assert (kinds["SELECT"], kinds["UPDATE"], kinds["INSERT"]) == (3, 1, 1)
    assert kinds["commit"] - looked.get("commit", 0) == 1


def _counting(method, kinds):
    def counted(statement, *given):
        kinds.update([type(statement._statement).__name__.upper()])
        return method(statement, *given)

    return counted
