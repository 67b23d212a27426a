"""The tables of dates, invites and accesses."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from companion.records import Access, Invite, PlannedSession, Series
from companion.store.tables.columns import child_of, key, metadata, number, sealed, time, word, yes

series = Table(
    "series",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    word("rule"),
    sealed("starts"),
    word("zone"),
    number("minutes"),
    sealed("skipped"),
    time("ended_at", nullable=True),
    Index(None, "group_id"),
    info={"record": Series},
)

sessions = Table(
    "sessions",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    time("starts_at"),
    word("phase"),
    time("closed_at", nullable=True),
    time("destroyed_at", nullable=True),
    Column("came", Integer),
    Column("mean_ticket_wait_seconds", Integer),
    word("series_id", server_default=""),
    number("minutes", server_default="90"),
    number("sequence", server_default="0"),
    time("moved_from", nullable=True),
    time("cancelled_at", nullable=True),
    Index(None, "group_id"),
    Index(None, "series_id"),
    info={"record": PlannedSession},
)

invites = Table(
    "invites",
    metadata,
    key(),
    child_of("session_id", "sessions.id"),
    child_of("person_id", "people.id"),
    word("seat_id"),
    word("role"),
    word("token_hash", unique=True),
    word("passcode_hash"),
    time("expires_at"),
    word("state"),
    number("failures"),
    yes("retired"),
    time("used_at", nullable=True),
    time("sent_at", nullable=True),
    time("delivered_at", nullable=True),
    time("opened_at", nullable=True),
    sealed("problem", nullable=True),
    Index(None, "session_id", "seat_id"),
    Index(None, "person_id"),
    info={"record": Invite},
)

accesses = Table(
    "accesses",
    metadata,
    key(),
    word("token_hash", unique=True),
    child_of("invite_id", "invites.id"),
    word("session_id"),
    word("seat_id"),
    word("role"),
    word("state"),
    time("created_at"),
    time("expires_at"),
    word("language"),
    yes("by_voice"),
    sealed("voice_number"),
    sealed("steps"),
    sealed("alias"),
    number("avatar"),
    word("takes_part"),
    time("locks_at", nullable=True),
    Index(None, "session_id", "seat_id"),
    Index(None, "invite_id"),
    info={"record": Access},
)
