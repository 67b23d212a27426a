"""The live sessions: load, save where nobody saved before, find what is due, destroy. `save` is the hot path."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from companion.core.model import SessionState
from companion.ports import Moved
from companion.records import Saved, Saving, TapRecord
from companion.store import document
from companion.store.database import Database
from companion.store.keys import KeyRing
from companion.store.quick import Quick
from companion.store.rows import Part, insert_for
from companion.store.session_keys import HEAD, SessionKey, SessionKeys
from companion.store.tables import connections, live_sessions, session_keys, taps

# Built once: what SQLAlchemy compiles for a statement it keeps with it.
_live, _key, _tap = live_sessions.c, session_keys.c, taps.c
_LOAD = (
    select(_live.revision, _live.document, _key.wrapped_key)
    .join(session_keys, _key.session_id == _live.session_id)
    .where(_live.session_id == bindparam("session"))
)
_HEADS = Quick(
    select(_live.session_id, func.substr(_live.document, 1, HEAD).label("head"), _key.wrapped_key)
    .join(session_keys, _key.session_id == _live.session_id)
    .where(_live.session_id.in_(bindparam("sessions", expanding=True)))
)
_KEY = select(_key.wrapped_key).where(_key.session_id == bindparam("session"))
# The key is asked for again: a session destroyed and begun anew meanwhile has another one.
_SAVE = Quick(
    update(live_sessions)
    .where(_live.session_id == bindparam("session"), _live.revision == bindparam("seen"))
    .where(_KEY.where(_key.wrapped_key == bindparam("wrapped")).exists())
    .values(revision=bindparam("next"), document=bindparam("sealed"), due_at=bindparam("due"))
)
_ADD_TAP = Quick(insert(taps).values({column.name: bindparam(column.name) for column in taps.columns}))
_SEEN = (
    select(_key.wrapped_key, _tap.digest)
    .join(taps, and_(_tap.session_id == _key.session_id, _tap.mark == bindparam("mark")), isouter=True)
    .where(_key.session_id == bindparam("session"))
)
_DUE = select(_live.session_id).where(_live.due_at <= bindparam("at")).order_by(_live.due_at)
_LIVE = select(_key.session_id).order_by(_key.session_id)
_REVISIONS = (
    select(_live.session_id, _live.revision)
    .join(session_keys, _key.session_id == _live.session_id)
    .where(_live.session_id.in_(bindparam("sessions", expanding=True)))
)
_EMPTY = (
    update(live_sessions)
    .where(_live.session_id == bindparam("session"))
    .values(document=b"", revision=0, due_at=bindparam("always"))
)
_DELETE_THE_REST = [
    delete(table).where(table.c.session_id == bindparam("session")) for table in (session_keys, taps, connections)
]
_DELETE_ROW = delete(live_sessions).where(_live.session_id == bindparam("session"))
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LiveSessions(Part):
    """ports.SessionStore."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        super().__init__(database, keys)
        self._session_keys = SessionKeys(keys)

    def create(self, state: SessionState, due_at: datetime | None) -> None:
        key = self._session_keys.make(state.id)
        sealed = key.seal_document(document.write(state), 1)
        row = {"session_id": state.id, "revision": 1, "document": sealed, "due_at": due_at}
        with self.database.writing() as connection:
            unless_there = insert_for(connection, live_sessions).values(row).on_conflict_do_nothing()
            if connection.execute(unless_there.returning(_live.session_id)).one_or_none():
                wrapped = {"session_id": state.id, "wrapped_key": key.wrapped}
                connection.execute(insert(session_keys).values(wrapped))

    def load(self, session_id: str) -> Saved | None:
        with self.database.reading() as connection:
            return self._load_all(connection, [session_id]).get(session_id)

    def load_all(self, session_ids: Collection[str]) -> Mapping[str, Saved]:
        with self.database.reading() as connection:
            return self._load_all(connection, sorted(session_ids))

    def seen_tap(self, session_id: str, seat_id: str, tap_id: str) -> str | None:
        with self.database.reading() as connection:
            key = self._session_keys.known(session_id) or self._key(connection, session_id)
            while key:
                mark = key.mark(seat_id, tap_id)
                row = connection.execute(_SEEN, {"session": session_id, "mark": mark}).one_or_none()
                if row is None or row.wrapped_key == key.wrapped:
                    return key.open_digest(row.digest, mark) if row and row.digest else None
                key = self._session_keys.unwrap(session_id, row.wrapped_key)  # begun anew by another node: ask again
        return None

    def save(
        self, session_id: str, revision: int, state: SessionState, due_at: datetime | None, tap: TapRecord | None
    ) -> None:
        saving = Saving(session_id, revision, state, due_at, (tap,) if tap else ())
        try:
            moved = self.save_all([saving])
        except IntegrityError:  # this tap has had its effect: whoever loads again will find it
            raise Moved from None
        if moved:
            raise Moved

    def save_all(self, savings: Sequence[Saving]) -> Collection[str]:
        # Always in the same order: of two nodes that save the same sessions, none waits for the other in a circle.
        sealed = [self._sealed(saving) for saving in sorted(savings, key=lambda each: each.session_id)]
        with self.database.writing() as connection:
            done = _write_all(connection, sealed)
        for each, is_saved in zip(sealed, done, strict=True):
            if is_saved and each.key:
                each.key.remember(each.document, Saved(each.saving.state, each.saving.revision + 1, each.saving.sight))
            else:
                self._session_keys.forget(each.saving.session_id)
        return [each.saving.session_id for each, is_saved in zip(sealed, done, strict=True) if not is_saved]

    def due(self, at: datetime) -> Sequence[str]:
        with self.database.reading() as connection:
            return connection.execute(_DUE, {"at": at}).scalars().all()

    def destroy(self, session_id: str) -> None:
        # An empty row stays, and stays due, until no byte is left in the files: if we are cut short, or the database
        # is, the clock of any node comes round to it again.
        of_session = {"session": session_id}
        with self.database.writing() as connection:
            found = connection.execute(_EMPTY, {**of_session, "always": _LONG_AGO}).rowcount
            for delete_rows in _DELETE_THE_REST:
                connection.execute(delete_rows, of_session)
        self._session_keys.forget(session_id)
        if found:
            self.database.scrub("live_sessions", "session_keys", "taps", "connections", "line_callers")
            with self.database.writing() as connection:
                connection.execute(_DELETE_ROW, of_session)

    def live(self) -> Sequence[str]:
        with self.database.reading() as connection:
            found = connection.execute(_LIVE).scalars().all()
        self._session_keys.forget_all_but(found)
        return found

    def revisions(self, session_ids: Sequence[str]) -> Mapping[str, int]:
        with self.database.reading() as connection:
            rows = connection.execute(_REVISIONS, {"sessions": list(session_ids)}).all()
        return {row.session_id: row.revision for row in rows}

    def _load_all(self, connection: Connection, session_ids: Sequence[str]) -> dict[str, Saved]:
        # Most are in memory already, and the first bytes of the sealed document say whether they still are as there.
        rows = _HEADS.all(connection, {"sessions": list(session_ids)})
        found = {row.session_id: self._load_one(connection, row) for row in rows}
        for gone in set(session_ids) - set(found):
            self._session_keys.forget(gone)
        return {session_id: saved for session_id, saved in found.items() if saved is not None}

    def _load_one(self, connection: Connection, head: Row[*tuple[Any, ...]]) -> Saved | None:
        known = self._session_keys.unwrap(head.session_id, head.wrapped_key).remembered(head.head)
        if known is not None:
            return known
        row = connection.execute(_LOAD, {"session": head.session_id}).one_or_none()
        if row is None:
            return None
        key = self._session_keys.unwrap(head.session_id, row.wrapped_key)
        saved = Saved(document.read(key.open_document(row.document, row.revision)), row.revision)
        key.remember(row.document, saved)
        return saved

    def _sealed(self, saving: Saving) -> _Sealed:
        key = self._session_keys.known(saving.session_id) or self._read_key(saving.session_id)
        written = key.seal_document(document.write(saving.state), saving.revision + 1) if key else b""
        return _Sealed(saving, key, written)

    def _read_key(self, session_id: str) -> SessionKey | None:
        with self.database.reading() as connection:
            return self._key(connection, session_id)

    def _key(self, connection: Connection, session_id: str) -> SessionKey | None:
        wrapped = connection.execute(_KEY, {"session": session_id}).scalar_one_or_none()
        return None if wrapped is None else self._session_keys.unwrap(session_id, wrapped)


