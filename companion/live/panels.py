"""Draws what changed for each seat and sends it to that seat's own room. There is no other way out to a page."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from companion import drawing, server
from companion.core.model import Seat, SessionState
from companion.core.views import Panel, panel_for
from companion.live.rooms import Rooms
from companion.live.transport import hang_up_soon
from companion.ports import Meters, NoMeters
from companion.server import Courier


class LivePanels:
    """The way out. ``send`` is called by worker threads in the order of commits; the courier keeps that order."""

    def __init__(self, socketio_server: Any, rooms: Rooms, courier: Courier, meters: Meters | None = None) -> None:
        self._meters = meters or NoMeters()
        self._server = socketio_server
        self._rooms = rooms
        self._courier = courier

    def send(self, after: SessionState, changes: Mapping[str, Panel]) -> None:
        """Send each seat the regions that changed for it, in its own language and format."""
        by = self._rooms.drawings(after.id)
        for seat_id, regions in changes.items():
            seat, forms = after.seat(seat_id), self._rooms.formats(seat_id)
            if "html" not in forms:
                by.pass_over(seat_id)
            for form in forms:
                message = drawn(seat, regions, form, whole=False, by=by)
                self._emit("panel", message, self._rooms.name(seat_id, form))

    def send_anew(self, after: SessionState, seat_id: str) -> None:
        """Send every connection of a seat its whole panel."""
        seat, by = after.seat(seat_id), self._rooms.drawings(after.id)
        by.pass_over(seat_id)
        for form in self._rooms.formats(seat_id):
            message = drawn(seat, panel_for(after, seat_id), form, whole=True, by=by)
            self._emit("panel", message, self._rooms.name(seat_id, form))

    def welcome(self, connection: str) -> None:
        """Let this connection hear its seat's panels from here on: of what was sent before it hears nothing.

        To be followed by ``send_whole``, under the lock of the session and after a last look at whether she is in: so
        neither a gap is left in her numbers, nor does anybody hear a word who was put out while she came.
        """
        self._courier.post(lambda: self._join(connection))

    def show_again(self, state: SessionState, seat_ids: Collection[str]) -> None:
        """Send these seats the whole panel: what they were told last may not be all."""
        for seat_id in self._rooms.seats(state.id):
            if seat_id in seat_ids:
                self.send_anew(state, seat_id)

    def send_whole(self, state: SessionState, seat_id: str, connection: str, shows: int = -1) -> None:
        """Send one connection its whole panel, unless it shows that drawing already: one number is one drawing."""
        seat = state.seat(seat_id)
        if seat.number == shows:
            return
        form = self._rooms.format_of(connection)
        message = drawn(seat, panel_for(state, seat_id), form, whole=True, by=self._rooms.drawings(state.id))
        self._emit("panel", message, connection)

    def cut(self, access_ids: tuple[str, ...], code: str) -> None:
        """Say why, and cut every connection of these browsers."""
        if access_ids:
            self._courier.post(lambda: self._cut(access_ids, code))

    def measure(self, came: Sequence[float]) -> None:
        """Once all that was sent so far is with the sockets, count how long ago these taps came."""
        self._courier.post(lambda: self._meters.shown([time.perf_counter() - at for at in came]))

    def _emit(self, event: str, message: dict[str, Any], room: str) -> None:
        self._courier.post(lambda: self._server.emit(event, message, room=room))

    def _join(self, connection: str) -> None:
        member = self._rooms.member(connection)
        if member is not None and self._rooms.may_join(connection):
            self._server.enter_room(connection, self._rooms.name(member.seat_id, member.form))

    def _cut(self, access_ids: tuple[str, ...], code: str) -> None:
        for member in self._rooms.members_of(access_ids):
            self._rooms.put_out(member.connection)
            if code == "session_closed":
                # What was drawn stays in memory no longer than what it was drawn from, however late somebody hangs up.
                self._rooms.forget_drawings(member.session_id)
            self._server.leave_room(member.connection, self._rooms.name(member.seat_id, member.form))
            bye = {"code": code, "say": drawing.refusal(code, member.language)}
            self._server.emit("bye", bye, room=member.connection)
            server.spawn(hang_up_soon, self._server, member.connection, self._rooms.is_answering)


def drawn(seat: Seat, regions: Panel, form: str, *, whole: bool, by: drawing.Drawings) -> dict[str, Any]:
    """One panel message, ready to be written as JSON: HTML regions, or the views themselves."""
    message: dict[str, Any] = {"number": seat.number, "whole": whole}
    if form == "json":
        message["views"] = regions
    else:
        message["regions"] = by.whole(seat, regions) if whole else by.push(seat, regions)
    return message
