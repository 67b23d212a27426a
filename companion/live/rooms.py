"""Which connections of this node belong to which seat and browser, and in which format they want their panels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from companion.drawing import Drawings

Format = Literal["html", "json"]


@dataclass(frozen=True, slots=True)
class Member:
    """One connection. Everything about it is fixed when it connects, from its access, never from a message."""

    connection: str
    access_id: str
    session_id: str
    seat_id: str
    language: str
    form: Format
    address: str
    shows: int = -1  # the number of the drawing that its page shows already


class Rooms:
    """The connections of this node; read by worker threads, so guarded."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._members: dict[str, Member] = {}
        self._sessions: dict[str, dict[str, Member]] = {}  # the same, by session
        self._of_seat: dict[str, dict[str, Member]] = {}
        self._drawings: dict[str, Drawings] = {}  # by session, as long as somebody here looks at it
        self._resting: set[str] = set()  # pages out of sight
        self._out: set[str] = set()  # put out, and about to be hung up: they hear nothing more
        self._answering: set[str] = set()  # a connection's taps are handled one after the other

    @staticmethod
    def name(seat_id: str, form: Format) -> str:
        """The Socket.IO room of one seat and format. There is no room of a whole session."""
        return f"{form} {seat_id}"

    def add(self, member: Member) -> None:
        """A connection has been let in."""
        with self._guard:
            self._members[member.connection] = member
            self._sessions.setdefault(member.session_id, {})[member.connection] = member
            self._of_seat.setdefault(member.seat_id, {})[member.connection] = member

    def remove(self, connection: str) -> Member | None:
        """A connection has gone."""
        with self._guard:
            member = self._members.pop(connection, None)
            self._out.discard(connection)
            if member is not None:
                self._remove_from_session(member)
                here = self._of_seat[member.seat_id]
                del here[connection]
                if not here:
                    del self._of_seat[member.seat_id]
            return member

    def put_out(self, connection: str) -> None:
        """This connection is about to be hung up; should it be on its way into its room, it must not get there."""
        with self._guard:
            if connection in self._members:
                self._out.add(connection)

    def may_join(self, connection: str) -> bool:
        """Whether this connection is still there and has not been put out."""
        with self._guard:
            return connection in self._members and connection not in self._out

    def rest(self, connection: str, resting: bool) -> None:
        """A page goes out of sight, or is looked at again, or is about to be closed for good."""
        (self._resting.add if resting else self._resting.discard)(connection)

    def was_resting(self, connection: str) -> bool:
        """Whether the page of this connection, which has gone, was out of sight."""
        resting = connection in self._resting
        self._resting.discard(connection)
        return resting

    def member(self, connection: str) -> Member | None:
        """Who this connection is."""
        return self._members.get(connection)

    def count(self) -> int:
        """How many connections there are."""
        return len(self._members)

    def format_of(self, connection: str) -> Format:
        """The format this connection asked for."""
        member = self._members.get(connection)
        return member.form if member else "html"

    def formats(self, seat_id: str) -> tuple[Format, ...]:
        """The formats in which somebody here looks at this seat's panel."""
        with self._guard:
            return tuple(sorted({member.form for member in self._of_seat.get(seat_id, {}).values()}))

    def members_of(self, access_ids: tuple[str, ...]) -> list[Member]:
        """The connections of these browsers."""
        with self._guard:
            return [member for member in self._members.values() if member.access_id in access_ids]

    def sessions(self) -> tuple[str, ...]:
        """The sessions that somebody here looks at."""
        with self._guard:
            return tuple(self._sessions)

    def drawings(self, session_id: str) -> Drawings:
        """What is drawn of a session already; nothing of it is kept once nobody here looks at it any more."""
        with self._guard:
            if session_id not in self._sessions:
                return Drawings()
            return self._drawings.setdefault(session_id, Drawings())

    def forget_drawings(self, session_id: str) -> None:
        """Let go of whatever is drawn of a session."""
        with self._guard:
            self._drawings.pop(session_id, None)

    def seats(self, session_id: str, but: str = "") -> tuple[str, ...]:
        """The seats of a session that somebody here looks at, by another connection than ``but``."""
        with self._guard:
            members = self._sessions.get(session_id, {}).values()
            return tuple(sorted({member.seat_id for member in members if member.connection != but}))

    @contextmanager
    def answering(self, connection: str) -> Iterator[None]:
        """Meanwhile a tap of this connection is in hand."""
        self._answering.add(connection)
        try:
            yield
        finally:
            self._answering.discard(connection)

    def is_answering(self, connection: str) -> bool:
        """Whether a tap of this connection is in hand."""
        return connection in self._answering

    def _remove_from_session(self, member: Member) -> None:
        here = self._sessions.get(member.session_id, {})
        here.pop(member.connection, None)
        if not here:
            self._sessions.pop(member.session_id, None)
            self._drawings.pop(member.session_id, None)
