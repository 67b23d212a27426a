"""Works out where a person is: here, lost, on a break, or out at a one-to-one. Nothing of it is stored."""

from __future__ import annotations

from typing import Literal

from companion.core.model import Seat, SessionState

Away = Literal["lost", "break", "one_to_one"]


def away(state: SessionState, seat_id: str) -> Away | None:
    """Why a seat could not speak just now, or None. "Please check on me" does not stop anyone from speaking."""
    request = state.breakout_of(seat_id) or state.breakout_with(seat_id)
    if request is not None and request.state == "open":
        return "one_to_one"
    signal = state.signal_of(seat_id)
    if signal is not None and signal.strength != "check_on_me":
        return "break"
    return "lost" if state.seat(seat_id).lost else None


def present(seat: Seat) -> bool:
    """In the room, with a connection or a telephone."""
    return seat.state == "seated" and not seat.lost


def on_duty(state: SessionState) -> tuple[Seat, ...]:
    """The peer supporters who take one-to-ones now, busy or not: being busy is shown to staff alone.

    One whose connection is lost is not offered: nothing may be offered that cannot be kept.
    """
    return tuple(seat for seat in state.seats if seat.role == "peer_supporter" and seat.on_duty and present(seat))
