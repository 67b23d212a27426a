"""A commit that the database never answered, and that was made all the same: nothing that goes with it is lost."""

import pytest

from companion.core import commands as c
from companion.ports import StoreDown
from companion.service import presence
from companion.service.overdue import do_what_is_due
from companion.service.tapping import Answer, not_sent, tap
from companion.service.together import Tap, tap_all
from companion.service.undone import Undone
from tests.fakes.world import a_world
from tests.service.test_cut_short import arrive


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def silent(world, monkeypatch):
    """From now on the answer to each commit of this name is lost; the commit itself is made, unless it is not."""

    def break_off(name, made=True):
        commit = getattr(world.store, name)

        def lost(*given):
            if made:
                commit(*given)
            raise StoreDown("the test said so")

        monkeypatch.setattr(world.store, name, lost)
        return lambda: monkeypatch.setattr(world.store, name, commit)

    return break_off


@pytest.mark.parametrize("made", [True, False])
def test_a_tap_that_was_kept_without_an_answer_is_shown_and_acts_once(world, silent, made):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    answered = silent("save", made)

    def asks():
        return tap(world.deps, wren.id, "tap-number-1", "open_ticket", {"kind": "cannot_hear"})

    assert asks() == not_sent()
    answered()
    do_what_is_due(world.deps)

    assert [len(state.tickets) for state in world.panels.again] == ([1] if made else [])
    assert (asks(), len(world.live().tickets)) == (Answer(True), 1)


@pytest.mark.parametrize("made", [True, False])
def test_so_are_taps_that_share_a_commit(world, silent, made):
    world.open_doors()
    people = [arrive(world, world.invite(alias)) for alias in ("Wren", "Ash")]
    taps = [
        Tap(one.session_id, one.id, f"tap-of-{n}-", "open_ticket", {"kind": "cannot_hear"})
        for n, one in enumerate(people)
    ]
    answered = silent("save_all", made)

    assert tap_all(world.deps, taps) == [not_sent()] * 2
    answered()
    do_what_is_due(world.deps)

    assert [len(state.tickets) for state in world.panels.again] == ([2] if made else [])
    assert tap_all(world.deps, taps) == [Answer(True)] * 2
    assert len(world.live().tickets) == 2


@pytest.mark.parametrize("made", [True, False])
def test_whoever_was_put_out_by_such_a_tap_is_out(world, silent, made):
    world.open_doors()
    sol, wren = arrive(world, world.invite("Rae", "facilitator")), arrive(world, world.invite("Wren"))
    world.perform(c.AdmitAll(), by=sol.seat_id)
    answered = silent("save", made)

    assert tap(world.deps, sol.id, "tap-number-1", "remove_seat", {"seat": wren.seat_id}) == not_sent()
    answered()
    do_what_is_due(world.deps)

    assert (world.store.access(wren.id).state == "ended") == made
    assert (((wren.id,), "access_expired") in world.panels.cuts) == made
    assert bool(world.panels.again) == made


def test_what_the_house_has_noticed_stands_and_nobody_hears_of_what_nobody_sees(world, silent):
    world.open_doors()
    people = [arrive(world, world.invite(alias)) for alias in ("Wren", "Ash")]
    pages = [presence.Opened(one, f"page of {one.id}", "node") for one in people]
    presence.sockets_opened(world.deps, pages)
    answered = silent("save_all")

    going = [presence.Closed(one.id, one.session_id, one.seat_id, f"page of {one.id}") for one in people]
    presence.sockets_closed(world.deps, going)
    answered()
    do_what_is_due(world.deps)

    assert all(world.live().seat(one.seat_id).dropped_at for one in people)
    assert world.panels.again == []


def test_nobody_hears_that_somebody_else_has_tapped(world, silent):
    sol = world.open_doors().invite.seat_id
    wren, ash = (arrive(world, world.invite(alias)) for alias in ("Wren", "Ash"))
    world.perform(c.AdmitAll(), by=sol)
    answered = silent("save")

    assert tap(world.deps, wren.id, "tap-number-1", "raise_break_signal", {"strength": "few_minutes"}) == not_sent()
    answered()
    do_what_is_due(world.deps)

    (told,) = world.panels.again_for
    assert told >= {wren.seat_id, sol}
    assert ash.seat_id not in told


def test_while_nothing_can_be_kept_nothing_is_shown_however_often_it_is_tried(world, silent):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-1", "node")])
    answered = silent("save", made=False)
    presence.sockets_closed(world.deps, [presence.Closed(wren.id, wren.session_id, wren.seat_id, "page-1")])

    for _ in range(5):
        with pytest.raises(StoreDown):
            do_what_is_due(world.deps)
    answered()
    for _ in range(3):
        do_what_is_due(world.deps)

    assert (world.live().seat(wren.seat_id).drops, world.panels.again) == (1, [])


def test_a_farewell_that_was_kept_without_an_answer_is_a_drop_all_the_same(world, silent):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-1", "node")])
    going = [presence.Closed(wren.id, wren.session_id, wren.seat_id, "page-1")]
    answered = silent("close")
    with pytest.raises(StoreDown):
        presence.sockets_closed(world.deps, going)
    answered()

    presence.sockets_closed(world.deps, going)

    assert world.live().seat(wren.seat_id).dropped_at == world.clock()
    presence.sockets_closed(world.deps, going)
    assert world.live().seat(wren.seat_id).drops == 1


def test_what_waits_for_the_database_waits_once():
    undone, done, away = Undone(), [], [True]

    def look():
        if away:
            raise StoreDown("the test said so")
        done.append("looked")

    undone.add(look, "a tap")
    undone.add(look, "a tap")
    with pytest.raises(StoreDown):
        undone.do()
    undone.add(look, "a tap")
    away.clear()
    undone.do()
    undone.add(look, "a tap")
    undone.do()

    assert done == ["looked"] * 2
