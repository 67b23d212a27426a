"""Those who come or go at once are written down together; what goes wrong with one of them is nobody else's trouble."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.live import gate
from companion.ports import StoreDown
from companion.service import presence
from companion.service.noticing import notice_all
from tests.fakes.world import a_world
from tests.service.test_cut_short import arrive


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def people(world):
    world.open_doors()
    return [arrive(world, world.invite(alias)) for alias in ("Wren", "Ash", "Fern")]


def opened(people):
    return [presence.Opened(each, f"page of {each.id}", "node") for each in people]


def closed(people, **how):
    return [presence.Closed(each.id, each.session_id, each.seat_id, f"page of {each.id}", **how) for each in people]


def dropped(world, people):
    return [world.live().seat(each.seat_id).dropped_at for each in people]


def test_many_come_and_go_in_one_commit(world, people, monkeypatch):
    saves = []
    save_all = world.store.save_all
    monkeypatch.setattr(world.store, "save_all", lambda savings: saves.append(len(savings)) or save_all(savings))

    presence.sockets_opened(world.deps, opened(people))
    presence.sockets_closed(world.deps, closed(people))
    assert dropped(world, people) == [world.clock()] * 3
    presence.sockets_opened(world.deps, opened(people))

    assert dropped(world, people) == [None] * 3
    assert saves == [1, 1]


def test_each_is_told_what_it_would_be_told_alone(world, people):
    presence.sockets_opened(world.deps, opened(people))
    gate.departures(world.deps)._work([*closed(people[:1]), *closed(people[1:2], silent=True)])

    seconds = [(world.clock() - at).total_seconds() if at else None for at in dropped(world, people)]
    assert seconds == [0, presence.PING_SECONDS + presence.PING_WAIT_SECONDS, None]


def test_a_session_in_which_something_else_happens_is_waited_for(world, people):
    notices = [(world.session.id, c.NoticeDrop(each.seat_id)) for each in people]

    with ThreadPoolExecutor(1) as pool:
        with world.deps.locks.of(world.session.id):
            told = pool.submit(notice_all, world.deps, notices)
            with pytest.raises(TimeoutError):
                told.result(0.2)
            assert not any(dropped(world, people))
        told.result(10)

    assert all(dropped(world, people))


def test_a_session_that_somebody_else_saved_first_is_told_all_the_same(world, people, monkeypatch):
    save_all, late = world.store.save_all, []

    def too_late(savings):
        if not late:
            late.append(True)
            return [saving.session_id for saving in savings]
        return save_all(savings)

    monkeypatch.setattr(world.store, "save_all", too_late)
    notice_all(world.deps, [(world.session.id, c.NoticeDrop(each.seat_id)) for each in people])

    assert late and all(dropped(world, people))


def test_what_is_refused_or_over_is_nobody_elses_trouble(world, people):
    notice_all(
        world.deps,
        [
            ("no such session", c.NoticeDrop("nobody")),
            (world.session.id, c.NoticeDrop("no such seat")),
            (world.session.id, c.NoticeDrop(people[1].seat_id)),
        ],
    )

    assert world.live().seat(people[1].seat_id).dropped_at == world.clock()


def test_a_fault_in_one_of_them_is_written_down_and_the_others_are_done(world, people, monkeypatch, caplog):
    told = presence.tell_if_back

    def broken(deps, accesses):
        if people[1] in accesses:
            raise ValueError("a fault of ours")
        told(deps, accesses)

    presence.sockets_opened(world.deps, opened(people))
    presence.sockets_closed(world.deps, closed(people))
    monkeypatch.setattr(presence, "tell_if_back", broken)
    gate.arrivals(world.deps).do(opened(people)[0])
    gate._all_or_each(lambda some: presence.sockets_opened(world.deps, some), opened(people))

    assert [at is None for at in dropped(world, people)] == [True, False, True]
    assert "a fault of ours among those" in caplog.text


def test_where_the_database_is_away_nothing_is_tried_one_by_one(world, people, monkeypatch):
    tried = []

    def away(opened, instead_of=()):
        tried.append(len(opened))
        raise StoreDown("the test said so")

    monkeypatch.setattr(world.store, "open", away)
    with pytest.raises(StoreDown):
        gate._all_or_each(lambda some: presence.sockets_opened(world.deps, some), opened(people))
    assert tried == [3]
    monkeypatch.setattr(world.store, "close", lambda ids: away(ids))
    assert gate.departures(world.deps).do(closed(people)[0]) is False


def test_a_drawing_that_fails_leaves_what_was_noticed_on_disk(world, people, caplog):
    class Broken:
        def send(self, after, changes):
            raise ValueError("a fault of ours")

    notices = [(world.session.id, c.NoticeDrop(each.seat_id)) for each in people]
    notice_all(world.deps, notices)
    world.clock.turn(seconds=20)
    deps = replace(world.deps, panels=Broken())

    # By then they are shown as lost, so that their return changes what facilitators see.
    notice_all(deps, [(world.session.id, c.LetTimePass()), (world.session.id, c.NoticeReturn(people[0].seat_id))])

    assert "a fault of ours after something was saved" in caplog.text
    assert [at is None for at in dropped(world, people)] == [True, False, False]


def test_a_drop_is_said_though_the_database_goes_away_before_the_next_one(world, people, monkeypatch):
    presence.sockets_opened(world.deps, opened(people))
    going = [*closed(people[:1]), *closed(people[1:2], silent=True)]
    close = world.store.close

    def once(connections):
        monkeypatch.setattr(world.store, "close", away)
        return close(connections)

    def away(connections):
        raise StoreDown("the test said so")

    monkeypatch.setattr(world.store, "close", once)
    departures = gate.departures(world.deps)
    assert departures._work(going) == [True, False]
    assert [at is None for at in dropped(world, people)] == [False, True, True]
    assert world.store.access(people[0].id).locks_at is not None

    monkeypatch.setattr(world.store, "close", close)
    assert departures._work(going[1:]) == [True]
    assert [at is None for at in dropped(world, people)] == [False, False, True]
