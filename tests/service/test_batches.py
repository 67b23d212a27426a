"""A long send can be watched, paused, resumed and stopped."""

import pytest

from companion.core.values import replace
from companion.outbox_settings import Pace
from companion.ports import DeliveryFailed, Report
from companion.records import Batch, Letter
from companion.service import outbox, reports
from tests.fakes.world import a_world


@pytest.fixture
def world():
    return a_world(mail_pace=Pace(2, 100, 1000))


@pytest.fixture
def batch(world):
    begun = outbox.begin_batch(world.deps, world.group.id)
    for number in range(6):
        outbox.post(world.deps, f"n{number}@example.org", "s", "b", batch=begun.id)
    return begun.id


def counts(world, batch):
    seen = outbox.progress(world.deps, batch)
    return (seen.state, seen.waiting, seen.sent, seen.delivered, seen.failed, seen.stopped)


def go_on(world, rounds=5):
    for _ in range(rounds):
        outbox.deliver_due(world.deps)
        world.clock.turn(seconds=1)


def test_progress_counts_each_letter_once(world, batch):
    before = counts(world, batch)
    world.mailer.failures = [DeliveryFailed("no", permanent=True)]
    outbox.deliver_due(world.deps)
    (arrived,) = world.store.shelf(Letter).find(batch=batch, state="sent")
    reports.note(world.deps, arrived, Report("delivered"))

    assert before == ("going", 6, 0, 0, 0, 0)
    assert counts(world, batch) == ("going", 4, 0, 1, 1, 0)
    assert outbox.progress(world.deps, batch).total == 6
    assert outbox.progress(world.deps, batch).group_id == world.group.id


def test_a_paused_batch_waits_and_goes_on(world, batch):
    outbox.deliver_due(world.deps)
    outbox.pause(world.deps, batch)
    outbox.post(world.deps, "late@example.org", "s", "b", batch=batch)
    go_on(world)
    paused = counts(world, batch)
    advice = {each.advice for each in outbox.undelivered(world.deps)}

    outbox.resume(world.deps, batch)
    go_on(world)

    assert paused == ("paused", 5, 2, 0, 0, 0)
    assert advice == {"paused"}
    assert counts(world, batch) == ("going", 0, 7, 0, 0, 0)


def test_a_letter_that_fails_meanwhile_waits_as_well(world, batch):
    world.mailer.failures = [DeliveryFailed("later")]
    outbox.deliver_due(world.deps)
    outbox.pause(world.deps, batch)
    (letter,) = world.store.shelf(Letter).find(batch=batch, state="held", attempts=1)
    world.store.shelf(Letter).put(replace(letter, state="waiting"))  # as another node may have written it just now

    world.clock.turn(minutes=10)
    go_on(world)

    assert counts(world, batch)[:3] == ("paused", 5, 1)


def test_a_stopped_batch_sends_no_more_and_forgets_whom_it_was_for(world, batch):
    outbox.deliver_due(world.deps)

    outbox.stop(world.deps, batch)
    outbox.resume(world.deps, batch)
    outbox.post(world.deps, "late@example.org", "s", "b", batch=batch)
    go_on(world)

    assert counts(world, batch) == ("stopped", 0, 2, 0, 0, 5)
    assert {letter.to for letter in world.store.shelf(Letter).find(batch=batch)} == {""}
    assert outbox.undelivered(world.deps) == ()


def test_a_paused_batch_can_be_stopped_and_other_letters_never_mind(world, batch):
    other = outbox.post(world.deps, "else@example.org", "s", "b")
    outbox.pause(world.deps, batch)

    outbox.stop(world.deps, batch)
    go_on(world, 1)

    assert counts(world, batch) == ("stopped", 0, 0, 0, 0, 6)
    assert world.store.shelf(Letter).get(other.id).state == "sent"


def test_a_stop_that_was_cut_short_is_finished_by_the_next_round(world, batch):
    world.store.shelf(Batch).change(batch, lambda it: replace(it, state="stopped"))

    go_on(world, 1)

    assert counts(world, batch) == ("stopped", 0, 0, 0, 0, 6)
    assert world.mailer.sent == []


def test_what_nobody_knows_cannot_be_turned(world):
    for act in (outbox.pause, outbox.resume, outbox.stop):
        act(world.deps, "gone")

    assert outbox.progress(world.deps, "gone") is None
