"""Changing the keys while the service runs: every sealed cell is sealed again with the first key of the ring.

In small transactions, row by row: whatever is sealed with today's key is left alone, so it can be cut short and begun
again at any moment, and a row that somebody writes meanwhile is never overwritten. Whatever cannot be made anew without
its owner (hashes of links, cookies, passcodes and names) stays as it is, and is counted before an old key is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, func, not_, or_, select, update

from companion.records import Account, AuditEntry, AuditHead, chain, tag_of
from companion.store.rows import Part, indexed, sealed_of
from companion.store.sealing import Sealer
from companion.store.tables import (
    accesses,
    accounts,
    audit_entries,
    audit_heads,
    feeds,
    installations,
    invites,
    line_pins,
    live_sessions,
    metadata,
    one_time_links,
    session_keys,
    staff_sessions,
    standing_invites,
)

BATCH = 100
Cells = Mapping[str, bytes | str | None]


class CannotRotate(Exception):
    """The audit does not fit together: its digests are not made anew as long as somebody may have altered it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What still needs an older key."""

    cells: int  # sealed: a rotation makes them anew
    links: int  # invites, other addresses and digits of the line that still open
    browsers: int  # accesses that still open, of staff too
    staff: int  # until they log in
    live: int  # sessions that go on

    @property
    def nothing(self) -> bool:
        """Whether older keys can be dropped."""
        return self == Waiting(0, 0, 0, 0, 0)


def seal_again(store: Part, *, progress: Callable[[str, int], object] = lambda table, count: None) -> int:
    """Seal everything with the first key that is not yet; says how many rows that were. Safe to repeat."""
    store.keys.look_again()
    made = 0
    for table in metadata.tables.values():
        count = sum(_seal_rows_again(store, table, keys) for keys in _stale(store, table))
        if count:
            progress(table.name, count)
        made += count
    return made + _chain_again(store)


def fill_indexes(store: Part) -> None:
    """Rows from before an index was there get one."""
    for table in metadata.tables.values():
        for name, _ in indexed(table):
            with store.database.reading() as connection:
                without = connection.execute(select(table.c.id).where(table.c[name].is_(None))).scalars().all()
            for key in without:
                _seal_rows_again(store, table, [(key,)])


def waiting(store: Part, at: Any) -> Waiting:
    """What still needs an older key."""
    cells = sum(len(keys) for table in metadata.tables.values() for keys in _stale(store, table))
    tokens, peppers = (store.keys.subkey(purpose) for purpose in ("tokens", "passcodes"))
    pins = store.keys.subkey("line pins")
    a, o, s = accesses.c, one_time_links.c, staff_sessions.c

    def old_invites(table: Table) -> Any:
        old = or_(_not_of(table.c.token_hash, tokens), _not_of(table.c.passcode_hash, peppers))
        return and_(old, table.c.expires_at > at, table.c.state != "revoked")

    with store.database.reading() as connection:
        count = _counter(connection)
        return Waiting(
            cells + _stale_chain(store, connection),
            count(invites, old_invites(invites))
            + count(standing_invites, old_invites(standing_invites))
            + count(feeds, _not_of(feeds.c.token_hash, tokens))
            + count(line_pins, _not_of(line_pins.c.digest, pins))
            + count(one_time_links, and_(_not_of(o.token_hash, tokens), o.expires_at > at)),
            count(accesses, and_(_not_of(a.token_hash, tokens), a.expires_at > at, a.state != "ended"))
            + count(staff_sessions, and_(_not_of(s.token_hash, tokens), s.expires_at > at)),
            _old_accounts(store, connection, peppers),
            count(live_sessions, live_sessions.c.revision > 0),
        )


def _stale(store: Part, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    # Pages of keys of rows in which something is not sealed with today's key.
    if not _has_cells(table):
        return
    key = next(iter(table.primary_key))
    after: Any = None
    while True:
        page = select(table).order_by(key).limit(BATCH)
        with store.database.reading() as connection:
            rows = connection.execute(page if after is None else page.where(key > after)).all()
        if not rows:
            return
        after = rows[-1]._mapping[key]
        yield [(row._mapping[key],) for row in rows if _cells(store, table, row, only_stale=True)]


def _has_cells(table: Table) -> bool:
    return bool(sealed_of(table)) or table in (session_keys, installations)


def _seal_rows_again(store: Part, table: Table, keys: list[tuple[Any, ...]]) -> int:
    key = next(iter(table.primary_key))
    made = 0
    for (value,) in keys:
        with store.database.writing() as connection:
            row = connection.execute(select(table).where(key == value).with_for_update()).one_or_none()
            cells = _cells(store, table, row, only_stale=False) if row is not None else {}
            if cells:
                connection.execute(update(table).where(key == value).values(dict(cells)))
                made += 1
    return made


def _cells(store: Part, table: Table, row: Row[*tuple[Any, ...]], *, only_stale: bool) -> Cells:
    # What the row should hold instead. With ``only_stale`` it tells whether there is anything, and opens no more.
    made: dict[str, bytes | str | None] = {}
    for name, sealer, place in _places(store, table, row):
        cell = row._mapping[name]
        if cell is None or sealer.is_todays(cell, *place):
            continue
        made[name] = b"" if only_stale else sealer.seal(sealer.open(cell, *place), *place)
    for name, of in indexed(table):
        found = row._mapping[name]
        if not found or not found.startswith(f"{tag_of(store.keys.subkey('blind index'))}."):
            fresh = store.index_of_cell(table, of, row)
            if fresh != found:
                made[name] = fresh
    return made


def _places(store: Part, table: Table, row: Row[*tuple[Any, ...]]) -> Iterator[tuple[str, Sealer, tuple[str, ...]]]:
    values = row._mapping
    if table is session_keys:
        master = Sealer.of(store.keys, "session keys")
        yield "wrapped_key", master, ("session_keys", "wrapped_key", values["session_id"])
    elif table is installations:
        yield "key_check", Sealer.of(store.keys, "key check"), ("installations", "key_check", str(values["id"]))
    for name in sealed_of(table):
        yield name, store.fields, (table.name, name, values["id"])


def _chain_again(store: Part) -> int:
    # In one piece: between two digests of different keys the chain would not hold.
    keys = store.keys.subkeys("audit")
    with store.database.writing() as connection:
        row = connection.execute(select(audit_heads).with_for_update()).one_or_none()
        if row is None:
            return 0
        head = store.to_record(audit_heads, AuditHead, row)
        rows = connection.execute(select(audit_entries).order_by(audit_entries.c.id)).all()
        kept = [store.to_record(audit_entries, AuditEntry, one) for one in rows]
        if head == chain.EMPTY or not _is_stale(keys, head, kept):
            return 0
        entries = _whole(keys, head, kept)
        digest = head.base_digest
        for entry in entries:
            entry = chain.chained(keys[0], digest, entry)
            digest = entry.digest
            store.put(connection, audit_entries, entry)
        after = chain.ending_with(keys[0], head, entry) if entries else chain.sealed(keys[0], head)
        store.put(connection, audit_heads, after)
        return len(entries) + 1


def _whole(keys: tuple[bytes, ...], head: AuditHead, kept: list[AuditEntry]) -> list[AuditEntry]:
    found = {chain.number_of(entry): entry for entry in kept}
    if head.number > head.base:
        found.setdefault(head.number, chain.last_of(head))
    before, entries = head.base_digest, []
    for number in range(head.base + 1, head.number + 1):
        entry = found.get(number)
        if entry is None or not chain.hangs(keys, before, entry):
            raise CannotRotate
        before = entry.digest
        entries.append(entry)
    if before != head.digest or not chain.is_ours(keys, head):
        raise CannotRotate
    return entries


def _stale_chain(store: Part, connection: Connection) -> int:
    row = connection.execute(select(audit_heads)).one_or_none()
    if row is None:
        return 0
    head = store.to_record(audit_heads, AuditHead, row)
    rows = connection.execute(select(audit_entries)).all()
    kept = [store.to_record(audit_entries, AuditEntry, one) for one in rows]
    return int(head != chain.EMPTY and _is_stale(store.keys.subkeys("audit"), head, kept))


def _is_stale(keys: tuple[bytes, ...], head: AuditHead, kept: list[AuditEntry]) -> bool:
    todays = f"{tag_of(keys[0])}."
    return any(not one.startswith(todays) for one in (head.seal, *(entry.digest for entry in kept)))


def _old_accounts(store: Part, connection: Connection, peppers: bytes) -> int:
    rows = connection.execute(select(accounts).where(accounts.c.closed_at.is_(None))).all()
    kept = [store.to_record(accounts, Account, row) for row in rows]
    return sum(not one.password_hash.startswith(f"{tag_of(peppers)}.") for one in kept)


def _not_of(column: Any, key: bytes) -> Any:
    return not_(column.startswith(f"{tag_of(key)}.", autoescape=True))


def _counter(connection: Connection) -> Callable[[Table, Any], int]:
    return lambda table, which: connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
