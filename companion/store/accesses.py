"""Accesses: the browsers let in; one that has ended never comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from companion.records import Access, forgotten, saved_over
from companion.store.quick import Quick
from companion.store.rows import Part
from companion.store.tables import accesses

_a = accesses.c
_BY_ID = Quick(select(accesses).where(_a.id.in_(bindparam("given", expanding=True))))
_BY_TOKEN = Quick(select(accesses).where(_a.token_hash.in_(bindparam("given", expanding=True))))


class Accesses(Part):
    """The accesses of ports.PlanStore."""

    def save_access(self, access: Access) -> None:
        with self.database.writing() as connection:
            before = self.before(connection, accesses, Access, access.id)
            self.put(connection, accesses, saved_over(before, access))

    def access(self, access_id: str) -> Access | None:
        return self._one_access(_BY_ID, [access_id])

    def access_by_token(self, *token_hashes: str) -> Access | None:
        return self._one_access(_BY_TOKEN, list(token_hashes))

    def accesses_of_seat(self, session_id: str, seat_id: str) -> Sequence[Access]:
        of_seat = select(accesses).where(_a.session_id == session_id, _a.seat_id == seat_id, _a.state != "ended")
        with self.database.reading() as connection:
            rows = connection.execute(of_seat.order_by(_a.created_at, _a.id)).all()
        return [self.to_record(accesses, Access, row) for row in rows]

    def end_accesses(self, session_id: str, seat_id: str | None = None, access_id: str | None = None) -> Sequence[str]:
        ending = update(accesses).where(_a.session_id == session_id, _a.state != "ended")
        if seat_id is not None:
            ending = ending.where(_a.seat_id == seat_id)
        if access_id is not None:
            ending = ending.where(_a.id == access_id)
        with self.database.writing() as connection:
            rows = connection.execute(ending.values(state="ended").returning(*accesses.c)).all()
            for row in rows:
                # Nothing of the evening is needed of a browser that is out, so nothing of it stays.
                self.put(connection, accesses, forgotten(self.to_record(accesses, Access, row)))
        return sorted(row.id for row in rows)

    def speak(self, access_id: str, language: str) -> None:
        with self.database.writing() as connection:
            connection.execute(update(accesses).where(_a.id == access_id).values(language=language))

    def lock_at(self, access_id: str, at: datetime | None) -> None:
        self.lock_all([(access_id, at)])

    def lock_all(self, locks: Sequence[tuple[str, datetime | None]], *, later: bool = False) -> None:
        statement = update(accesses).where(_a.id == bindparam("access")).values(locks_at=bindparam("at"))
        if later:
            statement = statement.where(or_(_a.locks_at.is_(None), _a.locks_at < bindparam("at")))
        with self.database.writing() as connection:
            connection.execute(statement, [{"access": access_id, "at": at} for access_id, at in locks])

    def _one_access(self, asked: Quick, given: list[str]) -> Access | None:
        with self.database.reading() as connection:
            rows = asked.all(connection, {"given": given})
        if len(rows) > 1:
            raise LookupError("two browsers where there can be one")
        return self.to_record(accesses, Access, rows[0]) if rows else None
