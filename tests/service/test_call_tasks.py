"""Platform calls leave through an outbox: each once, in time, or listed; and nothing that people do waits for them."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.model import SYSTEM
from companion.core.values import replace
from companion.ports import CallDown, StoreDown
from companion.records import CallTask, HeldCall
from companion.service import call_tasks, call_troubles, calls, planned_calls, platforms, retention
from companion.service.calling import LEASE, CallLines
from companion.service.overdue import do_what_is_due
from companion.service.perform import perform
from tests.fakes.call_evening import Evening, pass_time, settle, tasks
from tests.fakes.dying import DyingStore
from tests.fakes.planner import FakeEnding, FakePlanner, account, on_platforms, with_planner
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
def ending(world):
    """A platform whose rooms can be ended."""
    on_platforms(world)
    made = FakeEnding()
    account(world, "ending", made)
    platforms.choose(world.deps, world.group.id, "ending")
    return made


@pytest.fixture
def evening(world):
    return Evening(world)


def test_closing_a_session_puts_everybody_out_of_its_planned_call(world, planner, evening, lines):
    settle(world, lines)

    evening.close()

    (meeting,) = planner.meetings.values()
    assert (planner.times("stop"), meeting.stopped) == (0, False), "no platform is asked inside a tap"
    lines.round(world.deps)
    assert (planner.times("stop"), meeting.stopped) == (1, True)


def test_a_call_is_stopped_even_if_the_platform_is_back_after_everything_was_destroyed(world, planner, evening, lines):
    settle(world, lines)
    planner.trouble = CallDown("it is away")
    evening.close()
    lines.round(world.deps)
    world.clock.turn(seconds=40)
    do_what_is_due(world.deps)
    assert (world.store.live(), world.store.shelf(HeldCall).find()) == ([], [])

    planner.trouble = None
    pass_time(world, lines, 90)

    (meeting,) = planner.meetings.values()
    assert meeting.stopped


def test_closing_ends_the_room_of_the_group_and_those_of_two(world, ending, evening, lines):
    request = evening.talk()

    evening.close()
    lines.round(world.deps)

    rooms = {calls.room_of(world.deps, world.session, one).ref for one in ("", request)}
    assert (set(ending.ended), len(ending.ended)) == (rooms, 2)


def test_a_one_to_one_that_is_over_ends_its_room_alone_and_leaves_no_row(world, ending, evening, lines):
    request = evening.talk()
    assert tasks(world) == []

    evening.do(c.FinishBreakout(), "Wren")

    assert ending.ended == [], "no platform is asked inside a tap"
    (task,) = tasks(world)
    assert (task.what, request in task.id) == ("end", False)
    lines.round(world.deps)
    assert ending.ended == [calls.room_of(world.deps, world.session, request).ref]
    assert tasks(world) == []


def test_the_log_does_not_tell_that_two_people_have_talked(world, ending, evening, lines, caplog):
    caplog.set_level(logging.DEBUG)
    evening.talk()
    ending.trouble = CallDown("it is away")
    evening.do(c.FinishBreakout(), "Wren")
    lines.round(world.deps)

    assert tasks(world)[0].attempts == 1
    assert [record.getMessage() for record in caplog.records if record.name == "companion.calling"] == []


def test_a_platform_that_ends_nothing_is_asked_nothing(world, evening, lines):
    evening.talk()
    evening.close()

    assert (tasks(world), lines.round(world.deps)) == ([], 0)


def test_a_database_that_goes_away_after_the_commit_loses_no_end(world, ending, evening, lines):
    request = evening.talk()
    deps = replace(world.deps, store=Forgetful(world.store))

    perform(deps, world.session.id, c.FinishBreakout(), by=evening.seats["Wren"])
    assert tasks(world) == []
    deps.store.down = False
    do_what_is_due(deps)

    lines.round(world.deps)
    assert ending.ended == [calls.room_of(world.deps, world.session, request).ref]


class Forgetful:
    """A store whose tasks cannot be kept for a while."""

    def __init__(self, store):
        self.store, self.down = store, True

    def __getattr__(self, name):
        return getattr(self.store, name)

    def shelf(self, kind):
        if kind is CallTask and self.down:
            raise StoreDown("the test said so")
        return self.store.shelf(kind)


def test_posting_the_same_twice_asks_once(world, planner, lines):
    assert [call_tasks.post(world.deps, "stop", "planner", "evening", "1") for _ in range(2)] == [True, False]
    assert call_tasks.post(world.deps, "stop", "planner", "evening", "2")

    lines.round(world.deps)

    assert planner.times("stop") == 2
    assert [(one.state, one.argument) for one in tasks(world)] == [("done", "")] * 2


def test_four_nodes_at_once_ask_each_thing_once(world, planner):
    for number in range(30):
        call_tasks.post(world.deps, "stop", "planner", "evening", str(number))

    with ThreadPoolExecutor(4) as pool:
        done = sum(
            pool.map(lambda node: node.round(world.deps) + node.round(world.deps), [CallLines() for _ in "abcd"])
        )

    assert (done, planner.times("stop")) == (30, 30)


@pytest.mark.parametrize("after", range(3))
def test_what_died_between_asking_and_writing_it_down_is_asked_again_later(world, planner, lines, after):
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    with pytest.raises(KeyboardInterrupt):
        CallLines().round(replace(world.deps, store=DyingStore(world.store, after, CallTask)))
        raise KeyboardInterrupt  # nothing was left to die of

    lines.round(world.deps)
    before = planner.times("stop")
    world.clock.turn(seconds=LEASE.total_seconds())
    lines.round(world.deps)

    assert [one.state for one in tasks(world)] == ["done"]
    assert (before, planner.times("stop")) == {0: (1, 1), 1: (1, 2), 2: (1, 1)}[after]


def test_one_platform_that_never_answers_holds_up_no_other(world, planner):
    away, stuck, answer = FakePlanner(), threading.Event(), threading.Event()
    done = threading.Event()

    def hang(what):
        stuck.set()
        answer.wait(20)

    away.after, planner.after = hang, lambda what: done.set()
    account(world, "away", away)
    node = CallLines()
    call_tasks.post(world.deps, "stop", "away", world.session.id, "1")
    node.begin(world.deps)
    assert stuck.wait(20)

    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    node.begin(world.deps)
    node.begin(world.deps)

    assert done.wait(20), "the other platform was asked while this one hangs"
    assert away.times("stop") == 1, "and this one is not asked a second time meanwhile"
    answer.set()


def test_a_platform_that_is_away_is_asked_once_in_some_seconds_however_much_waits(world, planner, lines):
    planner.trouble = CallDown("it is away")
    for number in range(30):
        call_tasks.post(world.deps, "stop", "planner", world.session.id, str(number))

    pass_time(world, lines, 60)

    assert 5 <= planner.times("stop") <= 13


def test_pauses_are_short_while_people_wait_and_long_for_next_week(world, planner, lines):
    planner.trouble = CallDown("it is away")
    world.session = replace(world.session, starts_at=world.clock() + timedelta(days=5))
    world.store.save_session(world.session)
    call_tasks.post(world.deps, "make", "planner", world.session.id)
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")

    asked = {"make": [], "stop": []}
    began = world.clock()
    for _ in range(30 * 60):
        before = len(planner.asked)
        lines.round(world.deps)
        for what, _ in planner.asked[before:]:
            asked.get(what, []).append((world.clock() - began).total_seconds())
        world.clock.turn(seconds=1)

    assert len(asked["make"]) <= 4
    assert 25 <= len(asked["stop"]) <= 35
    assert max(later - earlier for earlier, later in zip(asked["stop"], asked["stop"][1:], strict=False)) <= 82


def test_a_platform_that_says_when_is_not_asked_before(world, planner, lines):
    until = world.clock() + timedelta(minutes=7)
    planner.trouble = CallDown("slower, please", "throttled", retry_at=until)
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")

    pass_time(world, lines, 6 * 60)
    assert planner.times("stop") == 1

    planner.trouble = None
    pass_time(world, lines, 62)
    assert planner.times("stop") == 2
    assert [one.state for one in tasks(world, what="stop")] == ["done"]


def test_one_kind_that_is_throttled_holds_up_no_other_kind(world, planner, lines):
    planner.trouble = CallDown("slower, please", "throttled", retry_at=world.clock() + timedelta(hours=5))
    call_tasks.post(world.deps, "change", "planner", world.session.id)
    planned_calls.mind(world.deps)
    lines.round(world.deps)
    planner.trouble = None

    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    lines.round(world.deps)

    assert planner.times("stop") == 1


def test_a_key_that_is_not_accepted_stays_listed_until_somebody_mends_it(world, planner, lines):
    planner.trouble = CallDown("it does not accept our key", "credentials")
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    pass_time(world, lines, 10 * 60, 5)

    (line,) = [one for one in call_troubles.unasked(world.deps) if one.task.what == "stop"]
    assert (line.advice, line.failed, planner.times("stop") <= 2) == ("credentials", False, True)
    pass_time(world, lines, 3 * 24 * 3600, 300)
    (line,) = [one for one in call_troubles.unasked(world.deps) if one.task.what == "stop"]
    assert (line.advice, line.failed) == ("credentials", True)

    planner.trouble = None
    call_troubles.try_again(world.deps, line.task.id)
    lines.round(world.deps)
    assert [one.state for one in tasks(world, what="stop")] == ["done"]
    assert [one for one in call_troubles.unasked(world.deps) if one.task.what == "stop"] == []


def test_it_is_given_up_a_day_after_the_session_and_listed(world, planner, lines):
    planner.trouble = CallDown("it is away")
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")

    pass_time(world, lines, 25 * 3600, 60)
    assert [one.state for one in tasks(world, what="stop")] == ["waiting"]
    pass_time(world, lines, 3 * 3600, 60)
    (line,) = [one for one in call_troubles.unasked(world.deps) if one.task.what == "stop"]

    assert (line.advice, line.task.problem) == ("given_up", "it is away")
    call_troubles.forget(world.deps, line.task.id)
    assert tasks(world, what="stop") == []


def test_what_a_platform_refuses_waits_for_a_person(world, planner, lines):
    planner.trouble = CallDown("it said no", "refused")
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")

    pass_time(world, lines, 600, 10)

    (line,) = [one for one in call_troubles.unasked(world.deps) if one.task.what == "stop"]
    assert (line.advice, planner.times("stop")) == ("refused", 1)


def test_a_mistake_of_our_own_is_tried_again_and_holds_up_nothing(world, planner, lines):
    def broken(what):
        raise ZeroDivisionError

    planner.after = broken
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    lines.round(world.deps)
    planner.after = lambda what: None

    pass_time(world, lines, 30)

    assert [one.state for one in tasks(world, what="stop")] == ["done"]


def test_an_end_in_the_middle_of_a_session_is_nobodys_business(world, ending, evening, lines):
    ending.trouble = CallDown("it is away")
    evening.talk()
    evening.do(c.FinishBreakout(), "Wren")
    pass_time(world, lines, 600, 10)

    assert call_troubles.unasked(world.deps) == ()
    evening.close()
    pass_time(world, lines, 600, 10)
    (line,) = call_troubles.unasked(world.deps)
    assert (line.task.what, line.advice) == ("end", "down"), "one line for all rooms: their number tells nothing"


def test_old_tasks_and_calls_are_removed(world, planner, lines):
    settle(world, lines)
    call_tasks.post(world.deps, "stop", "planner", world.session.id, "1")
    lines.round(world.deps)
    world.clock.turn(days=1)
    settle(world, lines)

    world.clock.turn(days=30)
    retention.tidy(world.deps)

    assert (tasks(world), world.store.shelf(HeldCall).find()) == ([], [])


def test_ten_minutes_without_a_platform_delay_nobody_and_lose_nothing(world, planner, evening, lines):
    settle(world, lines)
    ash = world.invite("Ash")
    planner.trouble = CallDown("it is away")
    asked_in_taps = []

    for minute in range(10):
        before = len(planner.asked)
        evening.do(c.RaiseBreakSignal("few_minutes") if minute % 2 else c.RequestTurn(), "Wren")
        if minute == 3:
            evening.do(c.Arrive(seat=ash.invite.seat_id, device="ash-device", alias="Ash"), SYSTEM)
            planned_calls.arrived(world.deps, world.session.id, ash.invite.seat_id)
        asked_in_taps.append(len(planner.asked) - before)
        assert evening.call("Wren"), "whoever has a place has it still"
        pass_time(world, lines, 60)

    assert asked_in_taps == [0] * 10
    assert 5 <= planner.times("register") - 3 <= 12
    evening.close()
    planner.trouble = None
    pass_time(world, lines, 20)
    (meeting,) = planner.meetings.values()
    assert (meeting.stopped, planner.times("make")) == (True, 1)
    left = [one for one in tasks(world) if one.state != "done"]
    assert [one.what for one in left] in ([], ["register"])
    world.clock.turn(seconds=40)
    do_what_is_due(world.deps)
    assert ([one for one in tasks(world) if one.state != "done"], call_troubles.unasked(world.deps)) == ([], ())
