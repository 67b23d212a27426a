"""The tables around dates: notices, answered warnings, reminders, looks at the call's address, calendar feeds."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import DateNote, Feed, LinkCheck, Notice, Reminder
from companion.store.tables.columns import child_of, key, metadata, number, sealed, time, word

notices = Table(
    "notices",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    word("session_id"),
    word("series_id"),
    word("kind"),
    number("sequence"),
    time("was_at"),
    time("starts_at"),
    time("at"),
    sealed("by"),
    sealed("posted"),
    sealed("missed"),
    time("posted_at", nullable=True),
    Index(None, "group_id"),
    Index(None, "session_id"),
    Index(None, "posted_at"),
    info={"record": Notice},
)

date_notes = Table(
    "date_notes",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    child_of("session_id", "sessions.id"),
    word("kind"),
    sealed("by"),
    time("at"),
    Index(None, "group_id"),
    Index(None, "session_id"),
    info={"record": DateNote},
)

reminders = Table(
    "reminders",
    metadata,
    key(),
    child_of("session_id", "sessions.id"),
    time("at"),
    time("posted_at", nullable=True),
    Index(None, "session_id"),
    info={"record": Reminder},
)

link_checks = Table(
    "link_checks",
    metadata,
    key(),
    child_of("session_id", "sessions.id"),
    time("at"),
    word("result"),
    Index(None, "session_id"),
    info={"record": LinkCheck},
)

feeds = Table(
    "feeds",
    metadata,
    child_of("id", "people.id", primary_key=True),
    word("token_hash", unique=True),
    time("made_at"),
    info={"record": Feed},
)
