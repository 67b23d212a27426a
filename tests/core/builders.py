"""Sessions to test with: made by the real commands, on a fake clock that runs on with every press.

Seat ids are the alias in lower case. `press` steps once and answers the new session; `refused` answers the reason code.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.context import Outcome
from companion.core.model import SYSTEM, AgendaPart, GroupRules, SessionState
from companion.core.refusals import Refused
from companion.core.step import step
from companion.core.values import Value, names, replace
from companion.core.views import panel_for

SEVEN = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
AGENDA = (AgendaPart("Arriving", 10), AgendaPart("Time to share", 60), AgendaPart("Rounding off", 10))
PROMPTS = ("What was one small good moment this week?", "What helps you when a day is heavy?")


class Clock:
    """The server's time and its unguessable ids, neither of which a test has to think about."""

    def __init__(self) -> None:
        self.set_back()

    def set_back(self) -> None:
        self.now = SEVEN
        self._numbers = count(1)

    def after(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def fresh(self) -> str:
        return f"fresh-{next(self._numbers)}"


CLOCK = Clock()


def press(state: SessionState, command: Command, by: str = "Wren", after: float = 1) -> SessionState:
    """The session once ``by`` has given this command, ``after`` seconds after the press before."""
    return outcome_of(state, command, by, after).state


def outcome_of(state: SessionState, command: Command, by: str = "Wren", after: float = 1) -> Outcome:
    """Like ``press``, with what the shell should do next."""
    return step(state, command, by=by.lower(), at=CLOCK.after(after), fresh=CLOCK.fresh())


def refused(state: SessionState, command: Command, by: str = "Wren", after: float = 1) -> str:
    """The reason why this command is refused; the test fails if it is not."""
    with pytest.raises(Refused) as no:
        press(state, command, by, after)
    return no.value.reason


def later(state: SessionState, seconds: float) -> SessionState:
    """The session when so much time has passed and the clock has come round."""
    return press(state, c.LetTimePass(), SYSTEM, after=seconds)


def panel(state: SessionState, alias: str) -> dict[str, Any]:
    """The whole panel of somebody, by name of region."""
    return panel_for(state, alias.lower())


def changed_views(before: SessionState, after: SessionState) -> set[str]:
    """The aliases of everybody whose panel changed."""
    known = {seat.id for seat in before.seats}
    return {
        seat.alias
        for seat in after.seats
        if seat.id not in known or panel_for(before, seat.id) != panel_for(after, seat.id)
    }


def line(state: SessionState) -> list[str]:
    """Who waits, in order, by alias."""
    return [state.alias(place.seat) for place in state.queue.line.places]


def speaker(state: SessionState) -> str:
    """Who speaks, by alias; empty if nobody does."""
    turn = state.queue.line.speaking
    return state.alias(turn.seat) if turn else ""


def news(state: SessionState, alias: str) -> str:
    """The code of the sentence that stands on somebody's page."""
    return panel(state, alias)["news"].code


def a_session(
    members: tuple[str, ...] | list[str] = ("Wren", "Ash"),
    facilitator: str = "Sol",
    facilitators: tuple[str, ...] | list[str] = (),
    supporters: tuple[str, ...] | list[str] = (),
    helpers: tuple[str, ...] | list[str] = (),
    phase: str = "live",
    rules: GroupRules | None = None,
    on_duty: bool = True,
    safeguarded: bool = True,
    cues: dict[str, tuple[str, ...]] | None = None,
) -> SessionState:
    """A session in which everybody named is in the room (from the phase in which that can be)."""
    hosts = (facilitator, *facilitators)
    agreed = replace(rules or GroupRules(agenda=AGENDA, prompts=PROMPTS), safeguarded=safeguarded)
    state = SessionState("evening", agreed)
    for role, aliases in (
        ("facilitator", hosts),
        ("member", members),
        ("peer_supporter", supporters),
        ("tech_helper", helpers),
    ):
        for alias in aliases:
            seat = c.ExpectSeat(alias.lower(), role, alias, cues=(cues or {}).get(alias, ()))
            state = press(state, seat, SYSTEM)
    for alias in (*hosts, *supporters, *helpers):
        state = arrived(state, alias)
    if phase == "planned":
        return state
    state = press(state, c.OpenDoors(), facilitator)
    for alias in members:
        state = arrived(state, alias)
    state = press(state, c.AdmitAll(), facilitator)
    for alias in supporters if on_duty else ():
        state = press(state, c.GoOnDuty(), alias)
    return _in_phase(state, phase, facilitator)


def _in_phase(state: SessionState, phase: str, facilitator: str) -> SessionState:
    path: dict[str, list[Command]] = {
        "open": [],
        "live": [c.StartSession()],
        "paused": [c.StartSession(), c.PauseRoom()],
        "ending": [c.StartSession(), c.BeginEnding()],
        "closed": [c.StartSession(), c.BeginEnding(), c.CloseSession()],
    }
    for command in path[phase]:
        state = press(state, command, facilitator)
    return state


def arrived(state: SessionState, alias: str, device: str = "") -> SessionState:
    """Somebody's browser has come through the joining pages."""
    device = device or f"{alias.lower()}-phone"
    return press(state, c.Arrive(alias.lower(), device, alias), SYSTEM)


def asking(state: SessionState, *aliases: str) -> SessionState:
    """These people have asked to speak, in this order."""
    for alias in aliases:
        state = press(state, c.RequestTurn(), alias)
    return state


def called(state: SessionState, by: str = "Sol", after: float = 1) -> SessionState:
    """A facilitator has pressed "next"."""
    return press(state, c.StartNextTurn(state.queue.turn), by, after)


def invited(state: SessionState, alias: str, by: str = "Sol", after: float = 1) -> SessionState:
    """A facilitator has invited somebody by name."""
    return press(state, c.InviteToSpeak(alias.lower(), state.queue.turn), by, after)


def finished(state: SessionState, by: str, after: float = 1) -> SessionState:
    """The speaker, or a facilitator for her, has said that she has finished."""
    return press(state, c.FinishTurn(state.queue.turn), by, after)


def put_back_first(state: SessionState, by: str = "Sol", after: float = 1) -> SessionState:
    """A facilitator has put the interrupted speaker back first."""
    return press(state, c.PutBackFirst(state.queue.turn), by, after)


def lost(state: SessionState, alias: str) -> SessionState:
    """Somebody's connection has been gone long enough to be seen, and not long enough for a ticket."""
    return later(press(state, c.NoticeDrop(alias.lower()), SYSTEM), 15)


def back(state: SessionState, alias: str) -> SessionState:
    """Somebody's connection is there again."""
    return press(state, c.NoticeReturn(alias.lower()), SYSTEM)


def out_together(state: SessionState, member: str = "Wren", supporter: str = "Pia") -> SessionState:
    """A member and a supporter are in their private room."""
    state = press(state, c.RequestBreakout(), member)
    state = press(state, c.ClaimBreakout(request_of(state, member)), supporter)
    return press(state, c.AcceptBreakout(), member)


def request_of(state: SessionState, alias: str) -> str:
    """The id of somebody's breakout request."""
    request = state.breakout_of(alias.lower())
    return request.id if request else "nothing"


def ticket_of(state: SessionState, alias: str) -> str:
    """The id of somebody's help ticket."""
    ticket = state.ticket_of(alias.lower())
    return ticket.id if ticket else "nothing"


def a_half_finished_session() -> SessionState:
    """The session of the demo: one speaker, two waiting, a break signal, a breakout request and a ticket.

    Always the same, to the second: its clock is set back to seven o'clock.
    """
    CLOCK.set_back()
    rules = GroupRules(others_see="line", turn_seconds=180, usual_wait_minutes=2, agenda=AGENDA, prompts=PROMPTS)
    state = a_session(
        members=["Wren", "Ash", "Fern", "Briar", "Moss", "Heath"],
        facilitators=["Noor"],
        supporters=["Pia"],
        helpers=["Kit"],
        rules=rules,
        cues={"Heath": ("captions", "reads_slowly")},
    )
    state = press(state, c.ExpectSeat("lark", "member", "Lark", first_time=True), SYSTEM)
    state = arrived(state, "Lark")
    state = called(asking(state, "Wren"), after=10)
    state = press(state, c.RequestTurn(note="about last week"), "Ash", after=20)
    state = asking(state, "Fern")
    state = press(state, c.RaiseBreakSignal("few_minutes", 5), "Fern", after=10)
    state = press(state, c.RequestBreakout(), "Briar", after=10)
    state = press(state, c.OpenTicket("cannot_hear", "no sound since the song"), "Moss", after=10)
    return press(state, c.CallMe("01632 960001"), "Moss")


def leaves(value: object) -> list[str]:
    """Every text inside a region or a panel: to look for what must not be there."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in leaves(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in leaves(each)]
    if isinstance(value, Value):
        return [text for name in names(type(value)) for text in leaves(getattr(value, name))]
    assert value is None or isinstance(value, (int, datetime)), "nothing in which a text could hide"
    return []
