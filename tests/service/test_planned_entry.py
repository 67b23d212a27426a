"""The way into a planned call: a place for each person, there before she presses, and one however often she does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import CallDown
from companion.records import CallPlace, HeldCall
from companion.service import arriving, call_tasks, calls, erasing, planned_calls
from companion.service.call_refs import plan_of
from companion.service.calling import CallLines
from tests.fakes.call_evening import Evening, settle, tasks
from tests.fakes.planner import with_planner
from tests.fakes.world import a_world


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def lines():
    return CallLines()


@pytest.fixture
def planner(world):
    return with_planner(world)


@pytest.fixture
def evening(world):
    return Evening(world)


def test_everybody_has_a_place_before_she_presses_and_the_platform_may_then_be_away(world, planner, evening, lines):
    settle(world, lines)
    assert planner.times("register") == 3, "the call was made after they had come"
    planner.trouble = CallDown("it is away")

    ways = {alias: evening.call(alias) for alias in ("Wren", "Noor", "Sol")}

    assert len(set(ways.values())) == 3
    assert {url.rpartition("/")[2] for url in ways.values()} == {
        calls.ref_of(world.deps, world.session.id, seat) for seat in evening.seats.values()
    }


def test_somebody_who_comes_later_gets_hers_too(world, planner, evening, lines):
    settle(world, lines)
    ash = world.invite("Ash")
    access = world.enter(ash)
    for step in arriving.STEPS:
        access = arriving.finish_step(world.deps, access, step, alias="Ash")

    arriving.take_seat(world.deps, access)

    assert planner.times("register") == 3
    lines.round(world.deps)
    assert planner.times("register") == 4
    assert tasks(world, what="register") == [], "a place that is kept leaves no other row"


def test_the_facilitator_begins_the_call_and_has_her_own_place_once_it_is_begun(world, planner, evening, lines):
    settle(world, lines)
    (meeting,) = planner.meetings.values()

    assert evening.call("Sol") == f"https://planner.invalid/{meeting.ref}/host"
    meeting.begun = True
    assert (
        evening.call("Sol")
        == f"https://planner.invalid/{meeting.ref}/{calls.ref_of(world.deps, world.session.id, evening.seats['Sol'])}"
    )
    assert (evening.call("Wren") != evening.call("Noor"), "host" in evening.call("Noor")) == (True, False)


def test_a_double_press_registers_once(world, planner, evening, lines):
    planned_calls.mind(world.deps)
    world.store.shelf(HeldCall).change(
        world.session.id,
        lambda one: replace(one, state="made", ref=planner.make(plan_of(world.deps, world.session), world.clock())),
    )

    with ThreadPoolExecutor(8) as pool:
        ways = set(pool.map(lambda _: evening.call("Wren"), range(8)))

    assert (len(ways), planner.times("register")) == (1, 1)


def test_a_call_that_is_not_made_yet_is_said_calmly_and_made_soon(world, planner, evening, lines):
    with pytest.raises(Refused, match="call_away"):
        evening.call("Wren")
    assert planner.asked == [], "nobody waits for it"

    lines.round(world.deps)
    assert evening.call("Wren").startswith("https://planner.invalid/")


def test_a_call_that_somebody_removed_at_the_platform_is_made_anew(world, planner, evening, lines):
    settle(world, lines)
    before = evening.call("Wren")
    planner.meetings.clear()

    with pytest.raises(Refused, match="call_away"):
        evening.call("Sol")
    settle(world, lines)

    assert evening.call("Wren") not in ("", before)
    assert evening.call("Sol").endswith("/host")


def test_nobody_is_added_a_fourth_time_on_one_day(world, planner, evening, lines):
    for _ in range(3):
        settle(world, lines)
        evening.call("Wren")
        planner.meetings.clear()
        with pytest.raises(Refused):
            evening.call("Sol")
    settle(world, lines)
    before = planner.times("register")

    with pytest.raises(Refused, match="call_away"):
        evening.call("Wren")

    assert planner.times("register") == before
    assert evening.call("Sol").endswith("/host")


def test_two_on_a_planned_platform_meet_where_groups_without_an_account_do(world, planner, evening, lines):
    request = evening.talk()
    ref = calls.room_of(world.deps, world.session, request).ref

    ways = [calls.into_my_room(world.deps, evening.access[alias]) for alias in ("Wren", "Noor")]

    assert [ref in way.url and "jitsi" in way.url for way in ways] == [True, True]
    assert planner.asked == []


def test_erasing_somebody_takes_her_place_with_her(world, planner, evening, lines):
    settle(world, lines)
    person = evening.issued["Wren"].invite.person_id
    call_tasks.post(world.deps, "register", "planner", world.session.id, evening.seats["Wren"])

    erasing.erase(world.deps, person, "Sol")

    assert evening.seats["Wren"] not in [one.seat_id for one in world.store.shelf(CallPlace).find()]
    assert tasks(world, what="register") == []


def test_an_address_that_comes_after_the_end_is_not_kept(world, planner, evening, lines):
    planned_calls.mind(world.deps)
    lines.round(world.deps)
    world.store.shelf(CallPlace).remove(session_id=world.session.id)
    planner.after = lambda what: world.store.destroy(world.session.id)

    with pytest.raises(Refused, match="session_closed"):
        evening.call("Wren")

    assert world.store.shelf(CallPlace).find() == []
