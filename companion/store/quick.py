"""The statements of the hot path, compiled once and handed to SQLite's driver as they are.

Making up a statement takes the library five times as long as SQLite takes to answer it. Any other database is asked as
usual, since there the network takes longer than both.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Change = Callable[[Any], Any]
Given = Mapping[str, Any]


class Quick:
    """One statement, whose lists (``IN``) may have any length."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self._statement = statement
        self._texts: dict[tuple[int, ...], _Text] = {}

    def all(self, connection: Connection, given: Given) -> Sequence[Any]:
        """The rows that it finds."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, given).all()
        text = self._text(connection.dialect, given)
        with _told_as_usual(connection, text):
            return text.rows(_cursor(connection).execute(text.sql, text.values(given)))

    def run(self, connection: Connection, *given: Given) -> int:
        """Run it once for each; returns how many rows it has touched."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, given).rowcount
        text = self._text(connection.dialect, given[0])
        with _told_as_usual(connection, text):
            return _cursor(connection).executemany(text.sql, map(text.values, given)).rowcount

    def _text(self, dialect: Dialect, given: Given) -> _Text:
        lengths = tuple(len(value) for value in given.values() if isinstance(value, list))
        found = self._texts.get(lengths)
        if found is None:
            found = self._texts[lengths] = _Text.of(self._statement, dialect, given)
        return found


@dataclass(frozen=True, slots=True)
class _Text:
    sql: str
    places: tuple[tuple[str, int, Change | None], ...]  # of each mark: the value, where in its list, how it is written
    fixed: Mapping[str, Any]  # what stands in the statement itself
    make: Callable[..., Any]
    reads: tuple[Change | None, ...]  # of each column

    @classmethod
    def of(cls, statement: Select[Any] | Insert | Update, dialect: Dialect, given: Given) -> _Text:
        """Compiled for lists as long as these."""
        compiled = statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("not a statement that could be compiled")
        filled = compiled.construct_expanded_state(dict(given))
        within = {
            each: (name, at) for name, several in filled.parameter_expansion.items() for at, each in enumerate(several)
        }
        places = [_place(compiled, dialect, *within.get(name, (name, -1))) for name in filled.positiontup or ()]
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        # Columns have the names of fields; a name that begins with an underscore, or twice the same, would not do.
        row = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]
        return cls(
            filled.statement,
            tuple(places),
            {name: value for name, value in filled.parameters.items() if name not in given and name not in within},
            row._make,
            tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
        )

    def values(self, given: Given) -> list[Any]:
        """What stands for the marks, in their order."""
        return [_written(given, self.fixed, *place) for place in self.places]

    def rows(self, found: sqlite3.Cursor) -> list[Any]:
        """What was found, as the columns are read."""
        return [
            self.make(value if read is None else read(value) for read, value in zip(self.reads, row, strict=True))
            for row in found.fetchall()
        ]


def _place(compiled: SQLCompiler, dialect: Dialect, name: str, at: int) -> tuple[str, int, Change | None]:
    kind: TypeEngine[Any] = compiled.binds[name].type
    return name, at, kind.dialect_impl(dialect).bind_processor(dialect)


def _written(given: Given, fixed: Given, name: str, at: int, write: Change | None) -> Any:
    value = given[name] if name in given else fixed[name]
    if at >= 0:
        value = value[at]
    return value if write is None else write(value)


def _cursor(connection: Connection) -> sqlite3.Cursor:
    cursor: sqlite3.Cursor = connection.connection.cursor()  # type: ignore[assignment]
    return cursor


@contextmanager
def _told_as_usual(connection: Connection, text: _Text) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        # As the library tells it, and like there without the values, which are people's.
        raise DBAPIError.instance(
            text.sql, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
