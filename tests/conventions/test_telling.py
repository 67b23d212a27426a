"""What logs and counts may name: nothing that tells that somebody needs a human, whatever is added next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from companion.core.parsing import ALL_COMMANDS, COMMANDS, wire_name
from companion.core.refusals import REASONS
from companion.core.telling import MERGED, NAMED_COMMANDS, NAMED_REASONS, NAMELESS, command_told, reason_told

CORE = Path(__file__).parents[2] / "companion" / "core"
# Breaks, one-to-ones, help, the door, who is out, what somebody can undo: whatever these say no to tells of somebody.
TELLING = ("breaks", "breakouts", "help_desk", "helping", "calls", "callers", "seating", "presence", "undoing", "keys")
# The same everywhere, of whatever somebody has asked for.
OF_ANYTHING = {"no_access", "no_such_seat", "not_yours_to_do", "too_many_pages"}


def test_what_is_named_exists() -> None:
    assert NAMED_REASONS <= REASONS
    assert set(COMMANDS) >= NAMED_COMMANDS
    assert MERGED not in REASONS
    assert NAMELESS not in COMMANDS


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_is_named_only_if_the_table_says_so(reason: str) -> None:
    assert reason_told(reason) == (reason if reason in NAMED_REASONS else MERGED)


@pytest.mark.parametrize("module", TELLING)
def test_no_refusal_of_what_tells_of_somebody_is_named(module: str) -> None:
    said = set(re.findall(r'Refused\("(\w+)"\)', (CORE / f"{module}.py").read_text()))

    assert {reason for reason in said - OF_ANYTHING if reason_told(reason) != MERGED} == set()


@pytest.mark.parametrize("module", ("breaks", "breakouts", "callers", "help_desk", "system"))
def test_no_command_that_tells_of_somebody_is_named(module: str) -> None:
    names = {wire_name(command) for command in ALL_COMMANDS if command.__module__.endswith(f".{module}")}

    assert names
    assert {name for name in names if command_told(name) != NAMELESS} == set()


@pytest.mark.parametrize("name", ["zebrafish", "", None, 7, ["request_turn"], "raise_break_signal"])
def test_no_other_word_is_a_command(name: object) -> None:
    assert command_told(name) == NAMELESS


def test_a_reason_that_nobody_has_thought_about_is_merged() -> None:
    assert reason_told("a_reason_of_tomorrow") == MERGED
