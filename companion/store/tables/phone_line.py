"""The tables of the telephone and text line: keyed hashes alone, so there is nothing to seal."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import LineCaller, LinePin, LineTry
from companion.store.tables.columns import child_of, key, metadata, time, word

line_pins = Table(
    "line_pins",
    metadata,
    key(),
    child_of("person_id", "people.id"),
    word("digest", unique=True),
    time("made_at"),
    Index(None, "person_id"),
    info={"record": LinePin},
)

line_callers = Table(
    "line_callers",
    metadata,
    key(),
    child_of("invite_id", "invites.id"),
    word("session_id"),
    time("at"),
    word("device"),
    Index(None, "invite_id"),
    Index(None, "session_id"),
    info={"record": LineCaller},
)

line_tries = Table(
    "line_tries",
    metadata,
    key(),
    word("caller"),
    time("at"),
    Index(None, "at"),
    info={"record": LineTry},
)
