"""A gateway that is away is left alone and comes back to everything; none is sent more than it may have."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from companion.core.values import replace
from companion.outbox_settings import Pace
from companion.ports import DeliveryFailed
from companion.records import Gateway, Letter
from companion.service import gateways, outbox
from companion.service.gateways import admit, rested
from companion.service.locks import SessionLocks
from tests.fakes.world import START, a_world

WIDE = Pace(1000, 1000, 100_000)
DOWN = DeliveryFailed("away", trouble="down")


class Outage:
    """A gateway that is away until a moment, and counts who knocks."""

    name = "fake"

    def __init__(self, world, until, failure=DOWN):
        self._world, self._until, self._failure = world, until, failure
        self.knocks, self.sent = [], []
        self.look_up = world.texter.look_up

    def send(self, to, body, reference):
        if self._world.clock() < self._until:
            self.knocks.append(self._world.clock())
            raise self._failure
        self.sent.append(reference)
        return f"fake-{reference}"


def post_texts(world, count):
    return [outbox.post(world.deps, f"07700 900{number:03}", "", "Hello.", kind="text").id for number in range(count)]


def run(world, deps, **length):
    end = world.clock() + timedelta(**length)
    while world.clock() < end:
        outbox.deliver_due(deps)
        world.clock.turn(seconds=5)


def test_ten_minutes_without_a_gateway_cost_nothing_but_time():
    world = a_world(texts_pace=WIDE)
    outage = Outage(world, START + timedelta(minutes=10))
    deps = replace(world.deps, texter=outage)
    letters = post_texts(world, 60)

    run(world, deps, minutes=30)

    assert sorted(outage.sent) == sorted(letters)
    assert len(outage.knocks) <= 10
    assert outbox.undelivered(deps) == ()


def test_a_key_that_is_not_accepted_is_tried_seldom_and_nothing_is_lost():
    world = a_world(texts_pace=WIDE)
    outage = Outage(world, START + timedelta(hours=2), DeliveryFailed("key", trouble="credentials"))
    deps = replace(world.deps, texter=outage)
    letters = post_texts(world, 20)
    run(world, deps, hours=1)
    waiting = {undelivered.advice for undelivered in outbox.undelivered(deps)}

    run(world, deps, hours=3)

    assert waiting == {"credentials"}
    assert len(outage.knocks) <= 13
    assert sorted(outage.sent) == sorted(letters)


def test_a_gateway_that_asks_for_patience_gets_it():
    world = a_world(texts_pace=WIDE)
    world.texter.failures = [DeliveryFailed("slower", trouble="throttled", retry_after=90)]
    post_texts(world, 3)
    sent = []

    for _ in range(30):
        outbox.deliver_due(world.deps)
        sent.append(len(world.texter.sent))
        world.clock.turn(seconds=5)

    assert sent[:18] == [0] * 18
    assert sent[-1] == 3


def test_one_gateway_that_is_away_holds_up_no_other():
    world = a_world(texts_pace=WIDE)
    deps = replace(world.deps, texter=Outage(world, START + timedelta(days=1)))
    post_texts(world, 30)
    outbox.post(deps, "her@example.org", "s", "b")

    outbox.deliver_due(deps)

    assert len(world.mailer.sent) == 1


def test_a_slow_mail_holds_up_no_text():
    world = a_world()
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def send(self, *args, **more):
            begun.set()
            go_on.wait(5)

    deps = replace(world.deps, mailer=Slow())
    outbox.post(deps, "her@example.org", "s", "b")
    post_texts(world, 1)
    mail = threading.Thread(target=outbox.deliver_due, args=(deps, "mail"))
    mail.start()
    begun.wait(5)

    sent = outbox.deliver_due(deps, "text")
    still_busy = mail.is_alive()
    go_on.set()
    mail.join()

    assert (sent, still_busy) == (1, True)


def test_somebody_who_tries_again_does_not_wait_for_the_gateways_rest():
    world = a_world()
    world.texter.failures = [DeliveryFailed("no", permanent=True)]
    (dead,) = post_texts(world, 1)
    outbox.deliver_due(world.deps)
    world.store.shelf(Gateway).put(Gateway("fake", 5, "down", START + timedelta(minutes=9)))
    world.clock.turn(seconds=2)

    outbox.send_again(world.deps, dead)

    assert outbox.deliver_due(world.deps) == 1


@pytest.mark.parametrize(
    ("pace", "rounds", "seconds", "sent"),
    [
        (Pace(1, 60, 1000), 10, 1, 10),
        (Pace(1, 60, 1000), 10, 0, 1),
        (Pace(5, 100, 1000), 3, 1, 15),
        (Pace(50, 6, 1000), 10, 1, 6),
        (Pace(50, 6, 1000), 3, 10, 8),
        (Pace(50, 1000, 7), 10, 60, 7),
    ],
)
def test_no_more_leave_than_may(pace, rounds, seconds, sent):
    world = a_world(texts_pace=pace)
    post_texts(world, 40)

    for _ in range(rounds):
        outbox.deliver_due(world.deps)
        world.clock.turn(seconds=seconds)

    assert len(world.texter.sent) == sent


def test_a_new_day_brings_new_letters():
    world = a_world(texts_pace=Pace(50, 1000, 7))
    post_texts(world, 10)
    outbox.deliver_due(world.deps)
    today = len(world.texter.sent)

    world.clock.turn(days=1)
    outbox.deliver_due(world.deps)

    assert (today, len(world.texter.sent)) == (7, 10)


def test_a_clock_that_is_a_little_behind_brings_no_letters_for_free():
    now = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
    gateway, admitted = Gateway("fake"), 0

    for number in range(100):
        after = admit(gateway, Pace(1, 3, 50), now - timedelta(seconds=number % 2))
        if after is not None:
            gateway, admitted = after, admitted + 1

    assert admitted == 1


def test_two_nodes_share_one_pace_and_send_each_letter_once():
    world = a_world(texts_pace=Pace(10, 10, 1000))
    post_texts(world, 30)
    nodes = [replace(world.deps, locks=SessionLocks()) for _ in range(4)]

    threads = [threading.Thread(target=outbox.deliver_due, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    references = [text.reference for text in world.texter.sent]
    assert len(references) == len(set(references)) <= 10


def test_a_gateway_rests_longer_and_longer_but_never_too_long():
    gateway, rests = Gateway("fake"), []

    for _ in range(12):
        gateway = rested(gateway, DOWN, START)
        rests.append((gateway.shut_until - START).total_seconds() if gateway.shut_until else 0)

    assert rests == [0, 0, 30, 60, 120, 240, 480, 600, 600, 600, 600, 600]


def test_one_letter_alone_finds_out_whether_a_gateway_is_back():
    shut = Gateway("fake", 3, "down", START)

    first = admit(shut, WIDE, START)
    second = admit(first, WIDE, START + timedelta(seconds=1))

    assert first is not None
    assert second is None


def test_an_answer_about_one_letter_shows_that_the_gateway_is_there():
    world = a_world()
    world.store.shelf(Gateway).put(Gateway("fake", 3, "down", START))
    world.texter.failures = [DeliveryFailed("bad", permanent=True, trouble="number")]
    post_texts(world, 1)

    outbox.deliver_due(world.deps)

    assert gateways.state_of(world.deps, "text").failures == 0


def test_letters_leave_in_the_order_in_which_they_were_posted():
    world = a_world(texts_pace=Pace(1, 100, 100))
    letters = []
    for number in range(5):
        letters.append(outbox.post(world.deps, f"0770090000{number}", "", "x", kind="text").id)
        world.clock.turn(seconds=1)

    for _ in range(5):
        outbox.deliver_due(world.deps)
        world.clock.turn(seconds=1)

    assert [text.reference for text in world.texter.sent] == letters
    assert world.store.shelf(Letter).find(state="waiting") == []
