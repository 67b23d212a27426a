"""Time travel: what is due is removed on its day, not a day before, and leaves no byte behind."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.records import Access, Invite, Letter, Notice, Person, StandingInvite
from companion.service import audit, inviting, moving, organising, outbox, retention
from companion.service.retention import Removed, tidy
from companion.store.engine import sqlite_file
from tests.fakes.series import invite_for_all, weekly
from tests.fakes.world import TurnedClock, a_world
from tests.store.builders import a_letter, an_access, an_invite
from tests.store.conftest import open_in, settings_in


@pytest.fixture
def world():
    return a_world()


def after(world, **time):
    """Whether something was removed a minute before this time, and at it."""
    world.clock.turn(**time)
    world.clock.turn(minutes=-1)
    before = tidy(world.deps)
    world.clock.turn(minutes=1)
    return before, tidy(world.deps)


def test_who_came_is_forgotten_thirty_days_after_the_session(world):
    issued = world.invite()
    world.enter(issued)

    before, then = after(world, days=30)

    assert (before, then) == (Removed(), Removed(visits=2))
    assert (world.store.shelf(Access).find(), world.store.shelf(Invite).find()) == ([], [])
    assert world.store.person(issued.invite.person_id) is not None
    assert world.store.scrubbed == 1


def test_who_has_come_once_stays_no_newcomer(world):
    issued, other = world.invite(), world.invite("Ash")
    world.store.shelf(Invite).put(replace(world.again(issued), state="used", used_at=world.clock()))

    after(world, days=30)

    assert world.store.person(issued.invite.person_id).first_time is False
    assert world.store.person(other.invite.person_id).first_time is True


def test_a_session_to_come_keeps_its_invites(world):
    later = organising.add_session(world.deps, world.group.id, world.clock() + timedelta(days=60))
    person = world.person()
    world.store.shelf(Invite).put(
        an_invite("later", session_id=later.id, person_id=person.id, expires_at=later.starts_at + timedelta(hours=12))
    )

    after(world, days=59)

    assert [invite.id for invite in world.store.shelf(Invite).find()] == ["later"]


def test_everything_of_somebody_goes_thirty_days_after_she_left(world):
    person, stays = world.person(email="m@example.org"), world.person("Ash")
    world.store.save_person(replace(person, left_at=world.clock()))

    before, then = after(world, days=30)

    assert (before, then) == (Removed(), Removed(people=1))
    assert world.store.shelf(Person).find() == [stays]
    assert [(entry.what, entry.by) for entry in audit.entries(world.deps)] == [("erased", "service")]


@pytest.mark.parametrize("state", ["waiting", "failed", "delivered", "stopped"])
def test_a_letter_is_forgotten_after_thirty_days(world, state):
    world.store.shelf(Letter).put(a_letter(state=state, due_at=world.clock()))

    before, then = after(world, days=30)

    assert (before, then) == (Removed(), Removed(letters=1))


def test_the_audit_is_forgotten_after_ninety_days(world):
    audit.note(world.deps, "joined", by="person 1")

    before, then = after(world, days=90)

    assert (before, then) == (Removed(), Removed(audit=1))
    assert audit.check(world.deps) == ()


def test_nothing_due_is_nothing_done(world):
    world.invite()

    assert tidy(world.deps) == Removed()
    assert world.store.scrubbed == 0


def test_two_nodes_may_tidy_at_once(world):
    person = world.person()
    world.store.save_person(replace(person, left_at=world.clock() - timedelta(days=31)))

    assert (tidy(world.deps).people, tidy(world.deps).people) == (1, 0)


def test_after_a_season_no_byte_of_it_is_in_the_files(tmp_path):
    with ExitStack() as stack:
        store, clock = open_in(stack, settings_in(stack, "sqlite", tmp_path)), TurnedClock()
        deps = replace(a_world().deps, store=store, clock=clock, fresh_id=lambda: secrets.token_urlsafe(18))
        group = organising.add_group(deps, "Tuesday")
        session = organising.add_session(deps, group.id, clock())
        person = organising.add_person(deps, group.id, "member", "Mary", "Wren", email="m@example.org")
        invite = an_invite("an-invite-to-find", session_id=session.id, person_id=person.id, token_hash="hash-to-find")
        store.shelf(Invite).put(replace(invite, expires_at=clock() + timedelta(hours=12)))
        access = an_access("a-browser-to-find", invite_id=invite.id, session_id=session.id)
        store.save_access(replace(access, token_hash="cookie-to-find", created_at=clock(), expires_at=clock()))
        outbox.post(deps, "m@example.org", "Thursday", "See you at seven.")
        store.save_person(replace(person, left_at=clock()))
        sought = [b"an-invite-to-find", b"hash-to-find", b"a-browser-to-find", b"cookie-to-find"]
        sought += cells(store, "people") + cells(store, "letters")
        file = sqlite_file(store.database.engine)

        def found():
            raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
            return [one for one in sought if one in raw]

        assert len(found()) == len(sought) >= 14
        clock.turn(days=31)
        tidy(deps)

        assert found() == []


def cells(store, table):
    with store.database.reading() as db:
        rows = db.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608 - our own names
    return [cell[-24:] for row in rows for cell in row if isinstance(cell, bytes) and len(cell) > 24]


def test_the_times_are_those_that_are_promised():
    days = [time.days for time in (retention.ATTENDANCE, retention.CONTACTS, retention.LETTERS, audit.KEPT)]

    assert days == [30, 30, 30, 90]


def test_a_link_to_every_date_goes_thirty_days_after_the_last_of_them(world):
    weekly(world)
    invite_for_all(world)
    moving.end_series(world.deps, "weekly", world.clock(), "jo")
    for shelf in (Letter, Notice):
        for one in world.store.shelf(shelf).find():
            world.store.shelf(shelf).remove(id=one.id)

    before, then = after(world, days=30)

    assert (before.visits, then.visits) == (0, 1)
    assert world.store.shelf(StandingInvite).find() == []


def test_a_link_that_was_taken_back_is_remembered_as_long_as_there_are_dates(world):
    weekly(world)
    standing, other = invite_for_all(world).invite, invite_for_all(world, "Ash").invite
    inviting.revoke(world.deps, standing.id)

    after(world, days=inviting.STANDING_DAYS + 30)

    assert [one.id for one in world.store.shelf(StandingInvite).find(id=(standing.id, other.id))] == [standing.id]
