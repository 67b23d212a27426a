"""What was safe when a letter was written is asked again in the moment in which it leaves."""

from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.ports import DeliveryFailed
from companion.records import Hours, Letter, SafeContact, Series
from companion.service import consents, giving, inviting, moving, outbox, people, reminding
from companion.service.routes import Routes
from tests.fakes.world import START, a_world

SAFE = {"email": "wren@example.org", "phone": "+447700900123", "contact_is_safe": True}
MORNINGS = SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), 9 * 60, 12 * 60),))
LETTERS = ("invite", "passcode", "notice", "reminder")


def a_world_with_a_date():
    """Wren is invited to a date in ten days; it is seven in the evening."""
    world = a_world()
    world.store.save_session(replace(world.session, starts_at=START + timedelta(days=10)))
    return world, world.person("Wren", **SAFE)


def waits(world, wren, what):
    """A letter to her that has not left, for it is half past eleven at night or the mail server was away."""
    held = giving.give(world.deps, giving.target_of(world.deps, "session", world.session.id), wren.id, ways(what))
    if what == "notice":
        moving.move(world.deps, world.session.id, START + timedelta(days=11), 90, 0, "jo")
    if what == "reminder":
        world.clock.turn(days=9)
        reminding.post_due(world.deps)
    return held.holder_id


def ways(what):
    return {"invite": Routes("email", "aloud"), "passcode": Routes("paper", "email")}.get(
        what, Routes("paper", "aloud")
    )


def sent(world):
    outbox.deliver_due(world.deps)
    return [letter.to for letter in world.mailer.sent]


def listed(world):
    return [(one.advice, one.letter.about.partition(" ")[0]) for one in outbox.undelivered(world.deps)]


@pytest.mark.parametrize("what", LETTERS)
def test_a_letter_leaves_where_nothing_has_changed(what):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)

    assert (sent(world), listed(world)) == (["wren@example.org"], [])


@pytest.mark.parametrize("what", LETTERS)
@pytest.mark.parametrize(
    "change",
    [
        {"email": "new@example.org"},
        {"email": ""},
        {"contact": SafeContact("text")},
        {"contact": SafeContact("none")},
    ],
    ids=str,
)
@pytest.mark.parametrize("is_safe", [True, False])
def test_no_letter_leaves_for_an_address_that_is_not_safe_any_more(what, change, is_safe):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)

    people.change(world.deps, wren.id, lambda her: replace(her, **change), is_safe=is_safe)

    assert (listed(world), sent(world), listed(world)) == ([("not_safe", what)], [], [("not_safe", what)])


@pytest.mark.parametrize("what", LETTERS)
def test_no_letter_leaves_for_somebody_who_has_left(what):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)
    people.leave(world.deps, wren.id)

    assert sent(world) == []


@pytest.mark.parametrize("what", LETTERS)
def test_no_letter_leaves_once_her_word_has_run_out(what):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)
    world.store.save_person(replace(wren, contact_confirmed_at=START - timedelta(days=200)))

    assert (sent(world), listed(world)) == ([], [("not_safe", what)])


@pytest.mark.parametrize("what", LETTERS)
def test_new_hours_of_hers_hold_a_letter_that_waits_already(what):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)
    people.change(world.deps, wren.id, lambda her: replace(her, contact=MORNINGS), is_safe=True)
    evening = sent(world)
    world.clock.turn(hours=13)
    before_nine = sent(world)
    world.clock.turn(hours=1)

    assert (evening, before_nine, sent(world)) == ([], [], ["wren@example.org"])


@pytest.mark.parametrize("what", ["invite", "passcode", "reminder", "notice"])
def test_no_letter_leaves_once_her_invite_was_taken_back(what):
    world, wren = a_world_with_a_date()
    holder_id = waits(world, wren, what)
    inviting.revoke(world.deps, holder_id)

    assert sent(world) == []


