"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is a guess: give it one")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _word(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **options)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _yes(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcTime, nullable=nullable)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _sealed(name: str) -> Column[bytes]:
    # Sealed as JSON by rows.py, bound to table, column and row id.
    return Column(name, LargeBinary, nullable=False, info={"sealed": True})


def _child_of(name: str, parent: str, **options: Any) -> Column[str]:
    return Column(name, Text, ForeignKey(parent, ondelete="CASCADE"), nullable=False, **options)


# One row: it shows whether the keys at hand are the ones this database was sealed with, and takes the write of ready().
installations = Table("installations", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
installations.append_column(_bytes("key_check"))
installations.append_column(_bytes("ballast"))

live_sessions = Table(
    "live_sessions",
    metadata,
    _id("session_id"),
    _number("revision"),
    _time("due_at", nullable=True),
    _bytes("document"),
    Index(None, "due_at"),
)

session_keys = Table(
    "session_keys",
    metadata,
    _child_of("session_id", "live_sessions.session_id", primary_key=True),
    _bytes("wrapped_key"),
)

# Seat and tap id stand here only as a keyed mark: a stolen database does not even tell who pressed how often.
taps = Table(
    "taps",
    metadata,
    _child_of("session_id", "live_sessions.session_id", primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    _bytes("digest"),
)

connections = Table(
    "connections",
    metadata,
    _id(),
    _word("session_id"),
    _word("seat_id"),
    _word("access_id"),
    _word("node"),
    _time("expires_at"),
    Index(None, "session_id", "seat_id"),
    Index(None, "node"),
    Index(None, "expires_at"),
)

groups = Table("groups", metadata, _id(), _sealed("name"), _sealed("rules"), _sealed("settings"))

people = Table(
    "people",
    metadata,
    _id(),
    _child_of("group_id", "groups.id"),
    _word("role"),
    _sealed("name"),
    _sealed("alias"),
    _sealed("email"),
    _sealed("phone"),
    _word("language"),
    _yes("first_time"),
    _word("if_i_vanish"),
    _time("contact_confirmed_at", nullable=True),
    Index(None, "group_id"),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _child_of("group_id", "groups.id"),
    _time("starts_at"),
    _word("phase"),
    _time("closed_at", nullable=True),
    _time("destroyed_at", nullable=True),
    Column("came", Integer),
    Column("mean_ticket_wait_seconds", Integer),
    Index(None, "group_id"),
)

invites = Table(
    "invites",
    metadata,
    _id(),
    _child_of("session_id", "sessions.id"),
    _child_of("person_id", "people.id"),
    _word("seat_id"),
    _word("role"),
    _word("token_hash", unique=True),
    _word("passcode_hash"),
    _time("expires_at"),
    _word("state"),
    _number("failures"),
    _yes("retired"),
    _time("used_at", nullable=True),
    Index(None, "session_id", "seat_id"),
    Index(None, "person_id"),
)

accesses = Table(
    "accesses",
    metadata,
    _id(),
    _word("token_hash", unique=True),
    _child_of("invite_id", "invites.id"),
    _word("session_id"),
    _word("seat_id"),
    _word("role"),
    _word("state"),
    _time("created_at"),
    _time("expires_at"),
    _word("language"),
    _yes("by_voice"),
    _sealed("voice_number"),
    _sealed("steps"),
    _sealed("alias"),
    _number("avatar"),
    _word("takes_part"),
    _time("locks_at", nullable=True),
    Index(None, "session_id", "seat_id"),
    Index(None, "invite_id"),
)

# The name is found by a keyed index of it, since it may be somebody's real name.
organisers = Table("organisers", metadata, _id("name_index"), _word("password_hash"))

letters = Table(
    "letters",
    metadata,
    _id(),
    _word("kind"),
    _sealed("to"),
    _sealed("subject"),
    _sealed("body"),
    _time("due_at"),
    _word("state"),
    _number("attempts"),
    _sealed("problem"),
    Index(None, "state", "due_at"),
)
