"""Records to rows and back: columns have the names of the record's fields, sealed ones are sealed on the way."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from sqlalchemy import Connection, Insert, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

from companion.store.database import Database
from companion.store.keys import KeyRing
from companion.store.sealing import Sealer

Record = TypeVar("Record")


class Part:
    """What each part of the store works with: the database, the keys, and a sealer for the fields of durable rows."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self.database = database
        self.keys = keys
        self._fields = Sealer(keys.subkeys("fields"))

    def to_row(self, table: Table, record: Any) -> dict[str, Any]:
        """The row of a record."""
        row = {column.name: getattr(record, column.name) for column in table.columns}
        for name in _sealed(table):
            row[name] = self._fields.seal(msgspec.json.encode(row[name]), table.name, name, record.id)
        return row

    def to_record(self, table: Table, kind: Callable[..., Record], row: Row[*tuple[Any, ...]]) -> Record:
        """The record of a row."""
        values = dict(row._mapping)
        for name in _sealed(table):
            if values[name] is None:  # a row from before the column was there
                del values[name]
                continue
            plain = self._fields.open(values[name], table.name, name, values["id"])
            values[name] = msgspec.json.decode(plain, type=_type(kind, name))
        return kind(**values)

    def put(self, connection: Connection, table: Table, record: Any, *, unless: Any = None) -> None:
        """Add the row of a record, or replace the one with its id (left alone where ``unless`` holds)."""
        row = self.to_row(table, record)
        statement = insert_for(connection, table).values(row)
        changed = {name: statement.excluded[name] for name in row if name != "id"}
        keep = None if unless is None else ~unless
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=keep))


def insert_for(connection: Connection, table: Table) -> Any:
    """An INSERT of this database's own kind, the one that knows ON CONFLICT."""
    inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement: Insert = inserts[connection.dialect.name](table)
    return statement


@cache
def _sealed(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.info.get("sealed"))


@cache
def _type(kind: Hashable, field: str) -> Any:
    return get_type_hints(kind)[field]
