"""A tech helper's panel: tickets and lost connections. Nothing of care is in it, in any form."""

from __future__ import annotations

from companion.core.model import Seat, SessionState
from companion.core.views import desks
from companion.core.views.member import news
from companion.core.views.regions import Panel


def helper_panel(state: SessionState, seat: Seat) -> Panel:
    """Every region of a tech helper's page."""
    return {
        "news": news(state, seat),
        "room": desks.staff_room(state, seat),
        "tickets": desks.tickets(state, seat),
        "notes": desks.notes(state, seat),
    }
