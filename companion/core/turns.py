"""The speaking queue as one person sees it: ask, withdraw, not yet, pass, finish. Facilitators' acts: ``hosting``."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile

from companion.core.context import Act
from companion.core.model import Line, Place, Queue, Seat, SessionState, Turn
from companion.core.refusals import Refused
from companion.core.values import replace


def request(state: SessionState, act: Act, *, reply: bool, note: str) -> SessionState:
    """Ask to speak. Asking twice never costs a place; a second note replaces the first."""
    line = state.queue.line
    seat = act.seat
    if line.speaking is not None and line.speaking.seat == seat.id:
        return state
    mine = place_of(line, seat.id)
    if mine is None:
        _check_asking(line)
        mine = Place(seat.id, act.at)
    # Asking again also takes a "not yet" back.
    mine = replace(mine, note=note or mine.note, own=True, not_yet=False, by_hand=False)
    if reply and mine.kind not in ("reply", "first"):
        return _go_next(state, mine)
    if place_of(line, seat.id) is not None:
        return with_places(state, tuple(mine if place.seat == seat.id else place for place in line.places))
    return with_places(state, (*line.places, mine))


def withdraw(state: SessionState, act: Act) -> SessionState:
    """Take the request back; doing it twice is quietly the same."""
    return without_place(state, act.seat.id)


def not_yet(state: SessionState, act: Act) -> SessionState:
    """Let one person go first. The mark holds until somebody has, also while everyone behind her is frozen."""
    places = state.queue.line.places
    index = index_of(state.queue.line, act.seat.id)
    mine = replace(places[index], not_yet=True)
    if index + 1 == len(places):
        return with_places(state, (*places[:index], mine))
    return with_places(state, (*places[:index], places[index + 1], mine, *places[index + 2 :]))


def pass_turn(state: SessionState, act: Act) -> SessionState:
    """Pass without penalty: nothing is counted, and in a go-round the offer comes once more at the end."""
    line = state.queue.line
    speaking = line.speaking
    if speaking is not None and speaking.seat == act.seat.id:
        again = Place(act.seat.id, act.at, kind="round", passed=True)
        places = (*line.places, again) if _offered_again(line, speaking) else line.places
        return change_speaker(state, replace(line, speaking=None, places=places))
    mine = line.places[index_of(line, act.seat.id)]
    rest = tuple(place for place in line.places if place.seat != act.seat.id)
    if _offered_again(line, mine):
        return with_places(state, (*rest, replace(mine, kind="round", passed=True, own=False, not_yet=False)))
    return with_places(state, rest)


def finish(state: SessionState, act: Act, *, turn: int) -> SessionState:
    """The speaker says she has finished."""
    check_turn(state.queue, turn)
    speaking = state.queue.line.speaking
    if speaking is None:
        raise Refused("no_one_speaking")
    if speaking.seat != act.seat.id:
        raise Refused("not_yours_to_do")
    return change_speaker(state, finished(state.queue.line))


def forget(state: SessionState, seat_id: str) -> SessionState:
    """Somebody left: her place goes, and if she was speaking nobody speaks now."""
    state = without_place(state, seat_id)
    speaking = state.queue.line.speaking
    if speaking is not None and speaking.seat == seat_id:
        return change_speaker(state, replace(state.queue.line, speaking=None))
    return state


def join_round(state: SessionState, seat: Seat, act: Act) -> SessionState:
    """Somebody let in during a go-round is asked too, at the end."""
    line = state.queue.line
    if line.mode != "go_round" or seat.role != "member" or place_of(line, seat.id) or seat.id in line.round_done:
        return state
    return with_places(state, (*line.places, Place(seat.id, act.at, kind="round")))


def check_turn(queue: Queue, turn: int) -> None:
    """Two facilitators pressing at once advance the queue once: the second names a turn that is over."""
    if turn != queue.turn:
        raise Refused("turn_moved_on")


def place_of(line: Line, seat_id: str) -> Place | None:
    """The place of this seat in the line, or None."""
    return next((place for place in line.places if place.seat == seat_id), None)


def index_of(line: Line, seat_id: str) -> int:
    """Where in the line this seat stands; Refused("not_in_line") if nowhere."""
    for index, place in enumerate(line.places):
        if place.seat == seat_id:
            return index
    raise Refused("not_in_line")


def with_line(state: SessionState, line: Line) -> SessionState:
    """This session with another line and the same turn."""
    return replace(state, queue=replace(state.queue, line=line))


def with_places(state: SessionState, places: tuple[Place, ...]) -> SessionState:
    """This session with another order in the line."""
    return with_line(state, replace(state.queue.line, places=places))


def without_place(state: SessionState, seat_id: str) -> SessionState:
    """This session without that seat's place, if it had one."""
    return with_places(state, tuple(place for place in state.queue.line.places if place.seat != seat_id))


def change_speaker(state: SessionState, line: Line) -> SessionState:
    """Another speaker, or none: the turn counts on and an older undo no longer fits."""
    return replace(state, queue=Queue(line=line, turn=state.queue.turn + 1))


def finished(line: Line) -> Line:
    """The line once the speaker has had her say."""
    if line.speaking is None:
        return line
    seat_id = line.speaking.seat
    return replace(line, speaking=None, spoken=(*line.spoken, seat_id), round_done=(*line.round_done, seat_id))


def speaking_from(place: Place, act: Act) -> Turn:
    """The turn that this place becomes."""
    return Turn(place.seat, act.at, kind=place.kind, used_seconds=place.used_seconds, passed=place.passed)


def without_round(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """The line after a go-round: who has asked herself stays, who was only going to be asked does not."""
    asked = (place for place in places if place.kind != "round" or place.own)
    return tuple(replace(place, kind="asked") if place.kind == "round" else place for place in asked)


def used_seconds(turn: Turn, at: datetime) -> int:
    """What the speaker has used of her turn; a pause of the room costs her nothing."""
    running = 0 if turn.clock_stopped else int((at - turn.started_at).total_seconds())
    return turn.used_seconds + max(0, running)


def clock_for(turn: Turn | None, at: datetime, *, paused: bool) -> Turn | None:
    """The turn with its clock stopped while the room is paused, and running from ``at`` once it goes on."""
    if turn is None or turn.clock_stopped == paused:
        return turn
    return replace(turn, used_seconds=used_seconds(turn, at), started_at=at, clock_stopped=paused)


def _offered_again(line: Line, passed: Place | Turn) -> bool:
    # Once, and only to those who have not been heard in this go-round, however they came to stand in the line.
    return line.mode == "go_round" and not passed.passed and passed.seat not in line.round_done


def _check_asking(line: Line) -> None:
    if line.asking == "paused":
        raise Refused("asking_paused")
    if line.asking == "last_turns":
        raise Refused("list_closed")


def _go_next(state: SessionState, mine: Place) -> SessionState:
    line = state.queue.line
    if not state.rules.reply_allowed or line.speaking is None:
        raise Refused("no_reply_now")
    if line.speaking.reply_used:
        raise Refused("reply_taken")
    order = [place.seat for place in line.places]
    rest = tuple(place for place in line.places if place.seat != mine.seat)
    # Somebody who was interrupted keeps the very first place: "put back first" was promised to her.
    index = len(list(takewhile(lambda place: place.kind == "first", rest)))
    if mine.seat in order:
        index = min(index, order.index(mine.seat))
    return with_line(
        state,
        replace(
            line,
            places=(*rest[:index], replace(mine, kind="reply"), *rest[index:]),
            speaking=replace(line.speaking, reply_used=True),
        ),
    )
