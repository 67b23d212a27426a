"""Reminders: as the group chose, once each on however many nodes, only where and when she may be reached."""

from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread

import pytest

from companion.core.values import replace
from companion.records import Hours, Letter, PlannedSession, Reminder, SafeContact, Series
from companion.service import inviting, moving, reminding
from companion.service.date_tasks import mind_dates
from tests.fakes.dying import DyingStore
from tests.fakes.world import START, a_world

DAY, HOUR = 24 * 60, 60


def a_world_to_remind(reminders=(7 * DAY, DAY, HOUR), days=10, **person):
    """Wren is invited to a date that is ten days away, at 19:00 on the clock of London in winter."""
    world = a_world()
    world.deps.store.save_group(replace(world.group, settings=replace(world.group.settings, reminders=reminders)))
    world.session = replace(world.session, starts_at=START + timedelta(days=days))
    world.store.save_session(world.session)
    wren = world.person("Wren", email="wren@example.org", phone="020 7946 0001", contact_is_safe=True)
    world.wren = wren
    inviting.invite(world.deps, world.session.id, wren.id)
    world.store.save_person(replace(world.store.person(wren.id), **person))
    return world


def posted(world):
    return list(world.store.shelf(Letter).find())


def before(world, **span):
    world.clock.now = world.session.starts_at - timedelta(**span)


def hours_of_posts(world, step=timedelta(minutes=30)):
    """Runs the task again and again until after the start, and says how many hours before it something was posted."""
    found = []
    while world.clock() < world.session.starts_at + timedelta(hours=1):
        for _ in range(reminding.post_due(world.deps)):
            found.append((world.session.starts_at - world.clock()) / timedelta(hours=1))
        world.clock.now += step
    return found


@pytest.mark.parametrize(
    ("reminders", "expected"),
    [
        ((7 * DAY, DAY, HOUR), [168, 24, 1]),
        ((DAY,), [24]),
        ((), []),
        ((HOUR, 7 * DAY), [168, 1]),
    ],
)
def test_each_reminder_that_the_group_chose_is_posted_once(reminders, expected):
    assert hours_of_posts(a_world_to_remind(reminders)) == expected


def test_a_date_made_late_gets_one_reminder_and_not_three():
    world = a_world_to_remind(days=1 / 48)

    assert [reminding.post_due(world.deps) for _ in range(3)] == [1, 0, 0]


def test_a_reminder_says_when_and_nothing_else():
    world = a_world_to_remind()
    before(world, days=1)
    reminding.post_due(world.deps)

    (letter,) = posted(world)
    assert (letter.kind, letter.to, letter.subject) == ("mail", "wren@example.org", "For your diary")
    assert letter.body.splitlines()[::2] == [
        "Hello,",
        "This is in your diary: Sunday 15 March, 19:00",
        "If you did not ask for this, please delete it. Nothing will happen.",
    ]
    assert (letter.due_at, letter.not_after) == (world.clock(), world.session.starts_at)
    assert (letter.attachments, letter.about) == ((), f"reminder {world.session.id} {world.wren.id}")


def test_a_reminder_speaks_her_language():
    world = a_world_to_remind(language="ar")
    before(world, days=1)
    reminding.post_due(world.deps)

    assert "الأحد 15 مارس" in posted(world)[0].body


def test_a_reminder_by_text_message_is_one_line():
    world = a_world_to_remind(contact=SafeContact("text"))
    before(world, days=1)
    reminding.post_due(world.deps)

    (letter,) = posted(world)
    assert (letter.kind, letter.to, letter.subject) == ("text", "020 7946 0001", "")
    assert letter.body == "This is in your diary: Sunday 15 March, 19:00"


@pytest.mark.parametrize(
    "person",
    [
        {"contact_confirmed_at": None},
        {"contact_confirmed_at": START - timedelta(days=100)},
        {"contact": SafeContact("none")},
        {"contact": SafeContact("call")},
        {"contact": SafeContact("post")},
        {"email": ""},
        {"left_at": START},
    ],
    ids=str,
)
def test_whoever_may_not_be_reached_is_not_reminded(person):
    assert hours_of_posts(a_world_to_remind(**person)) == []


def test_whoever_is_not_invited_or_no_longer_is_not_reminded():
    world = a_world_to_remind()
    world.person("Ash", email="ash@example.org", contact_is_safe=True)
    (invite,) = world.store.invites(world.session.id)
    inviting.revoke(world.deps, invite.id)

    assert hours_of_posts(world) == []


def morning(world_person_hours):
    return SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), *world_person_hours),))


def test_a_reminder_waits_for_her_hours():
    world = a_world_to_remind((DAY,), contact=morning((9 * 60, 12 * 60)))

    assert hours_of_posts(world) == [10]  # at nine in the morning of the day itself
    (letter,) = posted(world)
    assert letter.not_after == letter.due_at + timedelta(hours=3)


