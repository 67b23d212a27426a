"""Many taps with one commit: each is answered as if it were alone, and none is half-saved."""

from __future__ import annotations

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.ports import StoreDown
from companion.records import TapRecord
from companion.service import joining
from companion.service.arriving import STEPS, finish_step, take_seat
from companion.service.guesses import Guesses
from companion.service.locks import SessionLocks
from companion.service.perform import perform
from companion.service.tapping import Answer, tap
from companion.service.together import Tap, tap_all
from tests.fakes.world import a_world, token_of

YES, ALONE = Answer(True), None


class Room:
    """An open room with some people in it, each with a browser; remembers commits and panels."""

    def __init__(self, *aliases):
        self.world = a_world()
        self.host = self.world.open_doors().invite.seat_id
        self.issued = {alias: self.world.invite(alias) for alias in aliases}
        self.accesses = {alias: self._arrive(issued) for alias, issued in self.issued.items()}
        self.world.perform(c.AdmitAll(), by=self.host)
        self.panels, self.commits = [], []
        self.store = self.world.store
        self._save_all = self.store.save_all
        self.store.save_all = self._save
        self.world.panels.send = self._send
        self.meanwhile = lambda: None

    def tap(self, alias, name, tap_id="", **fields):
        access = self.accesses[alias]
        return Tap(access.session_id, access.id, tap_id or f"tap-{alias}-{name}", name, fields)

    def together(self, *taps):
        return list(tap_all(self.world.deps, taps))

    def alone(self, one):
        return tap(self.world.deps, one.access_id, one.tap_id, one.name, one.fields)

    def line(self):
        state = self.world.live()
        return [state.seat(place.seat).alias for place in state.queue.line.places]

    def _arrive(self, issued):
        access = joining.enter(self.world.deps, Guesses(), token_of(issued), issued.passcode, "192.0.2.1", "en").access
        for step in STEPS:
            access = finish_step(self.world.deps, access, step)
        return take_seat(self.world.deps, access).access

    def _save(self, savings):
        self.meanwhile()
        moved = self._save_all(savings)
        self.commits.append([tap.tap_id for saving in savings for tap in saving.taps])
        return moved

    def _send(self, after, changes):
        self.panels += [(after.seat(seat).id, after.seat(seat).number) for seat in changes]


@pytest.fixture
def room():
    return Room("Wren", "Ash", "Fern")


def test_all_are_answered_with_one_commit_in_their_order(room):
    said = room.together(*(room.tap(alias, "request_turn") for alias in ("Fern", "Wren", "Ash")))

    assert said == [YES, YES, YES]
    assert room.commits == [["tap-Fern-request_turn", "tap-Wren-request_turn", "tap-Ash-request_turn"]]
    assert room.line() == ["Fern", "Wren", "Ash"]


def test_each_seat_hears_of_each_change_by_a_number_of_its_own(room):
    before = room.world.live().seat(room.host).number

    room.together(room.tap("Wren", "request_turn"), room.tap("Ash", "request_turn"))

    assert [number for seat, number in room.panels if seat == room.host] == [before + 1, before + 2]
    assert room.world.live().seat(room.host).number == before + 2


def test_many_at_once_come_to_what_one_after_the_other_comes_to(room):
    other = Room("Wren", "Ash", "Fern")
    steps = [("Wren", "request_turn"), ("Ash", "request_turn"), ("Wren", "withdraw_turn"), ("Wren", "request_turn")]

    said = room.together(*(room.tap(who, what, f"tap-number-{n}") for n, (who, what) in enumerate(steps)))
    for n, (who, what) in enumerate(steps):
        assert other.alone(other.tap(who, what, f"tap-number-{n}")) == said[n]

    assert room.line() == other.line()
    assert [number for _, number in room.panels] == [number for _, number in other.panels]


def test_a_refusal_is_told_and_spoils_nothing(room):
    said = room.together(
        room.tap("Wren", "request_turn"), room.tap("Ash", "finish_turn", turn=0), room.tap("Fern", "request_turn")
    )

    assert [one.ok for one in said] == [True, False, True]
    assert said[1].code == room.alone(room.tap("Ash", "finish_turn", turn=0)).code
    assert room.line() == ["Wren", "Fern"]


