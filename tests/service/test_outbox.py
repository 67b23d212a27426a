"""Letters leave once, are tried again after longer and longer, and are listed with what to do when they cannot."""

from contextlib import suppress
from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.outbox_settings import Pace
from companion.ports import DeliveryFailed, NoTexts
from companion.records import Attachment, Letter
from companion.service import outbox
from companion.service.fates import GIVE_UP, PAUSES_MINUTES
from tests.fakes.world import a_world

MOBILE = "07700 900123"
LATER = DeliveryFailed("full", trouble="later")


def post(world, to="her@example.org", **more):
    return outbox.post(world.deps, to, "For your diary", "Hello.", **more)


def text(world, to=MOBILE, **more):
    return outbox.post(world.deps, to, "", "Hello.", kind="text", **more)


def kept(world, letter):
    return world.store.shelf(Letter).get(letter.id)


def only(world):
    (undelivered,) = outbox.undelivered(world.deps)
    return undelivered


def test_a_letter_leaves_once_and_nothing_of_it_is_kept_but_that_it_did():
    world = a_world()
    letter = post(world, about="invite 1", batch="b", attachments=[Attachment("a.ics", "text/calendar", "SECRET")])

    counts = [outbox.deliver_due(world.deps) for _ in range(3)]

    assert counts == [1, 0, 0]
    assert [sent.to for sent in world.mailer.sent] == ["her@example.org"]
    assert [file.name for file in world.mailer.sent[0].attachments] == ["a.ics"]
    assert outbox.undelivered(world.deps) == ()
    left = kept(world, letter)
    assert (left.state, left.about, left.batch, left.sent_at) == ("sent", "invite 1", "b", world.clock())
    assert (left.to, left.subject, left.body, left.attachments) == ("", "", "", ())


def test_a_text_leaves_in_the_form_that_gateways_want():
    world = a_world(texts_pace=Pace(5, 60, 100))
    british, irish = text(world), text(world, "087 123 4567", country="IE")

    outbox.deliver_due(world.deps)

    assert {sent.to for sent in world.texter.sent} == {"+447700900123", "+353871234567"}
    assert {kept(world, british).reference, kept(world, irish).reference} == {
        f"fake-{british.id}",
        f"fake-{irish.id}",
    }


@pytest.mark.parametrize("number", ["", "12", "no number", "020 7946 0000", "+", "+44 20 7946 0000", "0800 PEOPLE x 3"])
def test_a_number_that_takes_no_texts_is_listed_and_nothing_leaves(number):
    world = a_world()
    text(world, number)

    outbox.deliver_due(world.deps)

    assert (only(world).advice, only(world).letter.state) == ("number", "failed")
    assert world.texter.sent == []


def test_what_fails_is_tried_again_after_longer_and_longer_and_then_listed():
    world = a_world()
    world.mailer.failures = [LATER] * 6
    post(world)
    waited = []

    while True:
        outbox.deliver_due(world.deps)
        undelivered = only(world)
        if undelivered.letter.state == "failed":
            break
        assert outbox.deliver_due(world.deps) == 0
        pause = undelivered.letter.due_at - world.clock()
        waited.append(pause / timedelta(minutes=1))
        world.clock.now += pause

    assert len(waited) == len(PAUSES_MINUTES)
    assert all(wanted <= took <= wanted * 1.25 for wanted, took in zip(PAUSES_MINUTES, waited, strict=True))
    assert (undelivered.advice, undelivered.letter.problem, undelivered.can_be_sent_again) == ("later", "full", True)
    assert world.mailer.sent == []


def test_what_failed_together_does_not_come_back_together():
    world = a_world()
    world.mailer.failures = [LATER] * 5
    for number in range(5):
        post(world, f"n{number}@example.org")

    outbox.deliver_due(world.deps)

    assert len({undelivered.letter.due_at for undelivered in outbox.undelivered(world.deps)}) > 1


def test_a_letter_that_fails_once_leaves_the_next_time():
    world = a_world()
    world.mailer.failures = [LATER]
    post(world)

    outbox.deliver_due(world.deps)
    world.clock.turn(minutes=2)

    assert outbox.deliver_due(world.deps) == 1


@pytest.mark.parametrize(
    ("failure", "advice", "state"),
    [
        (DeliveryFailed("x", permanent=True, trouble="address"), "address", "failed"),
        (DeliveryFailed("x", permanent=True, trouble="number"), "number", "failed"),
        (DeliveryFailed("x", permanent=True, trouble="opted_out"), "opted_out", "failed"),
        (DeliveryFailed("x", permanent=True), "refused", "failed"),
        (DeliveryFailed("x"), "later", "waiting"),
        (DeliveryFailed("x", trouble="credentials"), "credentials", "waiting"),
        (DeliveryFailed("x", trouble="throttled"), "throttled", "waiting"),
        (DeliveryFailed("x", trouble="down"), "down", "waiting"),
        (DeliveryFailed("x", trouble="unsure"), "unsure", "unsure"),
    ],
)
def test_each_kind_of_trouble_has_its_own_advice(failure, advice, state):
    world = a_world()
    world.texter.failures = [failure]
    text(world)

    outbox.deliver_due(world.deps)

    assert (only(world).advice, only(world).letter.state) == (advice, state)


