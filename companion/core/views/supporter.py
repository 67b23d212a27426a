"""A peer supporter's panel: duty, one-to-ones, and a "please check on me" that nobody answered."""

from __future__ import annotations

from companion.core.model import Seat, SessionState
from companion.core.views import desks
from companion.core.views.member import news
from companion.core.views.regions import DutyView, Panel


def supporter_panel(state: SessionState, seat: Seat) -> Panel:
    """Every region of a peer supporter's page."""
    mine = state.breakout_with(seat.id)
    return {
        "news": news(state, seat),
        "room": desks.staff_room(state, seat),
        "duty": DutyView(seat.on_duty, state.alias(mine.seat) if mine else ""),
        "signals": desks.signals(state, seat),
        "one_to_ones": desks.one_to_ones(state, seat),
        "notes": desks.notes(state, seat),
    }
