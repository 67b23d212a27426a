"""Shelves: plain records of any kind, in the table that names the kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, and_, delete, select

from companion.ports import Shelf, UpTo
from companion.store.rows import Part, indexed, insert_for
from companion.store.tables import metadata

R = TypeVar("R")
_TABLES: dict[Any, Table] = {
    table.info["record"]: table for table in metadata.tables.values() if "record" in table.info
}


class Shelves(Part):
    """The part of ports.Store that has a shelf for each kind of record."""

    def shelf(self, kind: type[R]) -> Shelf[R]:
        return TableShelf(self, kind)


class TableShelf(Generic[R]):
    """ports.Shelf on one table."""

    def __init__(self, part: Part, kind: type[R]) -> None:
        self._part, self._kind, self._table = part, kind, _TABLES[kind]

    def put(self, record: R) -> None:
        with self._part.database.writing() as connection:
            self._part.put(connection, self._table, record)

    def add(self, record: R) -> bool:
        row = self._part.to_row(self._table, record)
        with self._part.database.writing() as connection:
            made = insert_for(connection, self._table).values(row).on_conflict_do_nothing(index_elements=["id"])
            return connection.execute(made.returning(self._table.c.id)).one_or_none() is not None

    def get(self, record_id: str) -> R | None:
        with self._part.database.reading() as connection:
            row = connection.execute(select(self._table).where(self._table.c.id == record_id)).one_or_none()
        return None if row is None else self._part.to_record(self._table, self._kind, row)

    def find(self, *, limit: int | None = None, **columns: object) -> Sequence[R]:
        wanted = select(self._table).where(self._fits(columns)).order_by(self._table.c.id).limit(limit)
        with self._part.database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [self._part.to_record(self._table, self._kind, row) for row in rows]

    def change(self, record_id: str, how: Callable[[R], R | None]) -> R | None:
        with self._part.database.writing() as connection:
            before = self._part.before(connection, self._table, self._kind, record_id)
            if before is None:
                return None
            after = how(before)
            if after is None:
                return before
            self._part.put(connection, self._table, after)
            return after

    def remove(self, **columns: object) -> int:
        if not columns:
            raise ValueError("say which ones: a whole shelf is never emptied by mistake")
        with self._part.database.writing() as connection:
            return connection.execute(delete(self._table).where(self._fits(columns))).rowcount

    def _fits(self, columns: dict[str, object]) -> ColumnElement[bool]:
        return and_(True, *(self._fits_one(name, value) for name, value in columns.items()))

    def _fits_one(self, name: str, value: object) -> ColumnElement[bool]:
        for index, of in indexed(self._table):
            if of == name:
                return self._table.columns[index].in_(self._part.indexes(str(value)))
        return _fits(self._table, name, value)


def _fits(table: Table, name: str, value: object) -> ColumnElement[bool]:
    column = table.columns[name]
    if column.info.get("sealed"):
        raise ValueError(f"{table.name}.{name} is sealed: nobody can look for it")
    match value:
        case UpTo(at=at):
            return column <= at
        case tuple():
            return column.in_(value)
        case None:
            return column.is_(None)
        case _:
            return column == value
