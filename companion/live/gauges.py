"""How the connections of this node stand, for whoever watches the machines: sums alone. Called on the loop."""

from __future__ import annotations

from companion.live.outlet import Outlet
from companion.live.rooms import Rooms
from companion.ports import Pages

STEP = 16_384  # bytes: a finer number would tell the size of somebody's panel


def pages(rooms: Rooms) -> Pages:
    """How many connections there are, and what waits for those who read slowly."""
    waiting = [size for size in (outlet.waiting for outlet in tuple(Outlet.all)) if size]
    return Pages(rooms.count(), len(waiting), _in_steps(sum(waiting)), Outlet.cuts)


def _in_steps(size: int) -> int:
    return -(-size // STEP) * STEP
