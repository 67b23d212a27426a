"""Coming in by telephone or text: to the same seat, in her own words, and each thing once."""

from __future__ import annotations

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.records import LineCaller
from companion.service import (
    audit,
    call_refs,
    closing,
    inviting,
    line_pins,
    line_words,
    new_phones,
)
from companion.service.phone_line import Said
from tests.fakes.series import invite_for_all, open_date, weekly
from tests.fakes.world import a_world
from tests.service.by_line import Evening


def test_somebody_who_was_expected_waits_at_the_door_like_everyone(evening):
    said = evening.call(evening.digits)

    assert said == Said("wait", "en", "key")
    assert (evening.seat.state, evening.seat.takes_part, evening.seat.alias) == ("waiting", "phone", "Wren")
    assert evening.world.again(evening.wren).state == "used"
    assert "joined_by_line" in [one.what for one in audit.entries(evening.world.deps)]


def test_she_is_answered_in_her_own_language():
    evening = Evening(language="cy")

    assert evening.call(evening.digits) == Said("wait", "cy", "key")
    assert evening.call("2", 2) == Said("done", "cy", "key")


def test_a_platform_will_know_her_by_the_reference_of_her_seat(inside):
    wanted = call_refs.ref_of(inside.world.deps, inside.world.session.id, inside.at)

    assert inside.seat.caller == wanted


def test_whoever_is_in_by_her_page_presses_the_keys_of_the_same_seat(evening):
    evening.world.perform(c.Arrive(seat=evening.at, device="page", alias="Wren", takes_part="video"))
    evening.admit(evening.wren)

    assert evening.call(evening.digits).code == "thanks"
    evening.call("1", 2)

    assert (evening.seat.takes_part, len(evening.seat.devices), evening.stands()[0]) == ("video", 1, 1)


def test_a_page_that_comes_after_the_call_waits_for_a_facilitator(inside):
    inside.world.perform(c.Arrive(seat=inside.at, device="page", alias="Wren"))

    assert [device.state for device in inside.seat.devices] == ["in", "held"]


@pytest.mark.parametrize(("keep", "said"), [("both", "done"), ("old", "done"), ("new", "over")])
def test_a_call_that_a_facilitator_sends_away_presses_nothing_more(inside, keep, said):
    inside.world.perform(c.Arrive(seat=inside.at, device="page", alias="Wren"))
    inside.world.perform(c.SettleDevice(inside.at, "page", keep), by=inside.host.invite.seat_id)

    assert inside.call("2", 2).code == said


def test_a_new_phone_ends_what_came_by_the_older_one(inside):
    inside.text(inside.digits)
    new_phones.move(inside.world.deps, inside.wren.invite.id)

    assert (inside.call("2", 2).code, inside.text("2").code) == ("over", "number")
    assert inside.text(inside.digits).code == "thanks"


def test_a_seat_that_was_taken_while_the_database_went_away_is_counted_all_the_same(evening):
    class Falling:
        """A store that goes away as soon as the arrival is on disk."""

        def __getattr__(self, name):
            if name == "shelf" and evening.seat.state == "waiting":
                evening.world.store.down = True
            return getattr(evening.world.store, name)

    whole = evening.world.deps
    evening.world.deps = replace(whole, store=Falling())
    fell = evening.call(evening.digits)
    evening.world.store.down, evening.world.deps = False, whole

    assert (fell, evening.call(evening.digits).code) == (Said("not_sent", then="digits"), "wait")
    assert evening.world.again(evening.wren).state == "used"
    assert len(evening.seat.devices) == 1


def test_a_link_to_every_date_opens_the_line_too(evening):
    world = a_world()
    dates = weekly(world)
    wren = invite_for_all(world)
    open_date(world, dates[0])
    evening.world, evening.digits = world, line_pins.make(world.deps, wren.invite.person_id, "account x")

    assert evening.call(evening.digits).code == "wait"


def test_the_evening_of_another_group_is_not_hers(evening):
    other = a_world()
    other.open_doors()
    digits = line_pins.make(other.deps, other.person("Moss").id, "account x")
    evening.world = other

    assert evening.call(digits).code == "no"


def test_who_left_waits_at_the_door_again(inside):
    inside.world.perform(c.LeaveSession(), by=inside.at)

    assert inside.call("2", 2).code == "over"
    assert inside.call(inside.digits, call="two").code == "wait"


def test_who_was_taken_out_comes_in_no_more(inside):
    inside.world.perform(c.RemoveSeat(inside.at), by=inside.host.invite.seat_id)

    assert inside.call("2", 2).code == "over"
    assert inside.call(inside.digits, call="two").code == "no"
    assert inside.seat.state == "left"


