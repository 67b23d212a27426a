"""Four keys: the same commands, what is taken back, and what is let be."""

from __future__ import annotations

import pytest

from companion.core import commands as c
from companion.service.phone_line import Said


@pytest.mark.parametrize(
    ("key", "stands"),
    [("1", (1, None, None)), ("2", (0, "few_minutes", None)), ("3", (0, None, "something_else"))],
)
def test_each_key_is_one_command_and_pressed_again_quietly_the_same(inside, key, stands):
    first = inside.call(key, 2)
    once = inside.world.live()
    again = inside.call(key, 3)

    assert (first.code, again.code) == ("done", "done")
    assert inside.stands() == stands
    assert inside.world.live() == once


def test_at_the_door_help_is_about_getting_in_and_speaking_has_to_wait(evening):
    evening.call(evening.digits)

    assert [evening.call(key, step).code for step, key in enumerate("1230", 2)] == ["wait", "done", "done", "done"]
    assert evening.stands() == (0, "few_minutes", None)


def test_nought_takes_back_the_last_that_stands_and_then_the_one_before(inside):
    for step, key in enumerate("123", 2):
        inside.call(key, step)

    left = []
    for step in range(5, 9):
        assert inside.call("0", step).code == "done"
        left.append(inside.stands())

    assert left == [(1, "few_minutes", None), (1, None, None), (0, None, None), (0, None, None)]


def test_back_from_a_break_she_keeps_her_place_in_the_line(inside):
    for step, key in enumerate("120", 2):
        inside.call(key, step)

    assert inside.stands() == (1, None, None)


def test_what_a_facilitator_has_settled_is_not_taken_back_again(inside):
    inside.call("1", 2)
    inside.call("2", 3)
    inside.world.perform(c.SettleBreakSignalFor(inside.at), by=inside.host.invite.seat_id)

    inside.call("0", 4)

    assert inside.stands() == (0, None, None)


def test_a_place_that_somebody_else_gave_her_is_not_hers_to_take_back(inside):
    inside.world.perform(c.StartSession(), by=inside.host.invite.seat_id)
    inside.world.perform(c.SetQueueMode("go_round"), by=inside.host.invite.seat_id)

    assert inside.call("0", 2).code == "done"
    assert inside.stands()[0] == 1


def test_a_key_never_weakens_what_she_said_on_her_page(inside):
    inside.world.perform(c.RaiseBreakSignal("cannot_talk"), by=inside.at)
    inside.world.perform(c.OpenTicket("cannot_hear"), by=inside.at)

    inside.call("2", 2)
    inside.call("3", 3)

    assert inside.stands() == (0, "cannot_talk", "cannot_hear")


def test_pressed_again_after_an_answer_that_she_could_not_see_it_is_new(inside):
    inside.call("2", 2)
    inside.world.perform(c.AnswerBreakSignal(inside.at, "here_for_you"), by=inside.host.invite.seat_id)
    inside.call("2", 3)

    assert inside.world.live().signal_of(inside.at).state == "raised"


def test_what_cannot_be_done_now_is_said_calmly_and_changes_nothing(inside):
    inside.world.perform(c.SetAsking("paused"), by=inside.host.invite.seat_id)

    assert inside.call("1", 2) == Said("not_now", "en", "key")
    assert inside.stands() == (0, None, None)


@pytest.mark.parametrize("said", ["4", "9", "*", "#", "12", "stop it"])
def test_another_key_is_asked_for_again(inside, said):
    before = inside.world.live()

    assert inside.call(said, 2, keys=1) == Said("keys", "en", "key")
    assert inside.world.live() == before


def test_silence_is_no_key_and_after_an_hour_of_it_the_call_ends(inside):
    before = inside.world.live()

    assert inside.call("", 2, keys=1) == Said("", "en", "key")
    assert inside.call("", 62, keys=1, silent=60) == Said("", "en", "nothing")
    assert inside.world.live() == before
