"""What is kept of groups, people, dates, invites and accesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from companion.records import Access, Group, Invite, Person, PlannedSession


class GroupStore(Protocol):
    """Groups and their people."""

    def save_group(self, group: Group) -> None:
        """Add or replace."""

    def group(self, group_id: str) -> Group | None:
        """One group."""

    def groups(self) -> Sequence[Group]:
        """All groups, by name."""

    def save_person(self, person: Person) -> None:
        """Add or replace."""

    def person(self, person_id: str) -> Person | None:
        """One person."""

    def people(self, group_id: str) -> Sequence[Person]:
        """All people of a group, by name."""


class PlanStore(Protocol):
    """Planned and past sessions, invites, accesses."""

    def save_session(self, session: PlannedSession) -> None:
        """Add or replace."""

    def session(self, session_id: str) -> PlannedSession | None:
        """One session."""

    def sessions(self, group_id: str | None = None) -> Sequence[PlannedSession]:
        """Sessions of a group, or all, newest first."""

    def invite(self, invite_id: str) -> Invite | None:
        """One invite."""

    def invite_by_token(self, *token_hashes: str) -> Invite | None:
        """The invite whose link carries the token with one of these hashes; one for each key."""

    def invite_of_seat(self, session_id: str, seat_id: str) -> Invite | None:
        """The invite that leads to this seat."""

    def invites(self, session_id: str) -> Sequence[Invite]:
        """All invites of a session."""

    def save_access(self, access: Access) -> None:
        """Add or replace."""

    def access(self, access_id: str) -> Access | None:
        """One access by its id (the device id)."""

    def access_by_token(self, *token_hashes: str) -> Access | None:
        """The access whose cookie carries the token with one of these hashes; one for each key."""

    def accesses_of_seat(self, session_id: str, seat_id: str) -> Sequence[Access]:
        """The browsers of a seat that have not ended."""

    def end_accesses(self, session_id: str, seat_id: str | None = None, access_id: str | None = None) -> Sequence[str]:
        """End the accesses of a session, a seat or one browser; returns the ids that were ended."""

    def speak(self, access_id: str, language: str) -> None:
        """Draw the pages of this browser in this language from now on; nothing else of it is touched."""

    def lock_at(self, access_id: str, at: datetime | None) -> None:
        """From then on this browser, unless it is connected, has to give its passcode again; None: never."""

    def lock_all(self, locks: Sequence[tuple[str, datetime | None]], *, later: bool = False) -> None:
        """The same for many; with ``later`` a time is only put off, never brought nearer."""
