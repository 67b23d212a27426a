"""Panels where several nodes serve one session: what another node has changed is drawn here, for the pages held here.

Nodes send each other no panels, only hints that a session has changed. Each reads it from the database, compares it
with what its own pages were told last, and tells each seat what is new to it; a seat for which nothing is new hears
nothing. All of it happens under the lock of the session, as with taps, so numbers leave this node in their order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from companion.core.model import SessionState
from companion.core.views import Panel, changed_regions
from companion.live.panels import LivePanels
from companion.live.rooms import Rooms
from companion.ports import Hints, Store
from companion.service.locks import SessionLocks

LOOK_SECONDS = 10.0  # between two looks at the database while no hint is missed


@dataclass(frozen=True, slots=True)
class _Told:
    state: SessionState  # what the pages here were told last
    revision: int  # 0: not known, since it was one of our own commits


class SharedPanels:
    """Implements deps.Panels around those of this node."""

    def __init__(self, panels: LivePanels, rooms: Rooms, hints: Hints, store: Store, locks: SessionLocks) -> None:
        self._panels, self._rooms, self._hints = panels, rooms, hints
        self._store, self._locks = store, locks
        self._told: dict[str, _Told] = {}
        self._look = threading.Event()
        self._looked_at = 0.0

    def send(self, after: SessionState, changes: Mapping[str, Panel]) -> None:
        """Tell the pages here, and the other nodes that there is something to tell."""
        self._tell(after, changes)
        self._hints.post(after.id)

    def send_whole(self, state: SessionState, seat_id: str, connection: str, shows: int = -1) -> None:
        """Send one connection its whole panel; whoever else is behind catches up."""
        self._tell(state, {}, but=connection)
        self._panels.send_whole(state, seat_id, connection, shows)

    def welcome(self, connection: str) -> None:
        """Let this connection hear its seat's panels from here on."""
        self._panels.welcome(connection)

    def show_again(self, state: SessionState, seat_ids: Collection[str]) -> None:
        """Whoever is behind what she was told last catches up; the other nodes look for themselves."""
        self._tell(state, {})
        self._hints.post(state.id)

    def cut(self, access_ids: tuple[str, ...], code: str) -> None:
        """Say why, and cut every connection of these browsers."""
        self._panels.cut(access_ids, code)
        if code == "session_closed":
            self._look.set()  # nothing of it stays in memory longer than in the database

    def measure(self, came: Sequence[float]) -> None:
        """Count how long ago these taps came; other nodes count nothing of them."""
        self._panels.measure(came)

    def redraw(self, session_id: str) -> None:
        """Another node has changed this session: tell the pages here what is new to them. Blocks; raises StoreDown."""
        if not self._rooms.seats(session_id) and session_id not in self._told:
            return
        with self._locks.of(session_id):
            saved = self._store.load(session_id) if self._rooms.seats(session_id) else None
            if saved is None:
                self._told.pop(session_id, None)
            else:
                self._tell(saved.state, {}, revision=saved.revision)

    def look_around(self) -> None:
        """Compare with the database whatever is looked at here, where a hint may have been missed. Raises StoreDown."""
        missed = self._hints.missed() or self._look.is_set()
        if not missed and time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._look.clear()
        try:
            self._compare()
        except BaseException:
            self._look.set()  # the next look is not put off
            raise
        self._looked_at = time.monotonic()

    def _compare(self) -> None:
        here = self._rooms.sessions()
        revisions = self._store.revisions(here) if here else {}
        for session_id in {*here, *list(self._told)}:
            told = self._told.get(session_id)
            if told is not None and told.revision != revisions.get(session_id):
                self.redraw(session_id)

    def _tell(self, after: SessionState, changes: Mapping[str, Panel], *, but: str = "", revision: int = 0) -> None:
        told = self._told.pop(after.id, None)
        if self._rooms.seats(after.id):
            self._told[after.id] = _Told(after, revision)
        if told is None:
            return  # each page here is about to get its whole panel
        last = {seat.id: seat.number for seat in told.state.seats}
        for seat_id in self._rooms.seats(after.id, but):
            behind = after.seat(seat_id).number - last.get(seat_id, -2)
            if behind == 1:
                regions = changes.get(seat_id) or changed_regions(told.state, after, seat_id)
                self._panels.send(after, {seat_id: regions})
            elif behind:
                self._panels.send_anew(after, seat_id)
