"""What is planned at platforms follows the diary: made, moved, cancelled, each once, whatever crashes in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.ports import CallDown
from companion.records import CallPlace, CallTask, HeldCall
from companion.service import closing, moving, organising, planned_calls, platforms
from companion.service.call_refs import room_of
from companion.service.calling import CallLines
from companion.service.date_tasks import mind_dates
from tests.fakes.dying import DyingStore
from tests.fakes.planner import FakePlanner, account, with_planner
from tests.fakes.world import START, a_world


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def planner(world):
    return with_planner(world)


@pytest.fixture
def lines():
    return CallLines()


def later(world, **time):
    return organising.add_session(world.deps, world.group.id, world.clock() + timedelta(**time))


def settle(world, lines):
    """Look and ask until nothing is left to do now."""
    while planned_calls.mind(world.deps) + lines.round(world.deps):
        pass


def held(world, session):
    return world.store.shelf(HeldCall).get(session.id)


def test_dates_of_the_next_week_are_planned_once_and_later_ones_are_not(world, planner, lines):
    soon, far = later(world, days=6), later(world, days=8)

    for _ in range(3):
        mind_dates(world.deps)
        lines.round(world.deps)

    keys = {one.plan.key: one.plan.starts_at for one in planner.meetings.values()}
    assert keys == {room_of(world.deps, one).ref: one.starts_at for one in (world.session, soon)}
    assert (planner.times("make"), held(world, far)) == (2, None)
    kept = held(world, soon)
    assert (kept.state, planner.meetings[kept.ref].plan.starts_at) == ("made", soon.starts_at)


def test_a_date_that_comes_nearer_is_planned_then(world, planner, lines):
    far = later(world, days=8)
    settle(world, lines)

    world.clock.turn(days=2)
    settle(world, lines)

    assert held(world, far).state == "made"


def test_no_call_is_planned_where_the_platform_plans_none(world, lines):
    assert (planned_calls.mind(world.deps), world.store.shelf(HeldCall).find()) == (0, [])


def test_a_date_that_is_over_or_closed_is_not_planned(world, planner, lines):
    world.clock.turn(days=1)
    settle(world, lines)

    assert planner.asked == []


def test_a_moved_date_is_moved_there_and_back_again(world, planner, lines):
    date = later(world, days=3)
    settle(world, lines)
    ref = held(world, date).ref

    for step, days in enumerate((4, 3, 20)):
        moving.move(world.deps, date.id, START + timedelta(days=days), 60, step, "Sol")
        settle(world, lines)
        assert planner.meetings[ref].plan.starts_at == START + timedelta(days=days)

    assert (planner.times("change"), held(world, date).minutes) == (3, 60)


def test_a_date_moved_while_the_platform_is_told_ends_where_it_was_moved_last(world, planner, lines):
    date = later(world, days=3)
    settle(world, lines)
    moving.move(world.deps, date.id, START + timedelta(days=4), 90, 0, "Sol")

    def meanwhile(what):
        planner.after = lambda again: None
        moving.move(world.deps, date.id, START + timedelta(days=5), 90, 1, "Sol")

    planner.after = meanwhile
    settle(world, lines)

    (moved,) = [one for one in planner.meetings.values() if one.ref == held(world, date).ref]
    assert moved.plan.starts_at == START + timedelta(days=5) == held(world, date).starts_at


def test_a_cancelled_date_is_cancelled_there(world, planner, lines):
    date = later(world, days=3)
    settle(world, lines)
    ref = held(world, date).ref

    moving.cancel(world.deps, date.id, 0, "Sol")
    settle(world, lines)

    assert (planner.gone, held(world, date).state) == ([ref], "gone")
    settle(world, lines)
    assert planner.times("cancel") == 1


def test_a_date_cancelled_before_it_was_made_is_never_made(world, planner, lines):
    date = later(world, days=3)
    planned_calls.mind(world.deps)
    moving.cancel(world.deps, date.id, 0, "Sol")

    settle(world, lines)

    assert [one.plan.key for one in planner.meetings.values()] == [room_of(world.deps, world.session).ref]


def test_what_was_made_unheard_and_then_cancelled_is_found_and_cancelled(world, planner, lines):
    date = later(world, days=3)
    planner.after = lambda what: lost_answer()
    turn_until(world, lines, lambda: len(planner.meetings) == 2)
    assert held(world, date).state == "wanted"
    planner.after = lambda what: None
    moving.cancel(world.deps, date.id, 0, "Sol")

    turn_until(world, lines, lambda: planner.times("cancel"))

    assert [one.plan.key for one in planner.meetings.values()] == [room_of(world.deps, world.session).ref]


def test_a_group_that_changes_its_platform_has_its_calls_there_alone(world, planner, lines):
    settle(world, lines)
    other = FakePlanner()
    account(world, "other", other)

    platforms.choose(world.deps, world.group.id, "other")
    settle(world, lines)

    assert (planner.meetings, len(other.meetings)) == ({}, 1)
    assert held(world, world.session).platform_id == "other"

    platforms.choose(world.deps, world.group.id, "planner")
    settle(world, lines)
    assert (other.meetings, len(planner.meetings), held(world, world.session).state) == ({}, 1, "made")


def test_a_group_that_comes_back_at_once_keeps_the_call_that_was_to_go(world, planner, lines):
    settle(world, lines)
    ref = held(world, world.session).ref
    for platform in ("", "planner"):
        platforms.choose(world.deps, world.group.id, platform)
        planned_calls.mind(world.deps)
        planned_calls.mind(world.deps)

    settle(world, lines)
    world.clock.turn(minutes=2)
    settle(world, lines)

    assert (list(planner.meetings), held(world, world.session).ref) == ([ref], ref)


def test_an_account_that_is_taken_away_leaves_a_line_about_what_is_still_there(world, planner, lines):
    settle(world, lines)

    platforms.remove(world.deps, "planner")
    settle(world, lines)

    (task,) = world.store.shelf(CallTask).find(what="cancel")
    assert (task.state, task.trouble, task.problem) == ("failed", "refused", "this account was taken away")


@pytest.mark.parametrize("after", range(8))
def test_a_crash_at_any_moment_loses_nothing_and_doubles_nothing(world, planner, lines, after):
    dying = replace(world.deps, store=DyingStore(world.store, after, HeldCall, CallTask))
    try:
        planned_calls.mind(dying)
        CallLines().round(dying)
    except KeyboardInterrupt:
        pass

    turn_until(world, lines, lambda: held(world, world.session) and held(world, world.session).state == "made")

    assert list(planner.meetings) == [held(world, world.session).ref]


@pytest.mark.parametrize("after", range(6))
def test_a_crash_while_a_date_is_cancelled_leaves_no_call_behind(world, planner, lines, after):
    date = later(world, days=3)
    settle(world, lines)
    moving.cancel(world.deps, date.id, 0, "Sol")
    dying = replace(world.deps, store=DyingStore(world.store, after, HeldCall, CallTask, CallPlace))
    try:
        planned_calls.mind(dying)
        CallLines().round(dying)
    except KeyboardInterrupt:
        pass

    turn_until(world, lines, lambda: len(planner.meetings) == 1)

    assert held(world, date).state == "gone"


def test_a_call_that_the_platform_lost_is_made_anew(world, planner, lines):
    date = later(world, days=3)
    settle(world, lines)
    lost = held(world, date).ref
    del planner.meetings[lost]
    moving.move(world.deps, date.id, START + timedelta(days=4), 90, 0, "Sol")

    settle(world, lines)

    now = held(world, date)
    assert (now.state, now.ref == lost, planner.meetings[now.ref].plan.starts_at) == ("made", False, now.starts_at)


def test_one_round_changes_only_so_much(world, planner, lines):
    for number in range(60):
        later(world, days=1, minutes=number)

    assert [planned_calls.mind(world.deps) for _ in range(3)] == [50, 11, 0]


def test_two_nodes_at_once_plan_each_date_once(world, planner):
    for number in range(10):
        later(world, days=1, hours=number)
    nodes = [CallLines() for _ in range(4)]

    def work(node):
        for _ in range(10):
            planned_calls.mind(world.deps)
            node.round(world.deps)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, nodes))

    assert (planner.times("make"), len(planner.meetings)) == (11, 11)


def test_nothing_of_it_outlives_the_live_data(world, planner, lines):
    settle(world, lines)
    sol = world.open_doors()
    world.perform(c.StartSession(), by=sol.invite.seat_id)
    settle(world, lines)
    planned_calls.arrived(world.deps, world.session.id, sol.invite.seat_id)
    settle(world, lines)
    assert len(world.store.shelf(CallPlace).find()) == 1

    closing.destroy(world.deps, world.session.id)

    assert (world.store.shelf(CallPlace).find(), world.store.shelf(HeldCall).find()) == ([], [])
    assert world.store.shelf(CallTask).find(what="register") == []


def lost_answer():
    raise CallDown("the answer was lost")


def turn_until(world, lines, met):
    """Let time pass, by little, as it does."""
    for _ in range(200):
        planned_calls.mind(world.deps)
        lines.round(world.deps)
        if met():
            return
        world.clock.turn(seconds=30)
    raise AssertionError("it never came")
