"""Wrong passcodes at somebody's link while the session is live, and moving her to a new device."""

from __future__ import annotations

from companion.core.context import Act, Outcome
from companion.core.effects import EndDevice
from companion.core.model import SessionState
from companion.core.values import replace

ALERT_AT = 2  # one is a slip


def note(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """A passcode that did not fit. Facilitators hear of it from the second on; nobody else ever does."""
    seat = state.seat(seat_id)
    first = seat.wrong_since or act.at
    return state.with_seat(replace(seat, wrong_passcodes=seat.wrong_passcodes + 1, wrong_since=first))


def see(state: SessionState, *, seat_id: str) -> SessionState:
    """A facilitator knows of it and asks her; more of them alert again."""
    return state.with_seat(replace(state.seat(seat_id), wrong_passcodes=0, wrong_since=None))


def forget_devices(state: SessionState, *, seat_id: str) -> Outcome:
    """She has a new device: her other browsers are out, her place and all that is hers stay as they are."""
    seat = state.seat(seat_id)
    ended = tuple(EndDevice(device.id) for device in seat.devices)
    return Outcome(state.with_seat(replace(seat, devices=(), voice_knock=None)), ended)
