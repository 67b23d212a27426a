"""Planned and past sessions and the invites to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from companion.records import Invite, PlannedSession
from companion.store.rows import Part
from companion.store.tables import invites, sessions

_i = invites.c


class Plans(Part):
    """The sessions and invites of ports.PlanStore."""

    def save_session(self, session: PlannedSession) -> None:
        with self.database.writing() as connection:
            self.put(connection, sessions, session)

    def session(self, session_id: str) -> PlannedSession | None:
        with self.database.reading() as connection:
            row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
        return None if row is None else self.to_record(sessions, PlannedSession, row)

    def sessions(self, group_id: str | None = None) -> Sequence[PlannedSession]:
        wanted = select(sessions).order_by(sessions.c.starts_at.desc(), sessions.c.id)
        if group_id is not None:
            wanted = wanted.where(sessions.c.group_id == group_id)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [self.to_record(sessions, PlannedSession, row) for row in rows]

    def invite(self, invite_id: str) -> Invite | None:
        return self._first_invite(_i.id == invite_id)

    def invite_by_token(self, *token_hashes: str) -> Invite | None:
        return self._first_invite(_i.token_hash.in_(token_hashes))

    def invite_of_seat(self, session_id: str, seat_id: str) -> Invite | None:
        # After a reissue there may be several: the one that still opens counts.
        return self._first_invite(_i.session_id == session_id, _i.seat_id == seat_id)

    def invites(self, session_id: str) -> Sequence[Invite]:
        with self.database.reading() as connection:
            rows = connection.execute(select(invites).where(_i.session_id == session_id).order_by(_i.id)).all()
        return [self.to_record(invites, Invite, row) for row in rows]

    def _first_invite(self, *wanted: ColumnElement[bool]) -> Invite | None:
        one = select(invites).where(*wanted).order_by(_i.state == "revoked", _i.expires_at.desc(), _i.id).limit(1)
        with self.database.reading() as connection:
            row = connection.execute(one).one_or_none()
        return None if row is None else self.to_record(invites, Invite, row)