@pytest.mark.parametrize("what", ["invite", "passcode", "reminder"])
def test_of_a_date_that_was_cancelled_only_the_notice_leaves(what):
    world, wren = a_world_with_a_date()
    waits(world, wren, what)
    moving.cancel(world.deps, world.session.id, 0, "jo")
    sent(world)

    assert [letter.body.splitlines()[2] for letter in world.mailer.sent] == ["A date in your diary falls away."]


def test_what_is_tried_again_by_hand_asks_for_her_hours_too():
    world, wren = a_world_with_a_date()
    waits(world, wren, "invite")
    world.mailer.failures.append(DeliveryFailed("no such mailbox", permanent=True, trouble="address"))
    outbox.deliver_due(world.deps)
    (letter,) = world.store.shelf(Letter).find(state="failed")
    world.store.save_person(replace(world.store.person(wren.id), contact=MORNINGS))
    outbox.send_again(world.deps, letter.id)

    assert sent(world) == []
    world.clock.turn(hours=14)
    assert sent(world) == ["wren@example.org"]


def test_a_send_that_was_paused_goes_on_only_in_her_hours():
    world, wren = a_world_with_a_date()
    world.store.save_person(replace(wren, contact=MORNINGS))
    world.store.shelf(Series).put(Series("weekly", world.group.id, "FREQ=WEEKLY", START.replace(tzinfo=None), "UTC"))
    standing = inviting.invite_to_series(world.deps, "weekly", wren.id).invite
    batch = outbox.begin_batch(world.deps)
    outbox.post(world.deps, wren.email, "For your diary", "Hello.", about=f"invite {standing.id}", batch=batch.id)
    outbox.pause(world.deps, batch.id)
    outbox.resume(world.deps, batch.id)

    assert sent(world) == []
    world.clock.turn(hours=14)
    assert sent(world) == ["wren@example.org"]


def test_a_letter_whose_date_comes_before_her_hours_is_stopped():
    world, wren = a_world_with_a_date()
    waits(world, wren, "reminder")
    late = SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), 21 * 60, 22 * 60),))
    world.clock.turn(hours=23)
    people.change(world.deps, wren.id, lambda her: replace(her, contact=late), is_safe=True)

    assert (sent(world), [advice for advice, _ in listed(world)]) == ([], ["expired"])


def test_an_invite_says_that_its_letter_did_not_leave_and_why():
    world, wren = a_world_with_a_date()
    holder_id = waits(world, wren, "invite")
    people.change(world.deps, wren.id, lambda her: replace(her, email="new@example.org"))

    kept = world.store.invite(holder_id)
    assert (kept.state, kept.problem) == ("bounced", "not_safe")


def test_all_letters_about_her_are_hers_whichever_address_they_go_to():
    world, wren = a_world_with_a_date()
    for what in LETTERS:
        waits(world, wren, what)
    world.store.save_person(replace(world.store.person(wren.id), email="new@example.org"))
    world.person("Ash", email="ash@example.org", contact_is_safe=True)
    moving.move(world.deps, world.session.id, START + timedelta(days=20), 90, 1, "jo")

    found = {letter.about.partition(" ")[0] for letter in consents.letters_to(world.deps, wren.id)}
    others = {letter.to for letter in world.store.shelf(Letter).find() if letter.to == "ash@example.org"}
    assert (found, others) == (set(LETTERS), {"ash@example.org"})
    assert all(letter.to != "ash@example.org" for letter in consents.letters_to(world.deps, wren.id))


def test_what_is_tried_again_keeps_to_the_minute_at_which_her_hours_end():
    world, wren = a_world_with_a_date()
    until_seven = SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), 18 * 60, 19 * 60),))
    world.store.save_person(replace(wren, contact=until_seven))
    world.clock.turn(minutes=-1)
    waits(world, wren, "invite")
    world.mailer.failures.append(DeliveryFailed("full", trouble="later"))
    outbox.deliver_due(world.deps)
    tries = []
    for _ in range(15):
        world.clock.turn(minutes=1)
        tries += sent(world)

    assert tries == []
