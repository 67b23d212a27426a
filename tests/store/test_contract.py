"""What every store promises about live sessions and connections: memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from companion.core.values import replace
from companion.ports import Moved, Store
from companion.records import Saved, TapRecord
from tests.store.builders import MINUTE, NOW, a_connection, a_state, an_access, with_an_invite

TAP = TapRecord("seat-1", "tap-1", "digest-1")


def test_a_session_comes_back_as_it_was_saved(store):
    before, after = a_state(), replace(a_state(members=12), phase="paused", started_at=NOW, waits=(3, 5))
    store.create(before, NOW)
    created = store.load("evening")

    store.save("evening", created.revision, after, None, TAP)

    assert created == Saved(before, 1)
    assert store.load("evening") == Saved(after, 2)


def test_a_session_that_never_was_is_not_there(store):
    assert store.load("nowhere") is None
    assert store.seen_tap("nowhere", "seat-1", "tap-1") is None
    assert store.live() == []


def test_the_revisions_of_sessions_show_who_was_changed(store):
    for name in ("evening", "morning", "noon"):
        store.create(replace(a_state(), id=name), NOW)
    store.save("morning", 1, replace(a_state(members=4), id="morning"), NOW, None)
    store.destroy("noon")

    assert dict(store.revisions(["evening", "morning", "noon", "nowhere"])) == {"evening": 1, "morning": 2}
    assert dict(store.revisions([])) == {}


def test_beginning_a_session_twice_keeps_the_first(store):
    store.create(a_state(), NOW)

    store.create(a_state(members=9), None)

    assert store.load("evening") == Saved(a_state(), 1)
    assert store.due(NOW) == ["evening"]


def test_a_save_over_somebody_elses_changes_nothing(store):
    store.create(a_state(), NOW)
    store.save("evening", 1, a_state(members=4), NOW, TAP)

    with pytest.raises(Moved):
        store.save("evening", 1, a_state(members=5), None, TapRecord("seat-2", "tap-2", "digest-2"))

    assert store.load("evening") == Saved(a_state(members=4), 2)
    assert store.due(NOW) == ["evening"]
    assert store.seen_tap("evening", "seat-2", "tap-2") is None


def test_a_save_to_a_session_that_is_gone_says_so(store):
    store.create(a_state(), NOW)
    store.destroy("evening")

    with pytest.raises(Moved):
        store.save("evening", 1, a_state(), None, None)
    with pytest.raises(Moved):
        store.save("nowhere", 1, a_state("nowhere"), None, None)

    assert store.load("evening") is None


def test_a_tap_is_remembered_for_its_own_seat_and_session(store):
    store.create(a_state(), None)
    store.create(a_state("other"), None)

    store.save("evening", 1, a_state(), None, TAP)

    assert store.seen_tap("evening", "seat-1", "tap-1") == "digest-1"
    assert store.seen_tap("evening", "seat-2", "tap-1") is None
    assert store.seen_tap("evening", "seat-1", "tap-2") is None
    assert store.seen_tap("other", "seat-1", "tap-1") is None


def test_the_same_tap_again_saves_nothing(store):
    store.create(a_state(), None)
    store.save("evening", 1, a_state(), None, TAP)

    with pytest.raises(Moved):
        store.save("evening", 2, a_state(members=8), NOW, replace(TAP, digest="another"))

    assert store.load("evening") == Saved(a_state(), 2)
    assert store.due(NOW) == []
    assert store.seen_tap("evening", "seat-1", "tap-1") == "digest-1"


def test_a_tap_id_may_be_any_text(store):
    store.create(a_state(), None)
    odd = TapRecord("seat\x00", "tap\x00 é 🙂" + "x" * 3000, "digest\x00")

    store.save("evening", 1, a_state(), None, odd)

    assert store.seen_tap("evening", odd.seat_id, odd.tap_id) == odd.digest


def test_what_is_due_comes_earliest_first(store):
    for name, due_at in (("late", NOW + MINUTE), ("now", NOW), ("early", NOW - MINUTE), ("never", None)):
        store.create(a_state(name), due_at)

    assert store.due(NOW) == ["early", "now"]
    assert store.due(NOW + MINUTE) == ["early", "now", "late"]
    assert store.live() == ["early", "late", "never", "now"]


def test_destroying_takes_everything_of_one_session_and_nothing_of_another(store):
    for name in ("evening", "other"):
        store.create(a_state(name), NOW)
        store.save(name, 1, a_state(name), NOW, TAP)
        store.open([a_connection(f"socket of {name}", session_id=name)])

    store.destroy("evening")
    store.destroy("evening")

    assert store.load("evening") is None
    assert store.seen_tap("evening", "seat-1", "tap-1") is None
    assert not store.present([("evening", "seat-1")])
    assert (store.live(), store.due(NOW)) == (["other"], ["other"])
    assert store.load("other") == Saved(a_state("other"), 2)
    assert store.seen_tap("other", "seat-1", "tap-1") == "digest-1"
    assert store.present([("other", "seat-1")])


def test_a_session_begun_anew_knows_nothing_of_the_old_one(store):
    store.create(a_state(), NOW)
    store.save("evening", 1, a_state(), NOW, TAP)
    store.destroy("evening")

    store.create(a_state(members=1), None)

    assert store.load("evening") == Saved(a_state(members=1), 1)
    assert store.seen_tap("evening", "seat-1", "tap-1") is None


def test_eight_threads_on_one_session_lose_nothing_and_double_nothing(store):
    store.create(a_state(), None)
    taps = [TapRecord(f"seat-{number % 4}", f"tap-{number}", "digest") for number in range(120)]

    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(lambda tap: save_until_it_holds(store, tap), taps))

    assert sorted(revisions) == list(range(2, 122))
    assert store.load("evening").revision == 121
    assert store.load("evening").state.waits == tuple(range(1, 121))
    assert Counter(store.seen_tap("evening", tap.seat_id, tap.tap_id) for tap in taps) == {"digest": 120}


def test_the_same_tap_sent_by_eight_threads_at_once_has_its_effect_once(store):
    store.create(a_state(), None)

    with ThreadPoolExecutor(8) as pool:
        effects = list(pool.map(lambda _: save_until_it_holds(store, TAP), range(8)))

    assert sorted(effects) == [0] * 7 + [2]
    assert store.load("evening").revision == 2


def save_until_it_holds(store: Store, tap: TapRecord) -> int:
    """The revision that the tap made, or 0 if it had had its effect before: what the service does, in short."""
    while True:
        saved = store.load("evening")
        if store.seen_tap("evening", tap.seat_id, tap.tap_id):
            return 0
        after = replace(saved.state, waits=(*saved.state.waits, saved.revision))
        try:
            store.save("evening", saved.revision, after, None, tap)
        except Moved:
            continue
        return saved.revision + 1


def test_a_seat_is_present_while_one_of_its_connections_is_open(store):
    store.open([a_connection("phone")])
    store.open([a_connection("laptop")])
    store.open([a_connection("other seat", seat_id="seat-2")])

    assert store.present([("evening", "seat-1")])
    assert not store.close(["phone"])
    assert store.present([("evening", "seat-1")])
    assert list(store.close(["laptop"])) == [("evening", "seat-1")]
    assert not store.present([("evening", "seat-1")])
    assert not store.close(["laptop"])
    assert store.present([("evening", "seat-2")])


def test_two_last_connections_closed_at_once_are_noticed_once(store):
    together = Barrier(2)

    def close(name: str) -> int:
        together.wait()
        return len(store.close([name]))

    with ThreadPoolExecutor(2) as pool:
        for _ in range(40):
            store.open([a_connection("phone")])
            store.open([a_connection("laptop")])

            assert sorted(pool.map(close, ("phone", "laptop"))) == [0, 1]


def test_opening_again_renews(store):
    store.open([a_connection("phone", expires_at=NOW)])
    store.open([a_connection("phone", expires_at=NOW + 2 * MINUTE)])

    assert store.expire(NOW + MINUTE) == []
    assert store.close(["phone"])


def test_a_living_node_keeps_its_own_connections_only(store):
    store.open([a_connection("here", node="node-a", seat_id="seat-1")])
    store.open([a_connection("there", node="node-b", seat_id="seat-2")])

    store.renew("node-a", NOW + 5 * MINUTE)

    assert store.expire(NOW + MINUTE) == [("evening", "seat-2")]
    assert store.present([("evening", "seat-1")])


def test_expiry_names_only_seats_that_have_nothing_left(store):
    store.open([a_connection("old", expires_at=NOW)])
    store.open([a_connection("older", expires_at=NOW - MINUTE)])
    store.open([a_connection("both old", seat_id="seat-2", expires_at=NOW)])
    store.open([a_connection("both new", seat_id="seat-2", expires_at=NOW + MINUTE)])

    assert store.expire(NOW) == [("evening", "seat-1")]
    assert store.expire(NOW) == []
    assert store.present([("evening", "seat-2")])


def test_what_a_killed_node_left_behind_is_removed_and_told(store):
    left = [a_connection("one", node="killed"), a_connection("two", node="killed", session_id="other")]
    for connection in (*left, a_connection("three", node="alive")):
        store.open([connection])

    assert sorted(store.forget_node("killed"), key=lambda each: each.id) == left
    assert store.forget_node("killed") == []
    assert store.present([("evening", "seat-1")])
    assert not store.present([("other", "seat-1")])


def test_a_store_that_can_take_a_tap_is_ready(store):
    assert store.ready() is None


def test_many_are_opened_and_closed_at_once(store):
    store.open([a_connection("form")])
    store.open(
        [a_connection("phone"), a_connection("other seat", seat_id="seat-2")], instead_of=["form", "no such form"]
    )

    assert set(store.present([("evening", "seat-1"), ("evening", "seat-2"), ("other", "seat-1")])) == {
        ("evening", "seat-1"),
        ("evening", "seat-2"),
    }
    store.open([a_connection("laptop")])
    assert list(store.close(["phone", "other seat", "form"])) == [("evening", "seat-2")]
    assert not store.present([])


def test_many_browsers_are_locked_at_once_and_some_only_later(store):
    with_an_invite(store)
    for name in ("one", "two", "three"):
        store.save_access(an_access(name, token_hash=name))
    store.lock_all([("one", NOW), ("two", NOW + 2 * MINUTE), ("no such browser", NOW)])

    store.lock_all([("one", NOW + MINUTE), ("two", NOW + MINUTE), ("three", NOW + MINUTE)], later=True)

    assert [store.access(name).locks_at for name in ("one", "two", "three")] == [
        NOW + MINUTE,
        NOW + 2 * MINUTE,
        NOW + MINUTE,
    ]


def test_many_sessions_are_loaded_at_once(store):
    store.create(a_state("evening"), None)

    assert store.load_all(["evening", "no such session"]) == {"evening": store.load("evening")}
    assert store.load_all([]) == {}
