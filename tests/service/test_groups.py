"""Groups: versions of an agreement, what is missing, rooms that hear of a plan, crisis lines, words to start from."""

from __future__ import annotations

import pytest

from companion import words
from companion.core.commands import OpenDoors
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import CrisisLine, Group, GroupSettings
from companion.service import agreements, crisis_lines, group_settings, organising, starting_words
from tests.fakes.plans import PLAN
from tests.fakes.world import START, a_world


@pytest.fixture
def world():
    return a_world()


def without_plan(world):
    return group_settings.change(world.deps, world.group.id, lambda group: with_settings(group, safeguarding=None))


def with_settings(group: Group, **changes) -> Group:
    return replace(group, settings=replace(group.settings, **changes))


def refused(act, *args, **more):
    with pytest.raises(Refused) as no:
        act(*args, **more)
    return no.value.reason


def test_every_version_of_an_agreement_is_kept_with_its_day(world):
    world.clock.turn(days=7)

    agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    kept = agreements.versions(world.deps, world.group.id)
    assert [(one.version, one.points) for one in kept] == [(2, ("We listen.",)), (1, organising.AGREEMENT)]
    assert [(one.published_at - START).days for one in kept] == [7, 0]


def test_the_group_has_the_newest_and_knows_what_is_new_in_it(world):
    points = (*organising.AGREEMENT[1:], "We listen.")

    settings = agreements.publish(world.deps, world.group.id, points, instead_of=1).settings

    assert (settings.agreement, settings.agreement_version) == (points, 2)
    assert (settings.agreement_new, settings.agreement_since) == (("We listen.",), START)


def test_publishing_twice_is_publishing_once(world):
    for _ in range(2):
        agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    assert len(agreements.versions(world.deps, world.group.id)) == 2


def test_nobody_publishes_over_a_version_she_has_not_seen(world):
    agreements.publish(world.deps, world.group.id, ("We listen.",), instead_of=1)

    assert refused(agreements.publish, world.deps, world.group.id, ("We talk.",), instead_of=1) == "request_moved_on"
    assert world.store.group(world.group.id).settings.agreement == ("We listen.",)


@pytest.mark.parametrize(
    ("after", "comes", "goes", "moved"),
    [
        (("a", "b"), (), (), False),
        (("b", "a"), (), (), True),
        (("a", "c", "b"), ("c",), (), False),
        (("a",), (), ("b",), False),
        (("b", "c"), ("c",), ("a",), False),
    ],
)
def test_a_difference_is_said_point_by_point(after, comes, goes, moved):
    found = agreements.difference(("a", "b"), after)

    assert (found.comes, found.goes, found.moved) == (comes, goes, moved)
    assert found.is_none is (after == ("a", "b"))


def test_the_evening_has_its_plan_from_the_group(world):
    world.begin()

    assert world.live().rules.safeguarded


def test_without_a_plan_the_doors_stay_shut_and_a_plan_in_time_opens_them(world):
    without_plan(world)
    world.begin()

    shut = refused(world.perform, OpenDoors())
    group_settings.change(world.deps, world.group.id, lambda group: with_settings(group, safeguarding=PLAN))

    assert shut == "no_safeguarding_plan"
    assert world.perform(OpenDoors()).phase == "open"


def test_an_evening_that_is_over_does_not_stand_in_the_way_of_a_change(world):
    world.open_doors()
    world.store.destroy(world.session.id)

    assert without_plan(world).settings.safeguarding is None


def test_changing_a_group_that_is_not_there_is_refused(world):
    assert refused(group_settings.change, world.deps, "nowhere", lambda group: group) == "no_such_seat"


def test_what_is_missing_is_listed_and_goes_away(world):
    without_plan(world)
    world.person("Wren", waived_by="")

    before = group_settings.missing(world.deps, world.store.group(world.group.id))
    world.person("Sol", role="facilitator")
    group_settings.change(
        world.deps, world.group.id, lambda g: with_settings(g, safeguarding=PLAN, call_link="https://call.example/x")
    )
    after = group_settings.missing(world.deps, world.store.group(world.group.id))

    assert before == ("safeguarding", "facilitator", "call", "induction")
    assert after == ("induction",)


ABROAD = GroupSettings(crisis_lines=(CrisisLine("FR", "Prévention", "3114"),))


@pytest.mark.parametrize(("country", "number"), [("", "116 123"), ("GB", "116 123"), ("FR", "3114"), ("DE", "116 123")])
def test_a_member_sees_the_line_of_her_own_country_where_the_group_has_one(country, number):
    assert crisis_lines.as_seen_from(ABROAD, country).crisis_number == number


@pytest.mark.parametrize(
    ("country", "number", "missing"),
    [
        ("GB", "116 123", False),
        ("IE", "116 123", False),
        ("FR", "116 123", True),
        ("FR", "3114", False),
        ("GB", "", True),
    ],
)
def test_a_group_that_is_at_home_elsewhere_is_asked_for_a_line_of_its_own(country, number, missing):
    assert crisis_lines.is_missing(GroupSettings(country=country, crisis_number=number)) is missing


def test_a_line_that_nobody_took_over_is_never_shown():
    assert crisis_lines.suggestion("FR") is not None
    assert crisis_lines.as_seen_from(GroupSettings(), "FR").crisis_number == "116 123"


def test_every_known_line_says_where_it_can_be_looked_up_and_stands_once():
    known = crisis_lines.KNOWN

    assert all(line.name and line.number and "." in line.source and line.as_of for line in known)
    assert len({line.country for line in known}) == len(known)


@pytest.mark.parametrize("language", words.languages())
def test_there_are_words_to_start_from_in_every_language(language):
    said = (*starting_words.we_can(language), *starting_words.we_cannot(language))

    assert len(set(said)) == 7
    assert all(said)
