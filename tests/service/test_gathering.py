"""The live data begin with a seat for everybody invited."""

from datetime import timedelta

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite
from companion.service import agreements, gathering, inviting, organising
from tests.fakes.series import weekly
from tests.fakes.world import START, a_world


def test_everybody_invited_has_a_seat_and_the_group_its_agenda():
    world = a_world()
    wren, sol = world.invite("Wren"), world.invite("Sol", "facilitator")

    world.begin()

    live = world.live()
    assert {seat.id: (seat.role, seat.alias, seat.state) for seat in live.seats} == {
        wren.invite.seat_id: ("member", "Wren", "expected"),
        sol.invite.seat_id: ("facilitator", "Sol", "expected"),
    }
    assert live.phase == "planned"
    assert len(live.rules.agenda) == 3
    assert len(live.rules.prompts) >= 5


def test_beginning_twice_changes_nothing():
    world = a_world()
    world.open_doors()
    before = world.live()

    world.begin()

    assert world.live() == before


def test_whoever_is_revoked_before_it_begins_has_no_seat():
    world = a_world()
    issued = world.invite()
    world.store.shelf(Invite).put(replace(issued.invite, state="revoked"))

    world.begin()

    assert world.live().seats == ()


def test_the_usual_wait_comes_from_earlier_sessions_of_this_group_alone():
    world = a_world()
    other = organising.add_group(world.deps, "Another")
    for group, seconds in ((world.group, 60), (world.group, 200), (world.group, None), (other, 6000)):
        past = organising.add_session(world.deps, group.id, START - timedelta(days=7))
        world.store.save_session(replace(past, mean_ticket_wait_seconds=seconds))

    world.begin()

    assert world.live().rules.usual_wait_minutes == 3


def test_a_first_session_has_no_usual_wait():
    world = a_world()

    world.begin()

    assert world.live().rules.usual_wait_minutes is None


@pytest.mark.parametrize("which", ["unknown", "closed"])
def test_what_is_over_or_never_was_does_not_begin(which):
    world = a_world()
    world.store.save_session(replace(world.session, phase="closed"))

    with pytest.raises(Refused, match="session_closed"):
        gathering.begin(world.deps, "nowhere" if which == "unknown" else world.session.id)


def test_a_new_group_starts_with_an_agreement_and_a_changed_one_is_a_new_version():
    world = a_world()
    settings = world.group.settings

    same = agreements.publish(world.deps, world.group.id, settings.agreement, instead_of=1)
    other = agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    assert len(settings.agreement) >= 5
    assert same == world.group
    assert other.settings.agreement_version == 2


def test_a_person_without_an_alias_gets_one_that_is_not_her_name():
    world = a_world()

    person = organising.add_person(world.deps, world.group.id, "member", "Amina Okafor", waived_by="Sol")

    assert person.alias
    assert "Amina" not in person.alias


@pytest.mark.parametrize("link", ["each", "every"])
def test_whoever_has_come_once_is_no_newcomer_at_the_next_date(link):
    world = a_world()
    first, second, _ = weekly(world)
    wren, ash = world.person("Wren"), world.person("Ash")
    for person in (wren, ash):
        for date in (first, second) if link == "each" else ():
            inviting.invite(world.deps, date.id, person.id)
        if link == "every":
            inviting.invite_to_series(world.deps, "weekly", person.id)
    for date in (first, second):
        gathering.begin(world.deps, date.id)
        if date == first:
            (seat,) = [one for one in world.store.invites(first.id) if one.person_id == wren.id]
            world.store.shelf(Invite).put(replace(seat, state="used", used_at=world.clock()))

    new = {seat.alias: seat.first_time for seat in world.store.load(second.id).state.seats}
    assert new == {"Wren": False, "Ash": True}
    assert [world.store.person(one.id).first_time for one in (wren, ash)] == [False, True]
