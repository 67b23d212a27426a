"""Telephone keys and texts: the same commands, once, the same privacy; and nothing to be won by guessing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.refusals import Refused
from companion.core.views import panel_for
from companion.ports import Heard, Waiting
from companion.records import Access, Invite, LineCaller, LinePin, LineTry
from companion.service import (
    audit,
    closing,
    erasing,
    exporting,
    gathering,
    inviting,
    line_pins,
    line_tries,
    line_words,
    new_phones,
    people,
    phone_line,
    retention,
)
from companion.service.guesses import Guesses
from companion.service.line_pins import DIGITS
from companion.service.phone_line import Said
from tests.fakes.series import invite_for_all, open_date, weekly
from tests.fakes.world import PlainKeys, a_world

HERS = "+447700900142"


class Evening:
    """An evening that is on, Wren who has digits, Ash who watches, and a line that hears."""

    def __init__(self, **more):
        self.world = a_world()
        self.host = self.world.open_doors()
        self.wren, self.ash = self.world.invite("Wren", **more), self.world.invite("Ash")
        self.world.perform(c.Arrive(seat=self.ash.invite.seat_id, device="of Ash", alias="Ash"))
        self.admit(self.ash)
        self.digits = line_pins.make(self.world.deps, self.wren.invite.person_id, "account x")
        self.guesses = Guesses()
        self.texts = 0

    @property
    def seat(self):
        return self.world.seat(self.wren)

    @property
    def at(self):
        return self.wren.invite.seat_id

    def admit(self, issued):
        self.world.perform(c.AdmitSeat(issued.invite.seat_id), by=self.host.invite.seat_id)

    def call(self, said, step=1, *, call="one", number=HERS, keys=None, silent=0):
        keys = (DIGITS if len(said) == DIGITS else 1) if keys is None else keys
        heard = Heard("call", f"call {call}", number, f"{call} {step}", said, Waiting(keys, step, silent))
        self.world.clock.turn(seconds=1)
        return phone_line.answer(self.world.deps, self.guesses, heard)

    def text(self, said, *, number=HERS, once=None):
        self.texts += 1
        heard = Heard("text", f"number {number}", number, once or f"SM{self.texts}", said, Waiting(0, 0))
        self.world.clock.turn(seconds=1)
        return phone_line.answer(self.world.deps, self.guesses, heard)

    def come_in(self):
        assert self.call(self.digits).code == "wait"
        self.admit(self.wren)

    def stands(self):
        """What of hers stands: her place, her signal, her ticket."""
        state = self.world.live()
        place = [place.seat for place in state.queue.line.places].count(self.at)
        signal, ticket = state.signal_of(self.at), state.ticket_of(self.at)
        return place, signal.strength if signal else None, ticket.kind if ticket else None

    def close(self):
        self.world.perform(c.StartSession(), by=self.host.invite.seat_id)
        self.world.perform(c.BeginEnding(), by=self.host.invite.seat_id)
        self.world.perform(c.CloseSession(confirmed=True), by=self.host.invite.seat_id)


@pytest.fixture
def evening():
    return Evening()


@pytest.fixture
def inside(evening):
    evening.come_in()
    return evening


def wrong(digits, by=1):
    return f"{(int(digits) + by) % 10**DIGITS:0{DIGITS}}"


# Her digits


def test_digits_are_nine_and_nobody_can_read_them_afterwards(evening):
    kept = evening.world.store.shelf(LinePin).find()

    assert (len(evening.digits), evening.digits.isdecimal()) == (9, True)
    assert line_pins.grouped("012345678") == "012 345 678"
    assert evening.digits not in repr(kept)
    assert audit.entries(evening.world.deps)[0].what == "made_line_pin"


def test_new_digits_end_the_older_ones_and_whoever_is_in_by_them(inside):
    newer = line_pins.make(inside.world.deps, inside.wren.invite.person_id, "account x")

    assert inside.call("2", 2) == Said("over", then="nothing")
    assert inside.call(inside.digits, call="two").code == "no"
    assert inside.call(newer, call="three").code == "thanks"


def test_digits_that_were_taken_away_open_nothing_and_end_what_they_opened(inside):
    line_pins.take_away(inside.world.deps, inside.wren.invite.person_id, "account x")
    line_pins.take_away(inside.world.deps, inside.wren.invite.person_id, "account x")

    assert inside.call("2", 2) == Said("over", then="nothing")
    assert inside.call(inside.digits, call="two").code == "no"
    assert [one.what for one in audit.entries(inside.world.deps)].count("took_line_pin") == 1


@pytest.mark.parametrize(("role", "reason"), [("facilitator", "not_yours_to_do"), ("tech_helper", "not_yours_to_do")])
def test_only_members_have_digits(evening, role, reason):
    somebody = evening.world.person("Kit", role)

    with pytest.raises(Refused, match=reason):
        line_pins.make(evening.world.deps, somebody.id, "account x")


def test_whoever_becomes_a_helper_has_no_digits_any_more(evening):
    people.change(evening.world.deps, evening.wren.invite.person_id, lambda her: replace(her, role="tech_helper"))

    assert line_pins.person_of(evening.world.deps, evening.digits) is None


def test_whoever_leaves_the_group_leaves_her_digits_too(inside):
    people.leave(inside.world.deps, inside.wren.invite.person_id)

    assert inside.world.store.shelf(LinePin).find() == []
    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.call("2", 2).code == "over"
    with pytest.raises(Refused, match="left_group"):
        line_pins.make(inside.world.deps, inside.wren.invite.person_id, "account x")


def test_erasing_leaves_neither_digits_nor_callers(inside):
    inside.text(inside.digits)

    erasing.erase(inside.world.deps, inside.wren.invite.person_id, "account x")

    assert inside.world.store.shelf(LinePin).find() == []
    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.call("2", 2).code == "over"


def test_her_copy_says_that_she_has_digits_and_not_which(inside):
    exported = exporting.export(inside.world.deps, inside.wren.invite.person_id, "account x")

    assert [sorted(one) for one in exported["linepin"]] == [["id", "made_at", "person_id"]]
    assert len(exported["linecaller"]) == 1
    assert HERS[1:] not in repr(exported)


def test_digits_from_before_a_rotation_go_on_and_are_then_kept_with_the_newer_key(evening):
    old = evening.world.deps.sealer
    rotated = PlainKeys(b"a newer secret ", *old.secrets)
    evening.world.deps = replace(evening.world.deps, sealer=rotated)

    assert evening.call(evening.digits).code == "wait"
    evening.world.deps = replace(evening.world.deps, sealer=PlainKeys(b"a newer secret "))
    assert evening.call(evening.digits, call="two").code == "wait"


# Coming in


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


# Keys


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


# Guessing


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


# What is left


def test_all_that_is_known_of_callers_goes_with_the_live_session(inside):
    inside.text(inside.digits)
    inside.call(wrong(inside.digits), call="two")
    inside.close()
    inside.world.clock.turn(hours=2)

    closing.destroy(inside.world.deps, inside.world.session.id)

    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.world.store.shelf(LineTry).find() == []
    assert len(inside.world.store.shelf(LinePin).find()) == 1


def test_retention_clears_away_what_a_crash_left(inside):
    inside.call(wrong(inside.digits), call="two")
    inside.world.clock.now += timedelta(days=2)

    retention.tidy(inside.world.deps)

    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.world.store.shelf(LineTry).find() == []


def test_no_number_no_call_and_no_digits_are_kept_or_logged(inside, caplog):
    caplog.set_level(logging.DEBUG)
    inside.text(inside.digits)
    inside.text("speak")
    inside.call(wrong(inside.digits), call="CA-secret", number="+442079460777")

    kept = [inside.world.store.shelf(kind).find() for kind in (LinePin, LineCaller, LineTry, Invite, Access)]
    everything = repr([kept, inside.world.store._live, inside.world.store._taps]) + caplog.text

    secrets = (HERS, HERS[3:], "2079460777", inside.digits, wrong(inside.digits), "CA-secret")
    assert [secret for secret in secrets if secret in everything] == []


# Privacy


class Frames:
    """Implements deps.Panels: what each seat was sent."""

    def __init__(self):
        self.sent = []

    def send(self, after, changes):
        self.sent += [(seat, dict(regions)) for seat, regions in changes.items()]


@pytest.mark.parametrize("key", ["2", "3", "0", "7", ""])
def test_another_member_is_sent_nothing_whatever_private_she_presses(inside, key):
    if key == "0":
        inside.call("2", 2)
    frames, ash = Frames(), inside.ash.invite.seat_id
    inside.world.deps = replace(inside.world.deps, panels=frames)
    before = panel_for(inside.world.live(), ash)

    inside.call(key, 3, keys=1)
    inside.text(inside.digits)
    inside.text("break")

    assert panel_for(inside.world.live(), ash) == before
    assert [seat for seat, _ in frames.sent if seat == ash] == []
    if key in ("2", "3"):
        assert {seat for seat, _ in frames.sent} == {inside.host.invite.seat_id, inside.at}


def test_another_member_is_sent_nothing_when_she_comes_to_the_door(evening):
    frames, ash = Frames(), evening.ash.invite.seat_id
    evening.world.deps = replace(evening.world.deps, panels=frames)
    before = panel_for(evening.world.live(), ash)

    evening.call(evening.digits)

    assert panel_for(evening.world.live(), ash) == before
    assert evening.host.invite.seat_id in {seat for seat, _ in frames.sent}
    assert ash not in {seat for seat, _ in frames.sent}
