"""Takes a facilitator's last act on the queue back, and keeps whatever members did since."""

from __future__ import annotations

from difflib import SequenceMatcher

from companion.core import turns
from companion.core.context import Act
from companion.core.model import Line, Place, Queue, SessionState, Turn, Undo
from companion.core.refusals import Refused
from companion.core.values import replace


def undo(state: SessionState, act: Act, *, seen: str = "") -> SessionState:
    """Take the last act back: who asked since stays, who withdrew stays away, who went back or forward stays there.

    ``seen`` names the act that this facilitator saw, so that nobody takes back what a colleague has just done instead.
    """
    last, now = state.queue.undo, state.queue.line
    if last is None:
        raise Refused("nothing_to_undo")
    if seen and seen != last.act:
        raise Refused("turn_moved_on")
    if act.at > last.until:
        raise Refused("undo_too_late")
    here = {seat.id for seat in state.seats if seat.state == "seated"}
    speaking = turns.clock_for(_speaking(last, now, here), act.at, paused=state.phase == "paused")
    places = tuple(
        place
        for place in _places(last, now)
        if place.seat in here and (speaking is None or place.seat != speaking.seat)
    )
    if last.before.mode != "go_round":
        places = turns.without_round(places)
    moved = speaking != now.speaking
    line = replace(last.before, speaking=speaking, places=places)
    return replace(state, queue=Queue(line=line, turn=state.queue.turn + (1 if moved else 0)))


def _speaking(last: Undo, now: Line, here: set[str]) -> Turn | None:
    before = last.before.speaking
    if before == last.after.speaking:
        return now.speaking  # the same turn goes on, with what happened in it since
    if before is None or before.seat not in here:
        return None
    was_put_back = turns.place_of(last.after, before.seat) is not None
    if was_put_back and turns.place_of(now, before.seat) is None:
        return None  # she has withdrawn since: undoing must not make her speak
    return before


def _places(last: Undo, now: Line) -> tuple[Place, ...]:
    before = {place.seat: place for place in last.before.places}
    waiting = {place.seat: place for place in now.places}
    after = {place.seat for place in last.after.places}
    kept = [seat for seat in before if seat in waiting or seat not in after]
    # Whoever stands in the line by the act alone goes with it; whoever has asked herself stays.
    added = {seat for seat in waiting if seat not in after or waiting[seat].own}
    order = _order(kept, added, [place.seat for place in last.after.places], list(waiting))
    return tuple(waiting.get(seat) or before[seat] for seat in order)


def _order(kept: list[str], added: set[str], after: list[str], now: list[str]) -> list[str]:
    # The order before the act, but for those who have moved themselves since: they stay in front of whom they are now.
    blocks = SequenceMatcher(None, after, now, autojunk=False).get_matching_blocks()
    unmoved = {seat for block in blocks for seat in after[block.a : block.a + block.size]}
    moved = (set(after) & set(now)) - unmoved
    order = [seat for seat in kept if seat not in moved]
    in_front_of = len(order)
    for seat in reversed(now):
        if seat in order:
            in_front_of = order.index(seat)
        elif seat in added or (seat in moved and seat in kept):
            order.insert(in_front_of, seat)
    return order
