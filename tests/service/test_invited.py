"""Who counts on a date: by a link of its own or by one for every date; and who must not hear of it any more."""

from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.records import Letter
from companion.service import inviting, links, moving, reminding
from tests.fakes.series import WEEK, invite_for_all, weekly
from tests.fakes.world import START, a_world

WREN = {"email": "wren@example.org", "contact_is_safe": True}


@pytest.fixture
def world():
    """Ten days before the second date of a series."""
    world = a_world()
    weekly(world)
    world.store.save_session(replace(world.store.session(world.session.id), closed_at=START))
    world.clock.now = START + WEEK - timedelta(days=10)
    world.store.save_session(replace(world.store.session(world.session.id), starts_at=START - WEEK))
    return world


def told_of(world):
    moving.move(world.deps, "date-1", START + WEEK + timedelta(hours=1), 90, 0, "jo")
    return [letter.to for letter in world.store.shelf(Letter).find() if letter.about.startswith("notice")]


def reminded(world):
    world.clock.now = START + WEEK - timedelta(days=1)
    reminding.post_due(world.deps)
    return [letter.to for letter in world.store.shelf(Letter).find() if letter.about.startswith("reminder")]


def test_whoever_has_one_link_for_every_date_is_reminded_before_she_has_ever_opened_it(world):
    invite_for_all(world, **WREN)

    assert reminded(world) == ["wren@example.org"]


def test_whoever_has_both_kinds_of_link_is_reminded_once(world):
    standing = invite_for_all(world, **WREN).invite
    inviting.invite(world.deps, "date-1", standing.person_id)

    assert reminded(world) == ["wren@example.org"]


def test_a_link_for_every_date_that_was_taken_back_brings_no_new_time_and_no_reminder(world):
    standing = invite_for_all(world, **WREN).invite
    inviting.revoke(world.deps, standing.id)

    assert (told_of(world), reminded(world)) == ([], [])


def test_whoever_was_taken_out_of_one_date_hears_nothing_of_it(world):
    standing = invite_for_all(world, **WREN).invite
    seat = links.seat_at(world.deps, world.store.session("date-1"), world.store.person(standing.person_id))
    inviting.revoke(world.deps, seat.id)

    assert (told_of(world), reminded(world)) == ([], [])


def test_a_new_link_to_one_date_counts_beside_an_old_one_that_was_taken_back(world):
    standing = invite_for_all(world, **WREN).invite
    inviting.revoke(world.deps, standing.id)
    inviting.invite(world.deps, "date-1", standing.person_id)

    assert (told_of(world), reminded(world)) == (["wren@example.org"], ["wren@example.org"])


def test_a_link_that_ran_out_is_no_reason_to_remind_her(world):
    standing = invite_for_all(world, **WREN).invite
    world.store.shelf(type(standing)).change(standing.id, lambda one: replace(one, expires_at=START))

    assert reminded(world) == []