@dataclass(frozen=True, slots=True)
class _Sealed:
    saving: Saving
    key: SessionKey | None
    document: bytes


def _write_all(connection: Connection, sealed: Sequence[_Sealed]) -> list[bool]:
    """Whether each was saved; who saved first elsewhere is left as it is."""
    if len(sealed) > 1 and connection.dialect.supports_sane_multi_rowcount and all(each.key for each in sealed):
        # Nearly always nobody was faster, and one statement for all of them costs a fraction of one for each.
        with connection.begin_nested() as attempt:
            if _SAVE.run(connection, *map(_changes, sealed)) == len(sealed):
                _add_taps(connection, sealed)
                return [True] * len(sealed)
            attempt.rollback()
    done = [bool(each.key and _SAVE.run(connection, _changes(each))) for each in sealed]
    _add_taps(connection, [each for each, is_saved in zip(sealed, done, strict=True) if is_saved])
    return done


def _changes(sealed: _Sealed) -> dict[str, object]:
    saving = sealed.saving
    return {
        "session": saving.session_id,
        "seen": saving.revision,
        "wrapped": sealed.key.wrapped if sealed.key else b"",
        "next": saving.revision + 1,
        "sealed": sealed.document,
        "due": saving.due_at,
    }


def _add_taps(connection: Connection, sealed: Sequence[_Sealed]) -> None:
    rows = [_tap_row(one.saving.session_id, one.key, tap) for one in sealed if one.key for tap in one.saving.taps]
    if rows:
        _ADD_TAP.run(connection, *rows)


def _tap_row(session_id: str, key: SessionKey, tap: TapRecord) -> dict[str, object]:
    mark = key.mark(tap.seat_id, tap.tap_id)
    return {"session_id": session_id, "mark": mark, "digest": key.seal_digest(tap.digest, mark)}
