"""Messages become commands or are refused, each bad one with its own reason, as JSON and as a plain form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.fields import fields_of
from companion.core.parsing import ALL_COMMANDS, COMMANDS, INNER_COMMANDS, parse, wire_name
from companion.core.refusals import REASONS, Refused
from companion.core.values import NO_DEFAULT

both = pytest.mark.parametrize("from_form", [False, True], ids=["json", "form"])
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def reason(name, given_fields, from_form=False):
    with pytest.raises(Refused) as no:
        parse(name, given_fields, from_form=from_form)
    return no.value.reason


class TestNames:
    def test_a_command_is_called_by_its_class_in_snake_case(self):
        assert wire_name(c.RequestTurn) == "request_turn"
        assert parse("withdraw_turn", {}) == c.WithdrawTurn()

    def test_every_command_is_known_by_one_name(self):
        assert set(COMMANDS.values()) | INNER_COMMANDS == set(ALL_COMMANDS)
        assert len(COMMANDS) == len(ALL_COMMANDS) - len(INNER_COMMANDS)

    @both
    @pytest.mark.parametrize("name", ["", "RequestTurn", "request_turn ", "command", "__class__", "nothing"])
    def test_any_other_name_is_unknown(self, name, from_form):
        assert reason(name, {}, from_form) == "unknown_command"

    @pytest.mark.parametrize("name", [None, 1, True, ["request_turn"], {"name": "request_turn"}], ids=repr)
    def test_a_name_that_is_no_text_is_unknown(self, name):
        assert reason(name, {}) == "unknown_command"

    @both
    @pytest.mark.parametrize("command", sorted(INNER_COMMANDS, key=wire_name), ids=wire_name)
    def test_what_only_the_service_asks_for_cannot_be_sent(self, command, from_form):
        assert reason(wire_name(command), {}, from_form) == "unknown_command"

    def test_all_that_connections_and_the_clock_ask_for_is_inner(self):
        assert {command.__name__ for command in INNER_COMMANDS} == {
            "ExpectSeat",
            "NotePlan",
            "Arrive",
            "KnockByVoice",
            "OpenTicketAtDoor",
            "NoteWrongPasscode",
            "ForgetDevices",
            "NoticeCaller",
            "NoticeDrop",
            "NoticeReturn",
            "ForgetSeat",
            "LetTimePass",
        }


class TestFields:
    @both
    def test_an_unknown_field_is_refused(self, from_form):
        assert reason("withdraw_turn", {"seat": "wren"}, from_form) == "unknown_field"
        assert reason("request_turn", {"by": "sol"}, from_form) == "unknown_field"

    @both
    def test_a_needed_field_is_needed(self, from_form):
        assert reason("see_break_signal", {}, from_form) == "missing_field"
        assert reason("add_phone_seat", {"alias": ""}, from_form) == "missing_field"
        assert reason("raise_break_signal", {"minutes": None}, from_form) == "missing_field"

    def test_null_is_the_same_as_not_given(self):
        assert parse("request_turn", {"reply": None, "note": None}) == c.RequestTurn()
        assert reason("see_break_signal", {"seat": None}) == "missing_field"

    @pytest.mark.parametrize("given_fields", [None, [], "seat=wren", 1, {1: "wren"}], ids=repr)
    def test_what_is_no_set_of_fields_is_malformed(self, given_fields):
        assert reason("withdraw_turn", given_fields) == "malformed"

    @pytest.mark.parametrize(
        ("name", "given_fields"),
        [
            ("see_break_signal", {"seat": 1}),
            ("see_break_signal", {"seat": ["wren"]}),
            ("request_turn", {"note": 1}),
            ("request_turn", {"note": {"a": 1}}),
            ("request_turn", {"reply": 1}),
            ("request_turn", {"reply": "true"}),
            ("raise_break_signal", {"strength": 3}),
            ("raise_break_signal", {"strength": ["few_minutes"]}),
            ("raise_break_signal", {"strength": "few_minutes", "minutes": "5"}),
            ("raise_break_signal", {"strength": "few_minutes", "minutes": 5.0}),
            ("raise_break_signal", {"strength": "few_minutes", "minutes": True}),
        ],
        ids=repr,
    )
    def test_the_wrong_type_is_refused(self, name, given_fields):
        assert reason(name, given_fields) == "wrong_type"

    @both
    @pytest.mark.parametrize(
        ("name", "given_fields"),
        [
            ("raise_break_signal", {"strength": "loud"}),
            ("raise_break_signal", {"strength": "few_minutes\u202e"}),
            ("write_note", {"desk": "CARE", "words": "hello"}),
        ],
        ids=repr,
    )
    def test_what_is_no_choice_is_refused(self, name, given_fields, from_form):
        assert reason(name, given_fields, from_form) == "not_a_choice"

    @pytest.mark.parametrize("minutes", [0, -1, 61, 10**30])
    def test_a_number_out_of_bounds_is_refused(self, minutes):
        assert reason("raise_break_signal", {"strength": "few_minutes", "minutes": minutes}) == "not_a_choice"

    @pytest.mark.parametrize("minutes", [1, 60])
    def test_the_bounds_themselves_are_fine(self, minutes):
        assert parse("raise_break_signal", {"strength": "few_minutes", "minutes": minutes}).minutes == minutes

    @both
    def test_too_long_is_refused_and_not_cut(self, from_form):
        assert parse("request_turn", {"note": "a" * 80}, from_form=from_form).note == "a" * 80
        assert reason("request_turn", {"note": "a" * 81}, from_form) == "too_long"
        assert reason("see_break_signal", {"seat": "a" * 65}, from_form) == "too_long"

    def test_eighty_characters_are_eighty_for_everybody(self):
        arabic = "\u0645" * 80

        assert parse("request_turn", {"note": arabic}).note == arabic


class TestForms:
    def test_numbers_and_yes_and_no_come_as_text(self):
        assert parse("start_next_turn", {"turn": "12"}, from_form=True) == c.StartNextTurn(12)
        assert parse("request_turn", {"reply": "yes"}, from_form=True) == c.RequestTurn(reply=True)
        assert parse("confirm_ticket", {"works": "no"}, from_form=True) == c.ConfirmTicket(works=False)

    def test_a_field_left_empty_is_not_given(self):
        assert parse("request_breakout", {"wanted": ""}, from_form=True) == c.RequestBreakout()
        assert parse("raise_break_signal", {"strength": "few_minutes", "minutes": ""}, from_form=True).minutes is None

    @pytest.mark.parametrize("turn", ["-1", "1.0", "\u0661", "1e3", " 1", "0x1", "9999999999", "one"])
    def test_only_plain_digits_are_a_number(self, turn):
        assert reason("start_next_turn", {"turn": turn}, from_form=True) == "wrong_type"

    @pytest.mark.parametrize("reply", ["on", "true", "YES", "1"])
    def test_only_yes_and_no_are_yes_and_no(self, reply):
        assert reason("request_turn", {"reply": reply}, from_form=True) == "wrong_type"


class TestText:
    def note(self, text):
        return parse("request_turn", {"note": text}).note

    def test_direction_overrides_and_control_characters_are_taken_out(self):
        assert self.note(f"a{OVERRIDES}b") == "ab"
        assert self.note("a\x00\x07\x1b\x7fb\ufeff\u00ad") == "ab"

    def test_lines_become_one_line(self):
        assert self.note("  two\r\n\r\nlines\t of\u2028text ") == "two lines of text"

    def test_the_joiners_of_emoji_and_arabic_stay(self):
        family, persian = "\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e"

        assert (self.note(family), self.note(persian)) == (family, persian)

    def test_half_a_character_cannot_be_kept(self):
        assert self.note("a\ud800b") == "ab"

    def test_the_same_letter_is_written_in_one_way(self):
        assert self.note("e\u0301") == "\u00e9"

    @pytest.mark.parametrize("alias", ["   ", "\u200d", "\u202e", "\u3164", "\u2800 \u200c"], ids=ascii)
    def test_a_name_that_shows_nothing_is_no_name(self, alias):
        assert reason("add_phone_seat", {"alias": alias}) == "missing_field"

    def test_an_id_is_never_cleaned_into_another(self):
        assert parse("see_break_signal", {"seat": "wr\u202een "}).seat == "wr\u202een "

    @given(st.text(max_size=200))
    def test_whatever_is_typed_comes_out_clean_or_is_refused(self, text):
        try:
            cleaned = self.note(text)
        except Refused as no:
            assert no.reason == "too_long"
            return
        assert cleaned == self.note(cleaned)
        assert cleaned == cleaned.strip() and not set(cleaned) & set(OVERRIDES + "\n\r\t\x00")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(sorted(COMMANDS))


@given(name=NAMES | JSON, data=st.data(), from_form=st.booleans())
def test_nothing_that_is_sent_does_more_than_be_refused(name, data, from_form):
    known = [f.name for f in fields_of(COMMANDS[name])] if isinstance(name, str) and name in COMMANDS else []
    keys = st.sampled_from(known) if known else st.text(max_size=4)
    sent = data.draw(st.dictionaries(keys, JSON, max_size=3) | JSON)

    try:
        command = parse(name, sent, from_form=from_form)
    except Refused as no:
        assert no.reason in REASONS
    else:
        assert isinstance(command, Command)


def test_every_field_says_what_it_may_hold():
    for command in ALL_COMMANDS:
        told = {f.allowed is not None for f in fields_of(command)}
        assert told <= {command not in INNER_COMMANDS}
        assert command not in INNER_COMMANDS or all(f.default is not NO_DEFAULT for f in fields_of(command))


def test_a_reason_that_is_not_listed_cannot_be_given():
    with pytest.raises(ValueError, match="unknown reason"):
        Refused("because")
