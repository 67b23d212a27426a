"""Which command a key of a telephone is, for somebody who sees nothing of how things stand. It changes nothing.

A key pressed again is quietly the same: it neither weakens what she said on her page nor raises it anew. 0 takes back
the last of what stands, and pressed again what stands then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from companion.core.commands import (
    ChooseLanguage,
    Command,
    OpenTicket,
    RaiseBreakSignal,
    RequestTurn,
    SettleBreakSignal,
    WithdrawTicket,
    WithdrawTurn,
)
from companion.core.model import Seat, SessionState
from companion.core.turns import place_of

Key = Literal["1", "2", "3", "0"]  # ask to speak, break, help, take back


def are_heard(state: SessionState) -> bool:
    """Whether keys do anything: from the doors to the end."""
    return state.phase in ("open", "live", "paused", "ending")


def command_for(state: SessionState, seat: Seat, key: Key) -> Command:
    """What this key means now, from this seat."""
    match key:
        case "1":
            return RequestTurn()
        case "2":
            return _break(state, seat)
        case "3":
            return _help(state, seat)
        case "0":
            return _take_back(state, seat)


def _break(state: SessionState, seat: Seat) -> Command:
    standing = state.signal_of(seat.id)
    if standing is None:
        return RaiseBreakSignal("few_minutes")
    # An answer went to a page that she may not have: pressing again says that it did not reach her.
    return RaiseBreakSignal(standing.strength) if standing.state == "answered" else _nothing(seat)


def _help(state: SessionState, seat: Seat) -> Command:
    standing = state.ticket_of(seat.id)
    if standing is not None:
        return OpenTicket(standing.kind)
    return OpenTicket("cannot_get_in" if seat.state == "waiting" else "something_else")


def _take_back(state: SessionState, seat: Seat) -> Command:
    standing = sorted(_standing(state, seat), key=lambda each: each[0])
    return standing[-1][1] if standing else _nothing(seat)


def _standing(state: SessionState, seat: Seat) -> list[tuple[datetime, Command]]:
    # Of the same moment a place in the line comes first, since it is the worst to lose.
    found: list[tuple[datetime, Command]] = []
    place, signal, ticket = place_of(state.queue.line, seat.id), state.signal_of(seat.id), state.ticket_of(seat.id)
    if place is not None and place.own:  # what a facilitator or a go-round gave her is not hers to take back by a key
        found.append((place.asked_at, WithdrawTurn()))
    if signal is not None:
        found.append((signal.raised_at, SettleBreakSignal()))
    if ticket is not None and ticket.by == seat.id:
        found.append((ticket.opened_at, WithdrawTicket()))
    return found


def _nothing(seat: Seat) -> Command:
    # It changes nothing, and yet the tap is written down: a late copy of it must not act once things stand otherwise.
    return ChooseLanguage(seat.language)