def test_without_a_gateway_a_text_waits_for_the_operator():
    world = a_world()
    deps = replace(world.deps, texter=NoTexts())
    text(world)

    outbox.deliver_due(deps)

    assert not deps.texter.name
    assert (only(world).advice, only(world).letter.state) == ("credentials", "waiting")


def test_one_bad_letter_does_not_hold_up_the_others():
    world = a_world()
    for to in ("nobody", "one@example.org", "two@example.org"):
        post(world, to)

    outbox.deliver_due(world.deps)

    assert [letter.to for letter in world.mailer.sent] == ["one@example.org", "two@example.org"]


def test_a_letter_leaves_when_it_is_due_and_is_nobodys_trouble_before():
    world = a_world()
    post(world, due_at=world.clock() + timedelta(days=1))

    before = outbox.deliver_due(world.deps)
    listed = outbox.undelivered(world.deps)
    world.clock.turn(days=1)

    assert (before, listed) == (0, ())
    assert outbox.deliver_due(world.deps) == 1


def test_what_comes_too_late_to_be_of_use_is_stopped_and_said():
    world = a_world()
    world.mailer.failures = [LATER] * 3
    post(world, not_after=world.clock() + timedelta(minutes=3))

    for _ in range(4):
        outbox.deliver_due(world.deps)
        world.clock.turn(minutes=1)
    late = only(world)

    assert (late.advice, late.letter.state, late.letter.to) == ("expired", "stopped", "her@example.org")
    assert (late.letter.body, late.can_be_sent_again) == ("", False)
    assert len(world.mailer.failures) == 1


def test_the_same_key_posts_one_letter():
    world = a_world()

    one, other = post(world, once="reminder 1"), post(world, "else@example.org", once="reminder 1")

    assert one == other
    assert outbox.deliver_due(world.deps) == 1
    assert post(world, once="reminder 1").state == "sent"


def test_a_dead_letter_is_sent_again_when_somebody_says_so():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("full", permanent=True)]
    letter = post(world)
    outbox.deliver_due(world.deps)

    outbox.send_again(world.deps, letter.id)
    outbox.send_again(world.deps, "unknown")

    assert outbox.deliver_due(world.deps) == 1


def test_an_old_link_is_not_sent_again_once_a_new_one_was():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("full", permanent=True)]
    old = post(world, about="invite 1")
    outbox.deliver_due(world.deps)
    world.clock.turn(minutes=1)
    post(world, about="invite 1")

    offered = [each.can_be_sent_again for each in outbox.undelivered(world.deps) if each.letter.id == old.id]
    outbox.send_again(world.deps, old.id)

    assert offered == [False]
    assert kept(world, old).state == "failed"


def test_a_letter_is_taken_off_the_list():
    world = a_world()
    letter = post(world, "nobody")
    outbox.deliver_due(world.deps)

    outbox.forget(world.deps, letter.id)

    assert outbox.undelivered(world.deps) == ()
    assert kept(world, letter).to == ""


def test_a_gateway_that_stays_away_is_given_up_after_two_days():
    world = a_world()
    post(world)
    states = []

    for _ in range(60):
        world.mailer.failures = [DeliveryFailed("away", trouble="down")]
        outbox.deliver_due(world.deps)
        states.append(only(world).letter.state)
        world.clock.turn(hours=1)

    hours = GIVE_UP / timedelta(hours=1)
    assert set(states[: int(hours)]) == {"waiting"}
    assert states[-1] == "failed"
    assert only(world).advice == "down"


def test_what_became_of_letters_is_forgotten_after_thirty_days():
    world = a_world()
    sent, failed, waiting = post(world), post(world, "nobody"), post(world, due_at=world.clock() + timedelta(days=90))
    batch = outbox.begin_batch(world.deps)
    outbox.deliver_due(world.deps)

    world.clock.turn(days=29)
    outbox.tidy(world.deps)
    before = [kept(world, letter) is not None for letter in (sent, failed, waiting)]
    world.clock.turn(days=1)
    outbox.tidy(world.deps)

    assert before == [True, True, True]
    assert [kept(world, letter) is not None for letter in (sent, failed, waiting)] == [False, False, True]
    assert outbox.progress(world.deps, batch.id) is None


class Dying:
    """A mailer in a process that is killed while it sends."""

    def send(self, to, subject, body, **more):
        raise KeyboardInterrupt


def test_a_mail_whose_process_died_is_sent_after_a_while_under_the_same_name():
    world = a_world()
    letter = post(world)

    with suppress(KeyboardInterrupt):
        outbox.deliver_due(replace(world.deps, mailer=Dying()))
    at_once = outbox.deliver_due(world.deps)
    world.clock.turn(minutes=5)

    assert at_once == 0
    assert outbox.deliver_due(world.deps) == 1
    assert [sent.reference for sent in world.mailer.sent] == [letter.reference]
    assert len(letter.reference) == 32