def test_a_reminder_that_could_only_leave_after_the_start_is_not_sent():
    world = a_world_to_remind((HOUR,), contact=morning((19 * 60, 21 * 60)))

    assert hours_of_posts(world) == []


def test_a_later_reminder_takes_the_place_of_one_that_could_not_leave():
    world = a_world_to_remind((2 * DAY, DAY), contact=SafeContact("email", (Hours((6,), 8 * 60, 9 * 60),)))

    assert hours_of_posts(world) == [11]
    assert [letter.about for letter in posted(world)] == [
        f"reminder {one.session_id} {world.wren.id}" for one in world.store.shelf(Reminder).find()
    ]


def test_eight_nodes_at_once_post_it_once():
    world = a_world_to_remind()
    before(world, days=1)
    nodes = [Thread(target=reminding.post_due, args=(world.deps,)) for _ in range(8)]

    for node in nodes:
        node.start()
    for node in nodes:
        node.join()

    assert len(posted(world)) == 1


def test_a_letter_that_has_left_and_is_forgotten_is_not_posted_again():
    world = a_world_to_remind()
    before(world, days=1)
    reminding.post_due(world.deps)
    world.store.shelf(Letter).remove(state="waiting")

    assert reminding.post_due(world.deps) == 0


def test_a_reminder_whose_node_died_is_taken_up_by_another():
    world = a_world_to_remind()
    before(world, hours=20)
    with suppress(KeyboardInterrupt):
        reminding.post_due(replace(world.deps, store=DyingStore(world.store, 0, Letter)))
    at_once = reminding.post_due(world.deps)
    world.clock.turn(minutes=5)

    assert (at_once, reminding.post_due(world.deps), reminding.post_due(world.deps)) == (0, 1, 0)


class ReadOnly:
    """A shelf that can be looked at alone."""

    def __init__(self, shelf):
        self.get, self.find = shelf.get, shelf.find


class ReadOnlyStore(DyingStore):
    def shelf(self, kind):
        return ReadOnly(self.store.shelf(kind))


def test_a_round_in_which_nothing_is_new_writes_nothing(caplog):
    world = a_world_to_remind()
    series = Series("series-1", world.group.id, "FREQ=WEEKLY", datetime.fromisoformat("2026-03-10T19:00"), "UTC")
    world.store.shelf(Series).put(series)
    before(world, hours=20)
    mind_dates(world.deps)

    mind_dates(replace(world.deps, store=ReadOnlyStore(world.store)))

    assert caplog.text == ""


def test_a_moved_date_is_reminded_of_anew_and_the_old_reminder_stopped():
    world = a_world_to_remind((DAY,))
    before(world, days=1)
    reminding.post_due(world.deps)
    moving.move(world.deps, world.session.id, world.session.starts_at + timedelta(days=3), 90, 0, "jo")
    world.session = world.store.session(world.session.id)
    old = [letter.state for letter in posted(world) if letter.about.startswith("reminder")]

    assert old == ["stopped"]
    assert hours_of_posts(world) == [24]


def test_a_cancelled_date_is_not_reminded_of():
    world = a_world_to_remind()
    moving.cancel(world.deps, world.session.id, 0, "jo")

    assert hours_of_posts(world) == []


def test_a_date_that_has_begun_is_not_reminded_of():
    world = a_world_to_remind((HOUR,))
    before(world, minutes=30)
    world.store.shelf(PlannedSession).change(world.session.id, lambda one: replace(one, phase="closed"))

    assert reminding.post_due(world.deps) == 0


def test_one_task_that_fails_does_not_hold_up_the_others(caplog):
    world = a_world_to_remind()
    before(world, days=1)

    class Broken:
        def look(self, address):
            raise RuntimeError("a fault of ours")

    world.deps.store.save_group(
        replace(world.group, settings=replace(world.group.settings, call_link="https://calls.example/1"))
    )
    mind_dates(replace(world.deps, probe=Broken()))

    assert len(posted(world)) == 1
    assert "a regular task about dates failed" in caplog.text


@pytest.mark.parametrize(("zone", "hour"), [("Europe/London", 10), ("Asia/Karachi", 15)])
def test_her_hours_are_meant_on_the_clock_of_her_group(zone, hour):
    world = a_world_to_remind((DAY,), contact=morning((9 * 60, 10 * 60)))
    group = world.store.group(world.group.id)
    world.deps.store.save_group(replace(group, settings=replace(group.settings, zone=zone)))

    assert hours_of_posts(world) == [hour]
    assert isinstance(posted(world)[0].due_at, datetime)
