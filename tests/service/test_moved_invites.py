"""An invite that has not left when its date is moved says the new time, and only that."""

from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.records import Hours, Letter, Notice, SafeContact
from companion.service import giving, moving, outbox
from companion.service.routes import Routes
from tests.fakes.series import weekly
from tests.fakes.world import START, a_world

MORNINGS = SafeContact("email", (Hours((0, 1, 2, 3, 4, 5, 6), 9 * 60, 12 * 60),))


@pytest.fixture
def world():
    """Wren may be written to in the mornings, and it is evening; the date is ten days away."""
    world = a_world()
    weekly(world)
    world.store.save_session(replace(world.store.session(world.session.id), starts_at=START + timedelta(days=10)))
    for other in ("date-1", "date-2"):
        world.store.save_session(replace(world.store.session(other), starts_at=START + timedelta(days=70)))
    return world


def invited(world, kind="session", **more):
    wren = world.person("Wren", email="wren@example.org", contact_is_safe=True, **more)
    world.store.save_person(replace(wren, contact=MORNINGS))
    target = giving.target_of(world.deps, kind, world.session.id if kind == "session" else "weekly")
    giving.give(world.deps, target, wren.id, Routes("email", "aloud"))


def moved(world, **by):
    session = world.store.session(world.session.id)
    moving.move(world.deps, session.id, session.starts_at + timedelta(**by), 90, session.sequence, "jo")


def invite_letter(world):
    (letter,) = [one for one in world.store.shelf(Letter).find() if one.about.startswith("invite")]
    return letter


@pytest.mark.parametrize("kind", ["session", "series"])
def test_its_letter_says_the_new_time(world, kind):
    invited(world, kind)
    before = invite_letter(world).body

    moved(world, days=1, hours=1)

    assert "Sunday 15 March, 19:00" in before
    assert invite_letter(world).body == before.replace("Sunday 15 March, 19:00", "Monday 16 March, 20:00")


def test_a_second_move_is_in_it_too(world):
    invited(world)

    moved(world, days=1)
    moved(world, days=1)

    assert "Tuesday 17 March, 19:00" in invite_letter(world).body


def test_its_calendar_entry_is_the_one_of_the_notice(world):
    invited(world)

    moved(world, days=1)

    files = {file.content for letter in world.store.shelf(Letter).find() for file in letter.attachments}
    assert [("SEQUENCE:1" in file, "DTSTART:20260316T190000Z" in file) for file in files] == [(True, True)]


def test_in_her_own_language(world):
    invited(world, language="ur")

    moved(world, hours=1)

    assert "20:00" in invite_letter(world).body
    assert "19:00" not in invite_letter(world).body


def test_an_invite_to_a_date_that_comes_before_her_hours_now_does_not_leave(world):
    invited(world)

    moved(world, days=-10, hours=2)
    world.clock.turn(hours=15)
    outbox.deliver_due(world.deps)

    assert world.mailer.sent == []
    assert invite_letter(world).trouble == "expired"


def test_an_invite_that_was_late_may_leave_until_the_new_end(world):
    invited(world)
    was = invite_letter(world).not_after

    moved(world, days=1)

    assert invite_letter(world).not_after >= was


def test_who_could_only_be_told_after_the_new_time_is_told_by_phone(world):
    invited(world)
    session = world.store.session(world.session.id)
    shown = moving.telling(world.deps, session, START + timedelta(hours=2))

    moved(world, days=-10, hours=2)

    (notice,) = world.store.shelf(Notice).find()
    assert ([one.reason for one in shown.missed], shown.told) == (["outside_hours"], ())
    assert ([one.reason for one in notice.missed], notice.posted) == (["outside_hours"], ())
