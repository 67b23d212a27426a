"""The tables of planned calls, places in them, and what is to be asked of platforms. What opens a call is sealed."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import CallPlace, CallTask, HeldCall
from companion.store.tables.columns import child_of, key, metadata, number, sealed, time, word

held_calls = Table(
    "held_calls",
    metadata,
    child_of("id", "sessions.id", primary_key=True),
    word("platform_id"),
    time("starts_at"),
    number("minutes"),
    sealed("ref"),
    word("state"),
    Index(None, "state"),
    info={"record": HeldCall},
)

call_places = Table(
    "call_places",
    metadata,
    key(),
    child_of("session_id", "sessions.id"),
    word("seat_id"),
    time("made_at"),
    sealed("call"),
    sealed("ref"),
    sealed("url"),
    number("adds"),
    Index(None, "session_id"),
    Index(None, "made_at"),
    info={"record": CallPlace},
)

call_tasks = Table(
    "call_tasks",
    metadata,
    key(),
    word("platform_id"),
    word("session_id"),
    word("what"),
    time("due_at"),
    time("posted_at"),
    sealed("argument"),
    word("state"),
    number("attempts"),
    time("tried_at", nullable=True),
    word("trouble"),
    sealed("problem"),
    Index(None, "state", "due_at"),
    Index(None, "session_id"),
    Index(None, "posted_at"),
    info={"record": CallTask},
)
