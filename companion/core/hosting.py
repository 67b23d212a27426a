"""The speaking queue in the hands of a facilitator; taking the last act back: ``undoing``."""

from __future__ import annotations

from datetime import timedelta

from companion.core import turns
from companion.core.context import Act
from companion.core.fields import Direction
from companion.core.model import Asking, Line, Place, Queue, QueueMode, SessionState, Undo, tell
from companion.core.refusals import Refused
from companion.core.suggesting import next_place
from companion.core.values import replace

UNDO_SECONDS = 20


def start_next(state: SessionState, act: Act, *, turn: int) -> SessionState:
    """Invite the first person who can speak; frozen places are skipped and lose nothing."""
    turns.check_turn(state.queue, turn)
    _check_not_paused(state)
    place = next_place(state)
    if place is None:
        raise Refused("no_one_ready" if state.queue.line.places else "no_one_waiting")
    return _give_the_word(state, act, place, "start_next_turn")


def invite(state: SessionState, act: Act, *, seat_id: str, turn: int) -> SessionState:
    """Invite one person, in the line or not; if she had begun and was put back she keeps her time."""
    turns.check_turn(state.queue, turn)
    _check_not_paused(state)
    seat = state.seat(seat_id)
    if seat.state != "seated":
        raise Refused("no_such_seat")
    speaking = state.queue.line.speaking
    if speaking is not None and speaking.seat == seat_id:
        return state
    place = turns.place_of(state.queue.line, seat_id) or Place(seat_id, act.at)
    return _give_the_word(state, act, place, "invite_to_speak")


def finish(state: SessionState, act: Act, *, turn: int) -> SessionState:
    """The facilitator sees that the speaker has finished."""
    turns.check_turn(state.queue, turn)
    if state.queue.line.speaking is None:
        raise Refused("no_one_speaking")
    return _new_turn(state, act, turns.finished(state.queue.line), "finish_turn")


def put_back_first(state: SessionState, act: Act, *, turn: int) -> SessionState:
    """The speaker was interrupted: first in the line, with the time she has already used and no more."""
    turns.check_turn(state.queue, turn)
    line = state.queue.line
    if line.speaking is None:
        raise Refused("no_one_speaking")
    used = turns.used_seconds(line.speaking, act.at)
    place = Place(line.speaking.seat, act.at, kind="first", passed=line.speaking.passed, used_seconds=used)
    after = replace(line, speaking=None, places=(place, *line.places))
    return _new_turn(state, act, after, "put_back_first")


def move(state: SessionState, act: Act, *, seat_id: str, direction: Direction) -> SessionState:
    """Move a place one up or one down."""
    line = state.queue.line
    index = turns.index_of(line, seat_id)
    other = index - 1 if direction == "up" else index + 1
    if other < 0:
        raise Refused("already_first")
    if other >= len(line.places):
        raise Refused("already_last")
    places = list(line.places)
    places[index], places[other] = places[other], places[index]
    return _same_turn(state, act, replace(line, places=tuple(places)), "move_place")


def add(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """Put somebody in the line who asked aloud or by telephone, even while asking is paused."""
    seat = state.seat(seat_id)
    line = state.queue.line
    if seat.state != "seated":
        raise Refused("no_such_seat")
    if turns.place_of(line, seat_id) or (line.speaking and line.speaking.seat == seat_id):
        return state
    return _same_turn(state, act, replace(line, places=(*line.places, Place(seat_id, act.at))), "add_place")


def remove(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """Take somebody out of the line because she said so."""
    turns.index_of(state.queue.line, seat_id)
    places = tuple(place for place in state.queue.line.places if place.seat != seat_id)
    return _same_turn(state, act, replace(state.queue.line, places=places), "remove_place")


def set_mode(state: SessionState, act: Act, *, mode: QueueMode) -> SessionState:
    """Change the mode. A go-round seats everyone once, those who already wait in front; leaving it keeps who asked."""
    line = state.queue.line
    if mode == line.mode:
        return state
    if mode == "go_round":
        line = _with_everyone(state, act)
    elif line.mode == "go_round":
        line = replace(line, places=turns.without_round(line.places), round_done=())
    return _same_turn(state, act, replace(line, mode=mode), "set_queue_mode")


def set_asking(state: SessionState, act: Act, *, asking: Asking) -> SessionState:
    """Open, pause or close the list; those who wait keep their places."""
    if asking == state.queue.line.asking:
        return state
    return _same_turn(state, act, replace(state.queue.line, asking=asking), "set_asking")


def _give_the_word(state: SessionState, act: Act, place: Place, name: str) -> SessionState:
    line = turns.finished(state.queue.line)
    places = tuple(replace(other, not_yet=False) for other in line.places if other.seat != place.seat)
    after = replace(line, speaking=turns.speaking_from(place, act), places=places)
    return tell(_new_turn(state, act, after, name), place.seat, "your_turn")


def _new_turn(state: SessionState, act: Act, after: Line, name: str) -> SessionState:
    return replace(state, queue=Queue(line=after, turn=state.queue.turn + 1, undo=_undo_of(state, act, after, name)))


def _same_turn(state: SessionState, act: Act, after: Line, name: str) -> SessionState:
    return replace(state, queue=replace(state.queue, line=after, undo=_undo_of(state, act, after, name)))


def _undo_of(state: SessionState, act: Act, after: Line, name: str) -> Undo:
    until = act.at + timedelta(seconds=UNDO_SECONDS)
    return Undo(name, act.seat.id, until, before=state.queue.line, after=after)


def _check_not_paused(state: SessionState) -> None:
    if state.phase == "paused":
        raise Refused("room_paused")


def _with_everyone(state: SessionState, act: Act) -> Line:
    line = state.queue.line
    taken = {place.seat for place in line.places} | ({line.speaking.seat} if line.speaking else set())
    others = [seat for seat in state.seats if seat.role == "member" and seat.state == "seated" and seat.id not in taken]
    everyone = tuple(Place(seat.id, act.at, kind="round") for seat in others)
    return replace(line, places=(*line.places, *everyone), round_done=())