def test_the_same_tap_again_has_no_second_effect(room):
    one = room.tap("Wren", "request_turn")
    room.together(one)

    assert room.together(one, replace(one, fields={"reply": True})) == [YES, Answer(False, "tap_reused")]
    assert len(room.commits) == 1


def test_the_same_tap_twice_at_once_has_one_effect(room):
    one = room.tap("Wren", "request_turn")

    assert room.together(one, one) == [YES, ALONE]
    assert room.alone(one) == YES
    assert room.line() == ["Wren"]


def test_a_session_that_somebody_else_saved_is_left_alone_and_the_others_are_kept(room):
    other_node = replace(room.world.deps, locks=SessionLocks())

    def somebody_saves():
        room.meanwhile = lambda: None
        perform(other_node, room.world.session.id, c.WriteNote("care", "tea at eight"), by=room.host)
        room.panels.clear()

    room.alone(room.tap("Wren", "request_turn"))
    room.meanwhile = somebody_saves

    # The second is refused because of the first, which is not kept: so that no may be wrong too.
    said = room.together(room.tap("Wren", "withdraw_turn"), room.tap("Wren", "not_yet"))

    assert said == [ALONE, ALONE]
    assert (room.line(), room.panels) == (["Wren"], [])


def test_when_the_database_is_down_every_one_is_told_and_none_is_kept(room):
    before = room.world.live()

    def fails():
        raise StoreDown("the disk is full")

    room.meanwhile = fails
    said = room.together(room.tap("Wren", "request_turn"), room.tap("Ash", "request_turn"))

    assert said == [Answer(False, "not_sent")] * 2
    assert (room.world.live(), room.panels) == (before, [])
    room.meanwhile = lambda: None
    assert room.together(room.tap("Wren", "request_turn")) == [YES]


def test_when_one_of_them_is_the_reason_each_is_tried_by_itself(room):
    before = room.world.live()
    access = room.accesses["Ash"]
    known = TapRecord(access.seat_id, "tap-Ash-request_turn", "another digest")
    look = room.store.look
    room.store._taps[(access.session_id, access.seat_id, known.tap_id)] = known.digest
    room.store.look = lambda asked: [replace(found, digest=None) for found in look(asked)]

    assert room.together(room.tap("Wren", "request_turn"), room.tap("Ash", "request_turn")) == [ALONE, ALONE]

    assert (room.world.live(), room.panels) == (before, [])
    assert room.alone(room.tap("Wren", "request_turn")) == YES
    assert room.alone(room.tap("Ash", "request_turn")) == Answer(False, "tap_reused")


def test_a_session_that_is_busy_holds_up_nobody(room):
    one = room.tap("Wren", "request_turn")

    with room.world.deps.locks.of(one.session_id):
        assert room.together(one) == [ALONE]

    assert room.together(one) == [YES]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("leave_session", {}),
        ("choose_language", {"language": "ar"}),
        ("call_me", {"on_file": True}),
        ("no_such_command", {}),
        ("request_turn", {"no_such": "field"}),
    ],
)
def test_what_does_more_than_save_is_done_by_itself(room, name, fields):
    assert room.together(room.tap("Wren", name, **fields)) == [ALONE]
    assert room.commits == []


def test_a_connection_of_another_session_is_not_believed(room):
    one = replace(room.tap("Wren", "request_turn"), session_id="another")

    assert room.together(one) == [ALONE]


@pytest.mark.parametrize("state", ["ended", "held"])
def test_a_browser_that_is_out_is_out_at_once(room, state):
    room.together(room.tap("Wren", "request_turn"))
    room.store._accesses[room.accesses["Wren"].id] = replace(room.accesses["Wren"], state=state)

    said = room.together(room.tap("Wren", "withdraw_turn"), room.tap("Ash", "request_turn"))

    assert said == [Answer(False, "no_access") if state == "ended" else ALONE, YES]


def test_a_fault_while_telling_turns_no_yes_into_a_no(room):
    def broken(after, changes):
        raise RuntimeError("a template is broken")

    room.world.panels.send = broken

    assert room.together(room.tap("Wren", "request_turn")) == [YES]
    assert room.line() == ["Wren"]
