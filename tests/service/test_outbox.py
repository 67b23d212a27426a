"""Letters leave once, are tried again after longer and longer, and are listed when they cannot leave."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from companion.ports import DeliveryFailed
from companion.service import outbox
from tests.fakes.world import a_world


def post(world, to="her@example.org"):
    return outbox.post(world.deps, to, "For your diary", "Hello.")


def test_a_letter_leaves_once_and_nothing_of_it_is_kept():
    world = a_world()
    post(world)

    counts = [outbox.deliver_due(world.deps) for _ in range(3)]

    assert counts == [1, 0, 0]
    assert [letter.to for letter in world.mailer.sent] == ["her@example.org"]
    assert outbox.undelivered(world.deps) == ()
    assert "her@example.org" not in repr(vars(world.store))


def test_what_fails_is_tried_again_after_longer_and_longer_and_then_listed():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("down")] * 6
    post(world)
    waited = []

    while True:
        outbox.deliver_due(world.deps)
        (undelivered,) = outbox.undelivered(world.deps)
        if undelivered.letter.state == "failed":
            break
        assert outbox.deliver_due(world.deps) == 0
        pause = undelivered.letter.due_at - world.clock()
        waited.append(pause / timedelta(minutes=1))
        world.clock.now += pause

    assert waited == [1, 5, 15, 60, 240]
    assert (undelivered.advice, undelivered.letter.problem) == ("send_again", "down")
    assert world.mailer.sent == []


def test_a_letter_that_fails_once_leaves_the_next_time():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("down")]
    post(world)

    outbox.deliver_due(world.deps)
    (waiting,) = outbox.undelivered(world.deps)
    world.clock.turn(minutes=1)

    assert waiting.advice == "waits"
    assert outbox.deliver_due(world.deps) == 1


def test_an_address_that_can_never_work_is_listed_at_once():
    world = a_world()
    post(world, to="nobody")

    outbox.deliver_due(world.deps)

    (undelivered,) = outbox.undelivered(world.deps)
    assert (undelivered.letter.state, undelivered.advice) == ("failed", "check_address")


def test_one_bad_letter_does_not_hold_up_the_others():
    world = a_world()
    for to in ("nobody", "one@example.org", "two@example.org"):
        post(world, to)

    outbox.deliver_due(world.deps)

    assert [letter.to for letter in world.mailer.sent] == ["one@example.org", "two@example.org"]


def test_a_dead_letter_is_sent_again_when_somebody_says_so():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("full", permanent=True)]
    letter = post(world)
    outbox.deliver_due(world.deps)

    outbox.send_again(world.deps, letter.id)
    outbox.send_again(world.deps, "unknown")

    assert outbox.deliver_due(world.deps) == 1


class Dying:
    """A mailer in a process that is killed while it sends."""

    def send(self, to, subject, body):
        raise KeyboardInterrupt


def test_a_letter_whose_process_died_is_taken_up_again_after_a_while():
    world = a_world()
    post(world)

    with suppress(KeyboardInterrupt):
        outbox.deliver_due(replace(world.deps, mailer=Dying()))
    at_once = outbox.deliver_due(world.deps)
    world.clock.turn(minutes=5)

    assert at_once == 0
    assert outbox.deliver_due(world.deps) == 1
