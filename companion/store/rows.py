"""Records to rows and back: columns have the names of the record's fields, sealed ones are sealed on the way."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from sqlalchemy import Connection, Insert, Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from companion.records import same_contact, tagged
from companion.store.database import Database
from companion.store.keys import KeyRing
from companion.store.sealing import Sealer

Record = TypeVar("Record")


class Part:
    """What each part of the store works with: the database, the keys, and a sealer for the fields of durable rows."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self.database = database
        self.keys = keys
        self.fields = Sealer.of(keys, "fields")

    def to_row(self, table: Table, record: Any) -> dict[str, Any]:
        """The row of a record."""
        row = {column.name: getattr(record, column.name) for column in table.columns if not column.info.get("index_of")}
        for name, of in indexed(table):
            row[name] = self.indexes(row[of])[0]
        for name in sealed_of(table):
            row[name] = self.fields.seal(msgspec.json.encode(row[name]), table.name, name, record.id)
        return row

    def to_record(self, table: Table, kind: Callable[..., Record], row: Row[*tuple[Any, ...]]) -> Record:
        """The record of a row."""
        values = row._asdict()
        for name, _ in indexed(table):
            del values[name]
        for name in sealed_of(table):
            if values[name] is None:  # a row from before the column was there
                del values[name]
                continue
            plain = self.fields.open(values[name], table.name, name, values["id"])
            values[name] = msgspec.json.decode(plain, type=_type(kind, name))
        return kind(**values)

    def indexes(self, value: str) -> tuple[str, ...]:
        """What stands in an index for a private value: one with each key, today's first; nothing for nothing."""
        same = same_contact(value)
        return tuple(tagged(key, same.encode()) if same else "" for key in self.keys.subkeys("blind index"))

    def index_of_cell(self, table: Table, name: str, row: Row[*tuple[Any, ...]]) -> str:
        """What should stand in the index of a sealed cell today."""
        cell = row._mapping[name]
        plain = self.fields.open(cell, table.name, name, row._mapping["id"]) if cell is not None else b'""'
        return self.indexes(msgspec.json.decode(plain, type=str))[0]

    def put(self, connection: Connection, table: Table, *records: Any) -> None:
        """Add the rows of records, or replace those with their ids."""
        rows = [self.to_row(table, record) for record in records]
        statement = insert_for(connection, table)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)

    def before(self, connection: Connection, table: Table, kind: Callable[..., Record], key: str) -> Record | None:
        """The record that is there now, which nobody else changes until the end of this transaction."""
        # SQLite has one writer; on PostgreSQL the row is locked.
        row = connection.execute(select(table).where(table.c.id == key).with_for_update()).one_or_none()
        return None if row is None else self.to_record(table, kind, row)


def insert_for(connection: Connection, table: Table) -> Any:
    """An INSERT of this database's own kind, the one that knows ON CONFLICT."""
    inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement: Insert = inserts[connection.dialect.name](table)
    return statement


@cache
def sealed_of(table: Table) -> tuple[str, ...]:
    """The sealed columns of a table."""
    return tuple(column.name for column in table.columns if column.info.get("sealed"))


@cache
def indexed(table: Table) -> tuple[tuple[str, str], ...]:
    """Its keyed indexes, each with the sealed column that it is of."""
    return tuple((column.name, column.info["index_of"]) for column in table.columns if column.info.get("index_of"))


@cache
def _type(kind: Hashable, field: str) -> Any:
    return get_type_hints(kind)[field]
