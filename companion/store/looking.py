"""What a tap has to know before it is done, read for many taps at once: three statements, however many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from companion.records import Access, Looked, Saved
from companion.store.live import LiveSessions
from companion.store.quick import Quick
from companion.store.session_keys import SessionKey
from companion.store.tables import accesses, taps

_ACCESSES = Quick(select(accesses).where(accesses.c.id.in_(bindparam("ids", expanding=True))))
_SEEN = Quick(
    select(taps.c.session_id, taps.c.mark, taps.c.digest).where(
        taps.c.session_id.in_(bindparam("sessions", expanding=True)),
        taps.c.mark.in_(bindparam("marks", expanding=True)),
    )
)


class Looking(LiveSessions):
    """ports.SessionStore, with ``look``."""

    def look(self, asked: Sequence[tuple[str, str]]) -> Sequence[Looked]:
        with self.database.reading() as connection:
            rows = _ACCESSES.all(connection, {"ids": sorted({access_id for access_id, _ in asked})})
            browsers = {row.id: self.to_record(accesses, Access, row) for row in rows}
            # The sessions before the taps: a tap that somebody saved in between is then found, or its save says Moved.
            sessions = self._load_all(connection, sorted({each.session_id for each in browsers.values()}))
            digests = self._digests(connection, asked, browsers)
        return [_looked(browsers.get(one[0]), sessions, digests.get(one)) for one in asked]

    def _digests(
        self, connection: Connection, asked: Sequence[tuple[str, str]], browsers: Mapping[str, Access]
    ) -> dict[tuple[str, str], str]:
        marks = {one: mark for one in asked if (mark := self._mark(browsers.get(one[0]), one[1]))}
        if not marks:
            return {}
        wanted = {
            "sessions": sorted({mark.session_id for mark in marks.values()}),
            "marks": sorted({mark.mark for mark in marks.values()}),
        }
        sealed = {(row.session_id, row.mark): row.digest for row in _SEEN.all(connection, wanted)}
        found = {one: sealed.get((mark.session_id, mark.mark)) for one, mark in marks.items()}
        return {one: marks[one].key.open_digest(cell, marks[one].mark) for one, cell in found.items() if cell}

    def _mark(self, access: Access | None, tap_id: str) -> _Mark | None:
        key = self._session_keys.known(access.session_id) if access else None
        if access is None or key is None:
            return None
        return _Mark(access.session_id, key.mark(access.seat_id, tap_id), key)


@dataclass(frozen=True, slots=True)
class _Mark:
    session_id: str
    mark: bytes
    key: SessionKey


def _looked(access: Access | None, sessions: Mapping[str, Saved], digest: str | None) -> Looked:
    return Looked(access, sessions.get(access.session_id) if access else None, digest)