def test_whose_invite_was_taken_back_presses_nothing_more(inside):
    inviting.revoke(inside.world.deps, inside.wren.invite.id)

    assert inside.call("2", 2).code == "over"
    assert inside.call(inside.digits, call="two").code == "no"


# Texts


def test_the_first_text_holds_the_digits_and_later_ones_a_word(evening):
    first = evening.text(f"{evening.digits[:3]} {evening.digits[3:6]}-{evening.digits[6:]}")
    evening.admit(evening.wren)
    answers = [evening.text(word).code for word in ("Speak.", " BREAK ", "3", "back")]

    assert first.code == "wait"
    assert answers == ["done"] * 4
    assert evening.stands() == (1, "few_minutes", None)


def test_her_own_language_and_its_digits_are_understood(monkeypatch):
    monkeypatch.setattr(line_words, "of", lambda language: {"2": "استراحة"} if language == "ar" else {"2": "break"})

    assert line_words.key_of("استراحة", "ar") == "2"
    assert line_words.key_of("Break!", "ar") == "2"
    assert line_words.key_of("٢", "ar") == "2"
    assert line_words.key_of("استراحة", "en") is None
    assert line_words.key_of("اسْتِراحة", "ar") == "2"  # with the vowels that are mostly left out
    assert [line_words.key_of(said, "ar") for said in ("", "²", "22", "4", "breaks")] == [None, "2", None, None, None]


def test_no_word_is_one_that_gateways_keep_for_themselves():
    kept = {"stop", "stopall", "end", "cancel", "quit", "unsubscribe", "revoke", "optout", "start", "yes", "unstop"}

    assert not kept & {word for language in ("en", "cy", "ur", "ar") for word in line_words.of(language).values()}


def test_another_number_is_nobodys_until_it_gives_digits(evening):
    evening.text(evening.digits)

    assert evening.text("2", number="+447700900555").code == "number"
    assert evening.stands() == (0, None, None)


def test_a_number_counts_for_this_evening_alone(evening):
    evening.text(evening.digits)
    evening.close()
    closing.destroy(evening.world.deps, evening.world.session.id)

    assert evening.text("2").code == "number"
    assert evening.text(evening.digits).code == "no"


def test_a_machine_that_answers_every_text_is_not_answered_for_ever(evening):
    answers = [evening.text("I am out of office.").code for _ in range(7)]

    assert answers == ["number"] * 5 + [""] * 2
    assert evening.text(evening.digits).code == "wait"


# Exactly once


@pytest.mark.parametrize("key", ["1", "2", "3", "0"])
def test_a_copy_of_a_key_has_no_second_effect_and_the_same_answer(inside, key):
    inside.call("1", 2)
    inside.call("2", 3)
    first = inside.call(key, 4)
    before = inside.world.live()

    assert inside.call(key, 4) == first
    assert inside.world.live() == before


def test_a_late_copy_of_a_key_that_changed_nothing_changes_nothing_either(inside):
    inside.call("2", 2)
    inside.call("2", 3)
    inside.call("0", 4)
    before = inside.world.live()

    inside.call("2", 2)
    inside.call("2", 3)

    assert inside.world.live() == before


def test_another_key_in_the_place_of_one_that_had_its_effect_is_refused(inside):
    inside.call("2", 2)

    assert inside.call("1", 2).code == "not_now"
    assert inside.stands() == (0, "few_minutes", None)


def test_a_copy_of_the_digits_brings_her_in_once(evening):
    first = evening.call(evening.digits)
    before = evening.world.live()

    assert evening.call(evening.digits) == first
    assert evening.world.live() == before
    assert len(evening.world.store.shelf(LineCaller).find()) == 1


def test_a_copy_of_a_text_counts_once(inside):
    inside.text(inside.digits)
    inside.text("2", once="SM-a")
    inside.text("0")
    inside.text("2", once="SM-a")

    assert inside.stands() == (0, None, None)


def test_while_the_database_is_away_nothing_is_called_done(inside):
    inside.world.store.down = True
    away = [inside.call("2", 2), inside.text("2"), inside.call(inside.digits, call="two")]
    inside.world.store.down = False

    assert [said.code for said in away] == ["not_sent"] * 3
    assert [said.then for said in away] == ["key", "key", "digits"]
    assert inside.stands() == (0, None, None)
    assert inside.call("2", 2).code == "done"


def test_once_the_session_is_over_a_call_ends(inside):
    inside.close()

    assert inside.call("2", 2) == Said("over", then="nothing")
    assert inside.call("", 3, keys=1) == Said("over", then="nothing")
