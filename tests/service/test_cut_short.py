"""What is left open when a crash or the database comes between a commit and what follows from it."""

from dataclasses import replace

import pytest

from companion.core import commands as c
from companion.core.refusals import Refused
from companion.service import joining, perform
from companion.service.accesses import as_decided
from companion.service.arriving import STEPS, finish_step, take_seat
from companion.service.guesses import Guesses
from companion.service.tapping import Answer, entered, tap
from tests.fakes.world import a_world, token_of


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def crash(monkeypatch):
    """From now on the server dies between each commit and what follows from it."""
    return lambda: monkeypatch.setattr(perform, "carry_out", lambda *given: None)


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
