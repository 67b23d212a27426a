"""Letters on their way; of one that has gone out nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from companion.records import NOT_GONE, Kind, Letter
from companion.store.rows import Part
from companion.store.tables import letters

_l = letters.c


class Outbox(Part):
    """ports.OutboxStore."""

    def post(self, letter: Letter) -> None:
        with self.database.writing() as connection:
            self.put(connection, letters, letter)

    def due_letters(self, at: datetime, limit: int = 20, kind: Kind | None = None) -> Sequence[Letter]:
        due = select(letters).where(_l.state == "waiting", _l.due_at <= at).order_by(_l.due_at, _l.id).limit(limit)
        with self.database.reading() as connection:
            rows = connection.execute(due if kind is None else due.where(_l.kind == kind)).all()
        return [self.to_record(letters, Letter, row) for row in rows]

    def letters(self) -> Sequence[Letter]:
        here = select(letters).where(_l.state.in_(NOT_GONE)).order_by(_l.due_at, _l.id)
        with self.database.reading() as connection:
            rows = connection.execute(here).all()
        return [self.to_record(letters, Letter, row) for row in rows]
