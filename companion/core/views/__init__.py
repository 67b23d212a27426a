"""What each seat may know, decided here once; nothing else is ever sent to that seat."""

from __future__ import annotations

from companion.core.model import SessionState
from companion.core.views.panels import regions_of
from companion.core.views.regions import Panel
from companion.core.views.sight import Sight, seen


def panel_for(state: SessionState, seat_id: str) -> Panel:
    """Every region of this seat's panel, by name, in the order of the page."""
    seat = state.seat(seat_id)
    return {name: view(state, seat) for name, view in regions_of(seat).items()}


def changed_regions(before: SessionState, after: SessionState, seat_id: str) -> Panel:
    """The regions of this seat's panel that the change altered; empty where it altered none."""
    if not any(seat.id == seat_id for seat in before.seats):
        return panel_for(after, seat_id)
    old = panel_for(before, seat_id)
    return {name: region for name, region in panel_for(after, seat_id).items() if old.get(name) != region}


__all__ = ["Panel", "Sight", "changed_regions", "panel_for", "seen"]
