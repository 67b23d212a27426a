"""Letters on their way; of one that has gone out nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, literal, or_, select

from companion.records import NOT_GONE, TELLING, Kind, Late, Letter
from companion.store.rows import Part
from companion.store.tables import call_tasks, letters

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

    def late(self, at: datetime) -> Sequence[Late]:
        untold = call_tasks.c.what.not_in(TELLING)
        counts = (_late(letters, _l.kind, at).group_by(_l.kind), _late(call_tasks, literal("call"), at).where(untold))
        with self.database.reading() as connection:
            rows = [row for count in counts for row in connection.execute(count)]
        return [Late(kind, attempts, many, since) for kind, attempts, many, since in rows]


def _late(table: Table, kind: ColumnElement[str], at: datetime) -> Select[str, int, int, datetime]:
    # What was tried in vain waits for its next turn: it is late although it is not due just now.
    its = table.c
    tried_in_vain = and_(its.attempts > 0, or_(its.state == "waiting", its.tried_at <= at))
    untried = and_(its.attempts == 0, its.due_at <= at)
    since = func.min(case((its.attempts == 0, its.due_at), else_=its.tried_at))
    here = its.state.in_(("waiting", "sending"))
    late = or_(untried, tried_in_vain)
    return select(kind, its.attempts, func.count(), since).where(here, late).group_by(its.attempts)
