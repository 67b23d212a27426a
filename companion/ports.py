"""What the service needs from the outside, as Protocols: stores, clock, ids, mail, calls. All of it may block.

Every store method runs in a worker thread, never on the event loop. Ids are opaque text, times timezone-aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from companion.core.model import SessionState
from companion.records import (
    Access,
    Connection,
    Group,
    Invite,
    Letter,
    Person,
    PlannedSession,
    Saved,
    TapRecord,
)


class Moved(Exception):
    """Somebody else saved this session first: load it again and step again."""


class StoreDown(Exception):
    """The database cannot be reached, is full or is locked: nothing was saved."""


class DeliveryFailed(Exception):
    """A letter did not go out; ``permanent`` says that trying again cannot help."""

    def __init__(self, problem: str, *, permanent: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent


Clock = Callable[[], datetime]
FreshId = Callable[[], str]  # at least 128 unguessable bits, URL-safe


class SessionStore(Protocol):
    """The live sessions: one sealed document each, a key of its own, and the taps that had their effect."""

    def create(self, state: SessionState, due_at: datetime | None) -> None:
        """Begin the live data of a session; quietly nothing if it exists."""

    def load(self, session_id: str) -> Saved | None:
        """The session and its revision, or None once destroyed or if it never was."""

    def seen_tap(self, session_id: str, seat_id: str, tap_id: str) -> str | None:
        """The digest of a tap that had its effect, or None."""

    def save(
        self, session_id: str, revision: int, state: SessionState, due_at: datetime | None, tap: TapRecord | None
    ) -> None:
        """Commit state, revision + 1, due time and tap in one durable transaction. Raises Moved or StoreDown."""

    def due(self, at: datetime) -> Sequence[str]:
        """Ids of live sessions with something due at or before ``at``."""

    def destroy(self, session_id: str) -> None:
        """Destroy document, key, taps and connections of a session so that no byte of them can be read again."""

    def live(self) -> Sequence[str]:
        """Ids of all live sessions."""


class ConnectionStore(Protocol):
    """Who is connected, counted over all nodes, since each process knows only its own sockets."""

    def open(self, connection: Connection) -> None:
        """Add it, or renew it."""

    def close(self, connection_id: str) -> bool:
        """Remove it; True if its seat has none left."""

    def renew(self, node: str, expires_at: datetime) -> None:
        """This node is alive: renew all its socket connections."""

    def forget_node(self, node: str) -> Sequence[Connection]:
        """Remove what this node left behind when it was killed; returns what was removed."""

    def expire(self, at: datetime) -> Sequence[tuple[str, str]]:
        """Remove what has expired; returns (session, seat) of seats that have none left by that."""

    def present(self, session_id: str, seat_id: str) -> bool:
        """Whether the seat has any connection."""

    def connected(self, access_id: str) -> bool:
        """Whether this browser has a live connection; recent forms do not count."""


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

    def save_invite(self, invite: Invite) -> None:
        """Add or replace."""

    def invite(self, invite_id: str) -> Invite | None:
        """One invite."""

    def invite_by_token(self, token_hash: str) -> Invite | None:
        """The invite whose link carries the token with this hash."""

    def invite_of_seat(self, session_id: str, seat_id: str) -> Invite | None:
        """The invite that leads to this seat."""

    def invites(self, session_id: str) -> Sequence[Invite]:
        """All invites of a session."""

    def count_failure(self, invite_id: str, retire_at: int) -> Invite:
        """Count one failed guess atomically; the passcode retires when there are ``retire_at``."""

    def save_access(self, access: Access) -> None:
        """Add or replace."""

    def access(self, access_id: str) -> Access | None:
        """One access by its id (the device id)."""

    def access_by_token(self, token_hash: str) -> Access | None:
        """The access whose cookie carries the token with this hash."""

    def accesses_of_seat(self, session_id: str, seat_id: str) -> Sequence[Access]:
        """The browsers of a seat that have not ended."""

    def end_accesses(self, session_id: str, seat_id: str | None = None, access_id: str | None = None) -> Sequence[str]:
        """End the accesses of a session, a seat or one browser; returns the ids that were ended."""

    def speak(self, access_id: str, language: str) -> None:
        """Draw the pages of this browser in this language from now on; nothing else of it is touched."""

    def lock_at(self, access_id: str, at: datetime | None) -> None:
        """From then on this browser, unless it is connected, has to give its passcode again; None: never."""


class OrganiserStore(Protocol):
    """Organiser accounts of this small first kind: a link token and a password, both hashed."""

    def save_organiser(self, name: str, password_hash: str) -> None:
        """Add or replace."""

    def organiser_hash(self, name: str) -> str | None:
        """The password hash of this organiser."""


class OutboxStore(Protocol):
    """Letters on their way."""

    def post(self, letter: Letter) -> None:
        """Add or replace."""

    def due_letters(self, at: datetime, limit: int = 20) -> Sequence[Letter]:
        """Waiting letters that are due, oldest first."""

    def letters(self) -> Sequence[Letter]:
        """All letters that are waiting or have failed."""


class Store(SessionStore, ConnectionStore, GroupStore, PlanStore, OrganiserStore, OutboxStore, Protocol):
    """Everything that is kept."""

    def ready(self) -> None:
        """A cheap write that proves the database can take a tap; raises StoreDown otherwise."""


class Hasher(Protocol):
    """Slow hashing of passcodes and passwords (argon2id with a pepper); at most four at once."""

    def hash(self, secret: str) -> str:
        """The hash to keep."""

    def verify(self, kept: str, secret: str) -> bool:
        """Whether the secret is the one that was hashed."""


class Mailer(Protocol):
    """Sends one letter. Raises DeliveryFailed."""

    def send(self, to: str, subject: str, body: str) -> None:
        """Send it now."""


class MeetingAdapter(Protocol):
    """Where the call is. Names and ids given to it are opaque or chosen aliases, never a person's name."""

    name: str

    def call_link(self, group: Group) -> str:
        """The address of the group's call; empty if there is none."""

    def private_room_link(self, group: Group, room: str) -> str:
        """The address of a private room for two; ``room`` is an unguessable id, the same for both."""
