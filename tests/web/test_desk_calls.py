"""The desk's page on calls: what a platform was not told, what to do about it, and nothing of anybody."""

from typing import get_args

import pytest

from companion import drawing
from companion.ports import CallDown
from companion.records import CallTask, TaskKind
from companion.service import call_tasks, call_troubles, organising
from companion.service.calling import CallLines
from tests.fakes.planner import with_planner
from tests.web.conftest import Browser, make_app
from tests.web.signing_in import signed_in


@pytest.fixture
def planner(world):
    return with_planner(world)


def fail(world, planner, trouble="refused", what="stop"):
    planner.trouble = CallDown("the reason in our own words", trouble)
    call_tasks.post(world.deps, what, "planner", world.session.id, "SECRET-REF-1")
    CallLines().round(world.deps)
    world.clock.turn(minutes=3)
    (line,) = call_troubles.unasked(world.deps)
    return line.task


def desk_of(world):
    return signed_in(Browser(make_app(world)), world)


@pytest.mark.parametrize("what", get_args(TaskKind))
@pytest.mark.parametrize("advice", get_args(call_troubles.Advice))
def test_every_kind_and_every_advice_has_a_sentence(what, advice):
    words = drawing.environment("en").get_template("desk/call_advice.html").module

    assert words.what_is_it(what).strip()
    assert words.what_to_do(advice).strip()


def test_what_a_platform_refused_is_listed_with_what_to_do_and_no_reference(world, planner):
    fail(world, planner)
    desk = desk_of(world)

    assert "Calls to look at: 1" in desk.open("/desk").words
    page = desk.open("/desk/calls")

    for words in ("This call may still be going on.", "The call service said no.", "the reason in our own words"):
        assert words in page.words
    assert "SECRET-REF" not in page.html


def test_nothing_to_look_at_is_said_and_not_pointed_at(world, planner):
    desk = desk_of(world)

    assert "Calls to look at:" not in desk.open("/desk").words
    assert "Every call is as it should be." in desk.open("/desk/calls").words


def test_it_is_asked_once_more_by_one_press(world, planner):
    task = fail(world, planner)
    desk = desk_of(world)
    desk.open("/desk/calls")

    page = desk.send(f"/desk/calls/{task.id}/again")
    assert "Every call is as it should be." in page.words
    planner.trouble = None
    CallLines().round(world.deps)

    assert (planner.times("stop"), world.store.shelf(CallTask).get(task.id).state) == (2, "done")


def test_what_was_done_by_hand_is_taken_off_the_list(world, planner):
    task = fail(world, planner)
    desk = desk_of(world)
    desk.open("/desk/calls")

    desk.send(f"/desk/calls/{task.id}/forget")

    assert world.store.shelf(CallTask).find() == []


def test_what_goes_on_by_itself_cannot_be_taken_off(world, planner):
    task = fail(world, planner, "down")
    desk = desk_of(world)

    page = desk.open("/desk/calls")
    desk.send(f"/desk/calls/{task.id}/forget")

    assert "We go on trying." in page.words
    assert "Take it off this list" not in page.words
    assert world.store.shelf(CallTask).get(task.id) is not None


def test_an_organiser_of_another_group_sees_nothing_of_it(world, planner):
    task = fail(world, planner)
    other = organising.add_group(world.deps, "Another circle")
    stranger = signed_in(Browser(make_app(world)), world, "kit", "organiser", group=other.id)

    assert "Calls to look at:" not in stranger.open("/desk").words
    assert "Every call is as it should be." in stranger.open("/desk/calls").words
    assert stranger.send(f"/desk/calls/{task.id}/again").status == 404
