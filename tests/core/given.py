"""Commands for tests that try all of them: one plain example of each, and any, plausible or not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.fields import Allowed, Field, fields_of
from companion.core.model import SessionState
from companion.core.values import NO_DEFAULT

INNER_EXAMPLES: dict[type[Command], Command] = {
    c.ExpectSeat: c.ExpectSeat("wren", "member", "Wren"),
    c.NotePlan: c.NotePlan(agreed=True),
    c.Arrive: c.Arrive("wren", "wren-phone", "Wren"),
    c.KnockByVoice: c.KnockByVoice("wren", "door", "42"),
    c.OpenTicketAtDoor: c.OpenTicketAtDoor("wren", "help"),
    c.NoteWrongPasscode: c.NoteWrongPasscode("wren"),
    c.ForgetDevices: c.ForgetDevices("wren"),
    c.NoticeCaller: c.NoticeCaller("p1", "call", "", "Somebody"),
    c.NoticeDrop: c.NoticeDrop("wren"),
    c.NoticeReturn: c.NoticeReturn("wren"),
    c.ForgetSeat: c.ForgetSeat("wren"),
    c.LetTimePass: c.LetTimePass(),
}
WORDS = ("", "a few words", "\u0645\u0631\u062d\u0628\u0627", "01632 960001")


def an_example_of(command: type[Command]) -> Command:
    """A well-formed command of this kind that names Wren where it names anybody."""
    if command in INNER_EXAMPLES:
        return INNER_EXAMPLES[command]
    return command(**{f.name: _example(f) for f in fields_of(command) if f.default is NO_DEFAULT})


def _example(known: Field) -> Any:
    allowed = known.allowed or Allowed("text")
    match allowed.kind:
        case "choice":
            return allowed.options[0]
        case "whole":
            return allowed.low
        case "ref":
            return "wren"
        case _:
            return "words"


def any_of(command: type[Command], state: SessionState) -> st.SearchStrategy[Command]:
    """Commands of this kind with fields that fit the session, or once in a while do not."""
    return st.builds(command, **{f.name: _any(f, state) for f in fields_of(command)})


def _any(known: Field, state: SessionState) -> st.SearchStrategy[Any]:
    allowed = known.allowed or Allowed("text")
    match allowed.kind:
        case "choice":
            found = st.sampled_from(allowed.options)
        case "whole" if known.name == "turn":
            found = st.sampled_from((state.queue.turn, state.queue.turn, state.queue.turn, state.queue.turn - 1, 0))
        case "whole":
            found = st.integers(allowed.low, min(allowed.high, allowed.low + 20))
        case "ref":
            found = st.sampled_from(refs(known.name, state))
        case "flag":
            found = st.booleans()
        case _:
            found = st.sampled_from(WORDS)
    return found | st.none() if known.default is None else found


def refs(name: str, state: SessionState) -> tuple[str, ...]:
    """Ids that a field of this name could hold, and one that it could not."""
    match name:
        case "ticket":
            known = [ticket.id for ticket in state.tickets]
        case "request":
            known = [request.id for request in state.breakouts]
        case "device":
            known = [device.id for seat in state.seats for device in seat.devices if device.flagged]
            known += [seat.voice_knock.device for seat in state.seats if seat.voice_knock]
        case "person":
            known = [one.person for one in state.in_call] + ["p1", "p2"]
        case _:
            known = [seat.id for seat in state.seats]
    return (*known, "nobody")
