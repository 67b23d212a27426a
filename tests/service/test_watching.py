"""How late the outbox is: nothing while it is on time, whatever it holds, and nothing that tells of people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.ports import Backlog, DeliveryFailed
from companion.records import CallTask, Letter
from companion.service import outbox, watching
from tests.fakes.world import a_world

ON_TIME = dict.fromkeys(watching.KINDS, Backlog())


@pytest.fixture
def world():
    return a_world()


def post(world, **more):
    return outbox.post(world.deps, "her@example.org", "Thursday", "See you.", **more)


def a_task(world, what, **more):
    task = CallTask(f"task {what}", "zoom", world.session.id, what, world.clock(), world.clock(), **more)
    world.store.shelf(CallTask).add(task)


def test_what_waits_for_its_time_or_has_just_been_posted_is_on_time(world):
    post(world, due_at=world.clock() + timedelta(hours=9))
    world.clock.turn(hours=1)
    post(world)
    world.clock.turn(seconds=59)

    assert watching.outbox(world.deps) == ON_TIME


def test_what_has_left_counts_no_more(world):
    post(world)
    outbox.deliver_due(world.deps)
    world.clock.turn(hours=1)

    assert watching.outbox(world.deps) == ON_TIME


def test_what_nobody_takes_away_gets_later_and_later(world):
    post(world)
    world.clock.turn(seconds=30)
    post(world)
    outbox.post(world.deps, "07700900123", "", "See you.", kind="text")
    world.clock.turn(seconds=100)

    assert watching.outbox(world.deps) == {"mail": Backlog(2, 130), "text": Backlog(1, 100), "call": Backlog()}


def test_a_letter_between_two_tries_is_as_late_as_its_pauses_say(world):
    world.mailer.failures = [DeliveryFailed("it was away", trouble="down") for _ in range(9)]
    post(world)
    began = world.clock()
    for _ in range(3):
        outbox.deliver_due(world.deps)
        world.clock.turn(minutes=20)

    late = watching.outbox(world.deps)["mail"]

    real = (world.clock() - began).total_seconds()
    assert late.many == 1
    assert 0.3 * real < late.seconds <= real  # pauses are counted at their shortest


def test_tasks_that_would_tell_of_people_are_left_out(world):
    for what in ("end", "register"):
        a_task(world, what)
    world.clock.turn(hours=1)
    without = watching.outbox(world.deps)

    a_task(world, "make")
    world.clock.turn(minutes=2)

    assert without == ON_TIME
    assert watching.outbox(world.deps)["call"] == Backlog(1, 120)


def test_a_database_that_is_away_is_no_number(world):
    world.store.down = True

    assert watching.outbox(world.deps) is None


def test_what_was_given_up_is_for_the_desk(world):
    letter = post(world)
    world.store.shelf(Letter).change(letter.id, lambda it: replace(it, state="failed"))
    world.clock.turn(hours=1)

    assert watching.outbox(world.deps) == ON_TIME
