"""The kinds of columns that our tables are made of, and which of them are sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
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


def key(name: str = "id") -> Column[str]:
    """The key of a table."""
    return Column(name, Text, primary_key=True)


def word(name: str, **options: Any) -> Column[str]:
    """Text that is not sealed."""
    return Column(name, Text, nullable=False, **options)


def number(name: str, **options: Any) -> Column[int]:
    """A whole number."""
    return Column(name, Integer, nullable=False, **options)


def yes(name: str, **options: Any) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, **options)


def time(name: str, *, nullable: bool = False) -> Column[datetime]:
    """A moment."""
    return Column(name, UtcTime, nullable=nullable)


def blob(name: str) -> Column[bytes]:
    """Bytes as they are."""
    return Column(name, LargeBinary, nullable=False)


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """Sealed as JSON by rows.py, bound to table, column and row id; where a row has none, the record's own default."""
    return Column(name, LargeBinary, nullable=nullable, info={"sealed": True})


def index_of(name: str) -> Column[str]:
    """A keyed index of a sealed column, by which what is in it can be found; it is no field of the record."""
    return Column(f"{name}_index", Text, nullable=True, info={"index_of": name})


def child_of(name: str, parent: str, **options: Any) -> Column[str]:
    """The id of a row that this one goes with."""
    return Column(name, Text, ForeignKey(parent, ondelete="CASCADE"), nullable=False, **options)
