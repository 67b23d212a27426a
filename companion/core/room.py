"""The room as a whole: doors, beginning, pause, ending, closing, and the backchannel of each desk."""

from __future__ import annotations

from companion.core import turns
from companion.core.context import Act, Outcome
from companion.core.effects import SessionClosed
from companion.core.model import Desk, Line, Note, Queue, SessionState
from companion.core.refusals import Refused
from companion.core.values import replace

NOTES_KEPT = 50
DESKS_OF: dict[str, frozenset[str]] = {
    "facilitator": frozenset({"care", "tech"}),
    "peer_supporter": frozenset({"care"}),
    "tech_helper": frozenset({"tech"}),
}


def open_doors(state: SessionState, act: Act) -> SessionState:
    """People may arrive."""
    if state.phase == "open":
        return state
    if state.phase != "planned":
        raise Refused("already_started")
    if not state.rules.safeguarded:
        raise Refused("no_safeguarding_plan")
    return replace(state, phase="open", opened_at=act.at)


def note_plan(state: SessionState, *, agreed: bool) -> SessionState:
    """The group has agreed on a safeguarding plan since the room was got ready, or has none any more."""
    if state.phase != "planned":
        return state  # who is in stays in
    return replace(state, rules=replace(state.rules, safeguarded=agreed))


def start(state: SessionState, act: Act) -> SessionState:
    """The meeting begins, with the first part of its agenda. A session that began to end can go on again."""
    match state.phase:
        case "live":
            return state
        case "open":
            return replace(state, phase="live", started_at=act.at, part=0, part_started_at=act.at)
        case "ending":
            begun, part = state.started_at or act.at, state.part_started_at or act.at
            return replace(state, phase="live", ending_at=None, started_at=begun, part_started_at=part)
        case "planned":
            raise Refused("session_not_open")
        case _:
            raise Refused("already_started")


def pause(state: SessionState, act: Act) -> SessionState:
    """Everyone takes a short pause; nobody is called meanwhile, and the speaker's clock stands still."""
    if state.phase == "paused":
        return state
    if state.phase != "live":
        raise Refused("not_started")
    return _with_clock(replace(state, phase="paused"), act)


def resume(state: SessionState, act: Act) -> SessionState:
    """The pause is over."""
    if state.phase == "live":
        return state
    if state.phase != "paused":
        raise Refused("not_paused")
    return _with_clock(replace(state, phase="live"), act)


def begin_ending(state: SessionState, act: Act, *, confirmed: bool) -> SessionState:
    """The last part, in which facilitators also see who to follow up."""
    if state.phase == "ending":
        return state
    if state.phase == "planned":
        raise Refused("session_not_open")
    _check_nobody_forgotten(state, confirmed)
    return _with_clock(replace(state, phase="ending", ending_at=act.at), act)


def close(state: SessionState, act: Act, *, confirmed: bool) -> Outcome:
    """The session is over. What was private goes from the value at once; what the debrief needs, within a minute."""
    if state.phase != "ending":
        raise Refused("end_first")
    _check_nobody_forgotten(state, confirmed)
    return close_now(state, act)


def close_now(state: SessionState, act: Act) -> Outcome:
    """Close without asking: by a facilitator who was asked, or by the clock when everybody has long gone."""
    closed = replace(
        state,
        phase="closed",
        closed_at=act.at,
        seats=tuple(replace(seat, news=None, voice_knock=None) for seat in state.seats),
        queue=Queue(line=Line(spoken=turns.finished(state.queue.line).spoken), turn=state.queue.turn + 1),
        signals=(),
        breakouts=(),
        tickets=tuple(replace(ticket, call_number="", facts=None) for ticket in state.tickets),
        notes=(),
        shared=None,
    )
    return Outcome(closed, (what_remains(closed),))


def what_remains(state: SessionState) -> SessionClosed:
    """What is kept of a session once it is over: numbers that tell of nobody."""
    came = sum(1 for seat in state.seats if seat.role == "member" and seat.seated_at is not None)
    return SessionClosed(came, state.waits)


def write_note(state: SessionState, act: Act, *, desk: Desk, words: str) -> SessionState:
    """A note to the colleagues of one desk."""
    if desk not in DESKS_OF.get(act.seat.role, frozenset()):
        raise Refused("not_yours_to_do")
    note = Note(act.fresh, desk, act.seat.id, words, act.at)
    # Counted for each desk: a busy evening at one must not be noticed at the other.
    here = tuple(other for other in state.notes if other.desk == desk)
    full = here[: max(0, len(here) + 1 - NOTES_KEPT)]
    return replace(state, notes=(*(other for other in state.notes if other not in full), note))


def _with_clock(state: SessionState, act: Act) -> SessionState:
    line = state.queue.line
    speaking = turns.clock_for(line.speaking, act.at, paused=state.phase == "paused")
    return turns.with_line(state, replace(line, speaking=speaking))


def _check_nobody_forgotten(state: SessionState, confirmed: bool) -> None:
    if confirmed:
        return
    if any(request.state == "open" for request in state.breakouts):
        raise Refused("someone_is_out")
    if state.breakouts or any(signal.state == "raised" for signal in state.signals):
        raise Refused("someone_is_waiting")
