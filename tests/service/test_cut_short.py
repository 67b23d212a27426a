"""What is left open when a crash or the database comes between a commit and what follows from it."""

from datetime import timedelta

import pytest

from companion import running
from companion.core import commands as c
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import StoreDown
from companion.service import gathering, joining, perform, presence
from companion.service.accesses import as_decided
from companion.service.arriving import STEPS, finish_step, take_seat
from companion.service.guesses import Guesses
from companion.service.locking import SILENT_SECONDS
from companion.service.overdue import do_what_is_due
from companion.service.tapping import Answer, entered, tap
from tests.fakes.world import a_world, token_of


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def crash(monkeypatch):
    """From now on the server dies between each commit and what follows from it."""
    return lambda: monkeypatch.setattr(perform, "carry_out", lambda *given, by="": None)


def arrive(world, issued):
    access = joining.enter(world.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en").access
    for step in STEPS:
        access = finish_step(world.deps, access, step)
    return take_seat(world.deps, access).access


def two_devices(world):
    """A member on her first browser, another one that is held, and the facilitator."""
    sol = world.open_doors().invite.seat_id
    issued = world.invite("Wren")
    first, second = arrive(world, issued), arrive(world, issued)
    assert (first.state, second.state) == ("in", "held")
    return sol, first, second


def asks(world, access, number=1):
    return tap(world.deps, access.id, f"tap-number-{number}", "open_ticket", {"kind": "cannot_hear"})


def test_a_device_that_was_let_in_before_a_crash_is_in(world, crash):
    sol, first, second = two_devices(world)
    crash()
    world.perform(c.SettleDevice(first.seat_id, second.id, "both"), by=sol)
    assert world.store.access(second.id).state == "held"

    assert entered(world.deps, second.id).state == "in"
    assert asks(world, second) == Answer(True)
    assert world.store.access(second.id).state == "in"


def test_a_device_that_was_sent_away_before_a_crash_can_do_nothing(world, crash):
    sol, first, second = two_devices(world)
    crash()
    world.perform(c.SettleDevice(first.seat_id, second.id, "new"), by=sol)
    assert world.store.access(first.id).state == "in"
    before = world.live()

    assert asks(world, first) == Answer(False, "no_access")
    assert world.live() == before
    assert as_decided(world.deps, first).state == "ended"
    assert world.store.access(first.id).state == "ended"


def test_the_cookie_of_somebody_who_left_before_a_crash_stays_dead_when_she_comes_back(world, crash):
    world.open_doors()
    issued = world.invite("Wren")
    lost = arrive(world, issued)
    crash()
    assert tap(world.deps, lost.id, "leaves-quickly", "leave_session", {}) == Answer(True)
    back = arrive(world, issued)

    assert asks(world, back) == Answer(True)
    assert asks(world, lost, 2) == Answer(False, "no_access")


def test_a_held_device_is_still_held(world):
    _, _, second = two_devices(world)

    with pytest.raises(Refused, match="device_on_hold"):
        entered(world.deps, second.id)
    assert as_decided(world.deps, second) == second
    assert asks(world, replace(second, state="in")) == Answer(False, "device_on_hold")


@pytest.fixture
def away(world, monkeypatch):
    """The database goes away at this method of the store, until the answer is called."""

    def at(method):
        def down(*given, **more):
            raise StoreDown("the test said so")

        there = getattr(world.store, method)
        monkeypatch.setattr(world.store, method, down)
        return lambda: monkeypatch.setattr(world.store, method, there)

    return at


def test_what_follows_a_commit_is_done_once_the_database_is_back(world, away):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    back = away("end_accesses")

    assert tap(world.deps, wren.id, "leaves-quickly", "leave_session", {}) == Answer(True)
    assert world.store.access(wren.id).state == "in"
    with pytest.raises(StoreDown):
        do_what_is_due(world.deps)
    back()
    do_what_is_due(world.deps)

    assert world.store.access(wren.id).state == "ended"
    assert world.panels.cuts[-1] == ((wren.id,), "access_expired")


def test_a_session_whose_closing_was_cut_short_is_over_all_the_same(world, crash):
    sol = world.open_doors().invite.seat_id
    wren = arrive(world, world.invite("Wren"))
    for command in (c.AdmitAll(), c.StartSession(), c.BeginEnding()):
        world.perform(command, by=sol)
    crash()
    world.perform(c.CloseSession(), by=sol)
    assert world.store.session(world.session.id).closed_at is None
    world.clock.turn(seconds=31)

    do_what_is_due(world.deps)

    kept = world.store.session(world.session.id)
    assert (kept.phase, kept.came, world.store.load(world.session.id)) == ("closed", 1, None)
    assert None not in (kept.closed_at, kept.destroyed_at)
    assert world.store.access(wren.id).state == "ended"
    with pytest.raises(Refused, match="session_closed"):
        gathering.begin(world.deps, world.session.id)


def test_a_drop_that_could_not_be_said_is_said_later(world, away):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-1", "node")])
    back = away("save")
    presence.sockets_closed(world.deps, [presence.Closed(wren.id, wren.session_id, wren.seat_id, "page-1")])
    assert world.live().seat(wren.seat_id).dropped_at is None
    back()

    do_what_is_due(world.deps)

    assert world.live().seat(wren.seat_id).dropped_at == world.clock()


def test_a_drop_and_a_silence_are_said_later_where_neither_could_be(world, away):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-1", "node")])
    world.clock.turn(minutes=1)
    back = away("lock_all")
    presence.sockets_closed(world.deps, [presence.Closed(wren.id, wren.session_id, wren.seat_id, "page-1")])
    world.clock.turn(seconds=40)
    back()

    do_what_is_due(world.deps)

    assert world.live().seat(wren.seat_id).dropped_at == world.clock()
    assert world.store.access(wren.id).locks_at == world.clock() + timedelta(seconds=SILENT_SECONDS - 40)


def test_whoever_is_back_before_her_drop_is_said_has_not_dropped(world, away):
    world.open_doors()
    wren = arrive(world, world.invite("Wren"))
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-1", "node")])
    back = away("save")
    presence.sockets_closed(world.deps, [presence.Closed(wren.id, wren.session_id, wren.seat_id, "page-1")])
    presence.sockets_opened(world.deps, [presence.Opened(wren, "page-2", "node")])
    back()

    do_what_is_due(world.deps)

    assert world.live().seat(wren.seat_id).drops == 0


@pytest.mark.parametrize("trouble", [StoreDown("the test said so"), ValueError("a fault of ours")])
def test_the_clock_starts_whatever_happens_at_the_beginning(world, monkeypatch, trouble):
    troubles = [trouble]
    begun = []

    def begin_node(deps, node):
        if troubles:
            raise troubles.pop()
        begun.append(node)

    monkeypatch.setattr(presence, "begin_node", begin_node)

    running._begin_presence(world.deps, "node")

    assert begun == (["node"] if isinstance(trouble, StoreDown) else [])
