"""What each seat may know, decided here once; nothing else is ever sent to that seat."""

from __future__ import annotations

from companion.core.model import Seat, SessionState
from companion.core.views.facilitator import facilitator_panel
from companion.core.views.helper import helper_panel
from companion.core.views.member import member_panel
from companion.core.views.regions import NewsView, Panel, StaffRoom
from companion.core.views.supporter import supporter_panel

_PANELS = {
    "member": member_panel,
    "facilitator": facilitator_panel,
    "peer_supporter": supporter_panel,
    "tech_helper": helper_panel,
}


def panel_for(state: SessionState, seat_id: str) -> Panel:
    """Every region of this seat's panel, by name, in the order of the page."""
    seat = state.seat(seat_id)
    if seat.role != "member" and seat.state in ("expected", "left"):
        return _outside(seat)
    return _PANELS[seat.role](state, seat)


def changed_regions(before: SessionState, after: SessionState, seat_id: str) -> Panel:
    """The regions of this seat's panel that the change altered; empty where it altered none."""
    if not any(seat.id == seat_id for seat in before.seats):
        return panel_for(after, seat_id)
    old = panel_for(before, seat_id)
    return {name: region for name, region in panel_for(after, seat_id).items() if old.get(name) != region}


def _outside(seat: Seat) -> Panel:
    # Somebody who has just been removed may still be connected when the change is sent round.
    return {"news": NewsView(), "room": StaffRoom("closed", seat.role, seat.alias, seat.language, None, 0, 0)}


__all__ = ["Panel", "changed_regions", "panel_for"]
