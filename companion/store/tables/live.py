"""The tables of live sessions, and the one row of the installation."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from companion.store.tables.columns import blob, child_of, key, metadata, number, time, word

# One row: it shows whether the keys at hand are the ones this database was sealed with, and takes the write of ready().
installations = Table("installations", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
installations.append_column(blob("key_check"))
installations.append_column(blob("ballast"))

live_sessions = Table(
    "live_sessions",
    metadata,
    key("session_id"),
    number("revision"),
    time("due_at", nullable=True),
    blob("document"),
    Index(None, "due_at"),
)

session_keys = Table(
    "session_keys",
    metadata,
    child_of("session_id", "live_sessions.session_id", primary_key=True),
    blob("wrapped_key"),
)

# Seat and tap id stand here only as a keyed mark: a stolen database does not even tell who pressed how often.
taps = Table(
    "taps",
    metadata,
    child_of("session_id", "live_sessions.session_id", primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    blob("digest"),
)

connections = Table(
    "connections",
    metadata,
    key(),
    word("session_id"),
    word("seat_id"),
    word("access_id"),
    word("node"),
    time("expires_at"),
    Index(None, "session_id", "seat_id"),
    Index(None, "node"),
    Index(None, "expires_at"),
)
