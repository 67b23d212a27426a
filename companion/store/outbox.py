"""Letters on their way; of one that has gone out nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from companion.records import Letter
from companion.store.rows import Part
from companion.store.tables import letters

_l = letters.c


class Outbox(Part):
    """ports.OutboxStore."""

    def post(self, letter: Letter) -> None:
        with self.database.writing() as connection:
            if letter.state == "sent":  # an address and a way in: no reason to keep them a moment longer
                connection.execute(delete(letters).where(_l.id == letter.id))
            else:
                self.put(connection, letters, letter)

    def due_letters(self, at: datetime, limit: int = 20) -> Sequence[Letter]:
        due = select(letters).where(_l.state == "waiting", _l.due_at <= at).order_by(_l.due_at, _l.id).limit(limit)
        with self.database.reading() as connection:
            rows = connection.execute(due).all()
        return [self.to_record(letters, Letter, row) for row in rows]

    def letters(self) -> Sequence[Letter]:
        with self.database.reading() as connection:
            rows = connection.execute(select(letters).order_by(_l.due_at, _l.id)).all()
        return [self.to_record(letters, Letter, row) for row in rows]
