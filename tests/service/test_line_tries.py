"""Nothing is to be won by guessing digits, and nobody who is in is shut out by it."""

from __future__ import annotations

import logging

from companion.core.values import replace
from companion.records import LineTry
from companion.service import (
    closing,
    gathering,
    line_pins,
    line_tries,
)
from companion.service.line_pins import DIGITS
from companion.service.phone_line import Said
from tests.fakes.world import a_world
from tests.service.by_line import Evening, wrong


def test_a_wrong_number_an_evening_that_is_not_on_and_no_invite_sound_alike(evening):
    others = line_pins.make(evening.world.deps, evening.world.person("Moss").id, "account x")
    answers = [evening.call(wrong(evening.digits), call="two"), evening.call(others, call="three")]
    evening.close()
    answers.append(evening.call(evening.digits, call="four"))
    closing.destroy(evening.world.deps, evening.world.session.id)
    answers.append(evening.call(evening.digits, call="five"))

    assert answers == [Said("no", then="digits")] * 4


def test_before_the_doors_open_her_digits_do_nothing_and_count_as_no_guess():
    world = a_world()
    wren = world.invite("Wren")
    gathering.begin(world.deps, world.session.id)
    evening = Evening()
    evening.world, evening.wren = world, wren
    evening.digits = line_pins.make(world.deps, wren.invite.person_id, "account x")

    answers = [evening.call(evening.digits, call=str(number)).code for number in range(9)]

    assert answers == ["no"] * 9
    assert world.store.shelf(LineTry).find() == []


def test_a_call_has_three_tries(evening):
    answers = [evening.call(wrong(evening.digits, step), step).then for step in (1, 2, 3)]

    assert answers == ["digits", "digits", "nothing"]


def test_too_few_digits_and_silence_are_tries_of_a_call_too(evening):
    answers = [evening.call(said, step, keys=DIGITS) for step, said in ((1, ""), (2, "123"), (3, ""))]

    assert answers == [Said("number", then="digits"), Said("number", then="digits"), Said("no", then="nothing")]


def test_after_five_wrong_ones_a_number_is_not_weighed_for_an_hour(evening):
    for number in range(5):
        evening.call(wrong(evening.digits, number + 1), call=f"call {number}")
    shut = evening.call(evening.digits, call="right")
    elsewhere = evening.call(evening.digits, call="elsewhere", number="+442079460001")
    evening.world.clock.turn(hours=1)

    assert (shut.code, elsewhere.code) == ("no", "wait")
    assert evening.call(evening.digits, call="later").code == "wait"


def test_after_thirty_wrong_ones_the_line_takes_no_digits_and_who_is_in_goes_on(inside, caplog):
    caplog.set_level(logging.INFO)
    for number in range(30):
        inside.call(wrong(inside.digits, number + 1), call=f"call {number}", number=f"+4477009{number:05}")

    shut = inside.call(inside.digits, call="right", number="+442079460001")

    assert shut.code == "no"
    assert len(inside.world.store.shelf(LineTry).find()) == 30
    assert inside.call("2", 2).code == "done"
    assert "the line takes no new digits for a while" in caplog.text
    assert not any(secret in caplog.text for secret in (inside.digits, "7700", "2079460001"))


def test_a_copy_of_a_wrong_try_counts_once(evening):
    for _ in range(9):
        evening.call(wrong(evening.digits), 1)

    assert len(evening.world.store.shelf(LineTry).find()) == 1
    assert evening.call(evening.digits, 2).code == "wait"


def test_many_at_once_get_no_more_than_the_limit(evening):
    """Each has been written down by the time that any is weighed."""
    deps = evening.world.deps
    shelf = deps.store.shelf(LineTry)
    for number in range(line_tries.A_NUMBER):
        shelf.add(LineTry(f"on its way {number}", "caller", deps.clock()))

    assert line_tries.weigh(deps, "one more", "caller", evening.digits) is None
    assert len(shelf.find()) == line_tries.A_NUMBER


def test_a_wrong_number_and_a_right_one_ask_the_database_alike(evening):
    """One is found and taken back, the other is not found and costs as much."""
    asked = []

    class Counting:
        def __getattr__(self, name):
            asked[-1].append(name)
            return getattr(evening.world.store, name)

    moss = line_pins.make(evening.world.deps, evening.world.person("Moss").id, "account x")
    evening.world.deps = replace(evening.world.deps, store=Counting())
    for digits in (moss, wrong(moss)):
        asked.append([])
        assert evening.call(digits, call=digits).code == "no"

    right, none = asked
    assert abs(len(right) - len(none)) <= 1
