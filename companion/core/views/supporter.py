"""What peer supporters alone see: whether they are on duty, and with whom."""

from __future__ import annotations

from companion.core.model import Seat, SessionState
from companion.core.views.regions import DutyView


def duty(state: SessionState, seat: Seat) -> DutyView:
    """Whether she takes one-to-ones, and whose she has taken."""
    mine = state.breakout_with(seat.id)
    return DutyView(seat.on_duty, state.alias(mine.seat) if mine else "")
