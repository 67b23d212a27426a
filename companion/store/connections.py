"""Who is connected, counted over all nodes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Db
from sqlalchemy import Row, bindparam, delete, select, text, update

from companion.records import FORM, Connection
from companion.store.rows import Part
from companion.store.tables import connections

_c = connections.c
_PRESENT = select(_c.id).where(_c.session_id == bindparam("session"), _c.seat_id == bindparam("seat")).limit(1)
_LEAVING = 7_201  # any number of our own: two last connections closed at once on two nodes must see each other


class Connections(Part):
    """ports.ConnectionStore."""

    def open(self, connection: Connection) -> None:
        with self.database.writing() as db:
            self.put(db, connections, connection)

    def close(self, connection_id: str) -> bool:
        with self.database.writing() as db:
            self._one_at_a_time(db)
            gone = db.execute(
                delete(connections).where(_c.id == connection_id).returning(_c.session_id, _c.seat_id)
            ).one_or_none()
            return gone is not None and not _is_present(db, gone)

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
            return sorted({(row.session_id, row.seat_id) for row in gone if not _is_present(db, row)})

    def present(self, session_id: str, seat_id: str) -> bool:
        with self.database.reading() as db:
            return db.execute(_PRESENT, {"session": session_id, "seat": seat_id}).first() is not None

    def connected(self, access_id: str) -> bool:
        with self.database.reading() as db:
            live = select(_c.id).where(_c.access_id == access_id, _c.node != FORM).limit(1)
            return db.execute(live).first() is not None

    def _one_at_a_time(self, db: Db) -> None:
        # SQLite has one writer anyway.
        if not self.database.is_sqlite:
            db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LEAVING})


def _is_present(db: Db, row: Row[*tuple[Any, ...]]) -> bool:
    return db.execute(_PRESENT, {"session": row.session_id, "seat": row.seat_id}).first() is not None
