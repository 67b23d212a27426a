"""What is kept around dates comes back whole; two nodes on one database move a date, remind and look at a link once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from companion.core.values import replace
from companion.records import (
    DateNote,
    Feed,
    Invite,
    Letter,
    LinkCheck,
    Missed,
    Notice,
    PlannedSession,
    Reminder,
    Series,
)
from companion.service import link_checks, moving, recurring, reminding
from tests.fakes.world import a_world
from tests.store.builders import NOW, a_group, a_person, a_session, with_an_invite

NOTICE = Notice(
    "evening.1",
    "tuesday",
    "evening",
    "",
    "moved",
    1,
    NOW,
    NOW,
    NOW,
    "Sol",
    ("person-1",),
    (Missed("person-2", "outside_hours"), Missed("person-3", "no_address", NOW)),
)


def test_what_is_kept_around_dates_comes_back_whole(store):
    with_an_invite(store)
    records = [
        NOTICE,
        DateNote("evening holiday", "tuesday", "evening", "holiday", "Sol", NOW),
        Reminder("reminder-1", "evening", NOW),
        LinkCheck("evening.0.60", "evening", NOW, "unreachable"),
        Feed("person-1", "hash", NOW),
    ]

    for record in records:
        store.shelf(type(record)).put(record)

    assert [store.shelf(type(record)).get(record.id) for record in records] == records
    assert store.shelf(Notice).find(posted_at=None) == [NOTICE]


class Looks:
    def __init__(self):
        self.asked = []

    def look(self, address):
        self.asked.append(address)
        return "fine"


def test_two_nodes_do_everything_once(two_nodes):
    worlds = [a_world() for _ in two_nodes]
    probe, now = Looks(), worlds[0].clock()
    nodes = [replace(world.deps, store=store, probe=probe) for world, store in zip(worlds, two_nodes, strict=True)]
    first = nodes[0]
    first.store.save_group(a_group())
    group = first.store.group("tuesday")
    first.store.save_group(replace(group, settings=replace(group.settings, call_link="https://calls.example/1")))
    first.store.save_person(replace(a_person(), contact_confirmed_at=now))
    session = a_session(group_id="tuesday", starts_at=now + timedelta(hours=20), closed_at=None, phase="planned")
    first.store.save_session(session)
    first.store.shelf(Invite).put(
        Invite("i", session.id, "person-1", "seat", "member", "hash", "p", now + timedelta(days=9))
    )
    first.store.shelf(Series).put(
        Series("series", "tuesday", "FREQ=WEEKLY;COUNT=5", recurring.wall_clock(now + timedelta(days=30), "UTC"), "UTC")
    )

    with ThreadPoolExecutor(8) as pool:
        for task in (recurring.plan_all, reminding.post_due, link_checks.check_due):
            list(pool.map(task, nodes * 4))
        at = session.starts_at + timedelta(days=1)
        list(pool.map(lambda deps: moving.move(deps, session.id, at, 90, session.sequence, "jo"), nodes * 4))

    letters = first.store.shelf(Letter).find()
    assert sorted((letter.about.split()[0], letter.state) for letter in letters) == [
        ("notice", "waiting"),
        ("reminder", "stopped"),
    ]
    assert probe.asked == ["https://calls.example/1"]
    assert len(first.store.shelf(PlannedSession).find(series_id="series")) == 5
    assert first.store.session(session.id).sequence == session.sequence + 1
