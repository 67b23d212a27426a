"""Who is connected, counted over all nodes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Db
from sqlalchemy import Row, bindparam, delete, select, text, update

from companion.records import FORM, Connection
from companion.store.rows import Part
from companion.store.tables import connections

_c = connections.c
_PRESENT = select(_c.session_id, _c.seat_id).where(_c.seat_id.in_(bindparam("seats", expanding=True))).distinct()
_LEAVING = 7_201  # any number of our own: two last connections closed at once on two nodes must see each other


class Connections(Part):
    """ports.ConnectionStore."""

    def open(self, opened: Sequence[Connection], instead_of: Sequence[str] = ()) -> None:
        with self.database.writing() as db:
            self.put(db, connections, *opened)
            if instead_of:
                db.execute(delete(connections).where(_c.id.in_(instead_of)))

    def close(self, connection_ids: Sequence[str]) -> Collection[tuple[str, str]]:
        with self.database.writing() as db:
            self._one_at_a_time(db)
            gone = db.execute(
                delete(connections).where(_c.id.in_(connection_ids)).returning(_c.session_id, _c.seat_id)
            ).all()
            return _without_any(db, gone)

    def renew(self, node: str, expires_at: datetime) -> None:
        with self.database.writing() as db:
            db.execute(update(connections).where(_c.node == node).values(expires_at=expires_at))

    def forget_node(self, node: str) -> Sequence[Connection]:
        with self.database.writing() as db:
            self._one_at_a_time(db)
            gone = db.execute(delete(connections).where(_c.node == node).returning(*_c)).all()
        return [self.to_record(connections, Connection, row) for row in gone]

    def expire(self, at: datetime) -> Sequence[tuple[str, str]]:
        with self.database.writing() as db:
            self._one_at_a_time(db)
            gone = db.execute(delete(connections).where(_c.expires_at <= at).returning(_c.session_id, _c.seat_id)).all()
            return _without_any(db, gone)

    def present(self, seats: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        with self.database.reading() as db:
            return _present(db, seats)

    def connected(self, access_id: str) -> bool:
        with self.database.reading() as db:
            live = select(_c.id).where(_c.access_id == access_id, _c.node != FORM).limit(1)
            return db.execute(live).first() is not None

    def _one_at_a_time(self, db: Db) -> None:
        # SQLite has one writer anyway.
        if not self.database.is_sqlite:
            db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LEAVING})


def _without_any(db: Db, gone: Sequence[Row[*tuple[Any, ...]]]) -> Sequence[tuple[str, str]]:
    seats = {(row.session_id, row.seat_id) for row in gone}
    return sorted(seats - _present(db, seats))


def _present(db: Db, seats: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    if not seats:
        return set()
    found = db.execute(_PRESENT, {"seats": sorted({seat_id for _, seat_id in seats})}).all()
    return {(row.session_id, row.seat_id) for row in found} & set(seats)
