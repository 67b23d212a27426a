"""The nine digits by which the line knows somebody: shown once, taken away, forgotten with her."""

from __future__ import annotations

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import LineCaller, LinePin
from companion.service import (
    audit,
    erasing,
    exporting,
    line_pins,
    people,
)
from companion.service.phone_line import Said
from tests.fakes.world import PlainKeys
from tests.service.by_line import HERS


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
