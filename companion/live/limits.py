"""How much one person and one address may ask of us; counted here because HTTP limiters never see socket messages."""

from __future__ import annotations

import time
from collections import Counter

from companion import server
from companion.live.pace import Pace, Rate
from companion.ports import Apart, NoTallies, Tallies

TAPS = Rate(10, 10)
FLOOD = Rate(60, 10)  # so many in ten seconds are no person's thumbs
MESSAGES = Rate(120, 10)  # of one client whoever she is, with answers to pings: beyond, nothing more is read
SOCKETS_A_SEAT = 3
SOCKETS_AN_ADDRESS = 60


class Limits:
    """Counts of this node, and taps of all nodes together. Pages are counted by node: they are its memory."""

    def __init__(self, tallies: Tallies | None = None) -> None:
        self._tallies = tallies or NoTallies()
        self._taps, self._messages = Pace(TAPS), Pace(FLOOD)
        self._sockets: Counter[str] = Counter()

    def may_tap(self, seat_id: str) -> bool:
        """Ten commands in ten seconds."""
        return self._taps.hit(seat_id) and self._may_tap_anywhere(seat_id)

    def floods(self, connection: str) -> bool:
        """Whether this connection sends more than any person could; counts the message."""
        return not self._messages.hit(connection)

    def open(self, seat_id: str, address: str) -> bool:
        """Count one more connection, unless there are too many."""
        if self._sockets[f"seat {seat_id}"] >= SOCKETS_A_SEAT or self._sockets[f"from {address}"] >= SOCKETS_AN_ADDRESS:
            return False
        self._sockets[f"seat {seat_id}"] += 1
        self._sockets[f"from {address}"] += 1
        return True

    def close(self, seat_id: str, address: str) -> None:
        """Count one connection less."""
        for key in (f"seat {seat_id}", f"from {address}"):
            self._sockets[key] -= 1
            if self._sockets[key] <= 0:
                del self._sockets[key]

    def _may_tap_anywhere(self, seat_id: str) -> bool:
        if isinstance(self._tallies, NoTallies):
            return True
        try:
            left = server.off_loop(self._tallies.take, f"tap {seat_id}", time.time(), TAPS.seconds, TAPS.amount)
        except Apart:
            return True  # this node has counted
        return left >= 0
