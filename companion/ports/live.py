"""What is kept of live sessions, and who is connected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from companion.core.model import SessionState
from companion.records import Connection, Looked, Saved, Saving, TapRecord


class SessionStore(Protocol):
    """The live sessions: one sealed document each, a key of its own, and the taps that had their effect."""

    def create(self, state: SessionState, due_at: datetime | None) -> None:
        """Begin the live data of a session; quietly nothing if it exists."""

    def load(self, session_id: str) -> Saved | None:
        """The session and its revision, or None once destroyed or if it never was."""

    def load_all(self, session_ids: Collection[str]) -> Mapping[str, Saved]:
        """The same of many; those that are destroyed are left out."""

    def seen_tap(self, session_id: str, seat_id: str, tap_id: str) -> str | None:
        """The digest of a tap that had its effect, or None."""

    def save(
        self, session_id: str, revision: int, state: SessionState, due_at: datetime | None, tap: TapRecord | None
    ) -> None:
        """Commit state, revision + 1, due time and tap in one durable transaction. Raises Moved or StoreDown."""

    def look(self, asked: Sequence[tuple[str, str]]) -> Sequence[Looked]:
        """For each (access, tap id): that browser, its session and whether this tap had its effect, read afresh."""

    def save_all(self, savings: Sequence[Saving]) -> Collection[str]:
        """Commit all of them, one for each session, in one durable transaction.

        Returns the ids of sessions that somebody else saved first: nothing of those is saved, all of the others is.
        Raises StoreDown, and whatever else was wrong with one of them; then nothing of any is saved.
        """

    def due(self, at: datetime) -> Sequence[str]:
        """Ids of live sessions with something due at or before ``at``."""

    def destroy(self, session_id: str) -> None:
        """Destroy document, key, taps and connections of a session so that no byte of them can be read again."""

    def live(self) -> Sequence[str]:
        """Ids of all live sessions."""

    def revisions(self, session_ids: Sequence[str]) -> Mapping[str, int]:
        """The revision of each of these that is live: cheap, to see whether another node has changed it."""


class ConnectionStore(Protocol):
    """Who is connected, counted over all nodes, since each process knows only its own sockets."""

    def open(self, opened: Sequence[Connection], instead_of: Sequence[str] = ()) -> None:
        """Add these, or renew them, and remove those with the ids in ``instead_of``."""

    def close(self, connection_ids: Sequence[str]) -> Collection[tuple[str, str]]:
        """Remove these; returns (session, seat) of seats that have none left by that."""

    def renew(self, node: str, expires_at: datetime) -> None:
        """This node is alive: renew all its socket connections."""

    def forget_node(self, node: str) -> Sequence[Connection]:
        """Remove what this node left behind when it was killed; returns what was removed."""

    def expire(self, at: datetime) -> Sequence[tuple[str, str]]:
        """Remove what has expired; returns (session, seat) of seats that have none left by that."""

    def present(self, seats: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Those of these (session, seat) that have any connection."""

    def connected(self, access_id: str) -> bool:
        """Whether this browser has a live connection; recent forms do not count."""
