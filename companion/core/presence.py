"""Works out where a person is: here, lost, on a break, or out at a one-to-one. Nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from companion.core.model import Seat, SessionState

Away = Literal["lost", "break", "one_to_one"]


def all_away(state: SessionState) -> Mapping[str, Away]:
    """The seats that could not speak just now, and why. "Please check on me" does not stop anyone from speaking."""
    found: dict[str, Away] = {seat.id: "lost" for seat in state.seats if seat.lost}
    first = {signal.seat: signal for signal in reversed(state.signals)}
    found.update({seat_id: "break" for seat_id, signal in first.items() if signal.strength != "check_on_me"})
    requests = {one.supporter: one for one in reversed(state.breakouts) if one.supporter is not None}
    requests.update({one.seat: one for one in reversed(state.breakouts)})
    found.update({seat_id: "one_to_one" for seat_id, one in requests.items() if one.state == "open"})
    return found


def present(seat: Seat) -> bool:
    """In the room, with a connection or a telephone."""
    return seat.state == "seated" and not seat.lost


def on_duty(state: SessionState) -> tuple[Seat, ...]:
    """The peer supporters who take one-to-ones now, busy or not: being busy is shown to staff alone.

    One whose connection is lost is not offered: nothing may be offered that cannot be kept.
    """
    return tuple(seat for seat in state.seats if seat.role == "peer_supporter" and seat.on_duty and present(seat))
