"""The store as a few dictionaries, for tests of what stands above it; it keeps the same promises (tests/store)."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar

from companion.core.model import SessionState
from companion.core.values import replace
from companion.ports import Moved, Store, StoreDown
from companion.records import (
    FORM,
    NOT_GONE,
    TELLING,
    Access,
    CallTask,
    Connection,
    Group,
    Invite,
    Kind,
    Late,
    Letter,
    Looked,
    Person,
    PlannedSession,
    Saved,
    Saving,
    StandingInvite,
    TapRecord,
    forgotten,
    saved_over,
)
from tests.fakes.memory_shelf import MemoryShelf

R = TypeVar("R")


class MemoryStore:
    """ports.Store. Set ``down`` and every call raises StoreDown, as with a full or vanished database."""

    def __init__(self) -> None:
        self.down = False
        self.scrubbed = 0
        self._lock = RLock()
        self._live: dict[str, Saved] = {}
        self._due: dict[str, datetime | None] = {}
        self._taps: dict[tuple[str, str, str], str] = {}
        self._connections: dict[str, Connection] = {}
        self._groups: dict[str, Group] = {}
        self._people: dict[str, Person] = {}
        self._sessions: dict[str, PlannedSession] = {}
        self._invites: dict[str, Invite] = {}
        self._accesses: dict[str, Access] = {}
        self._letters: dict[str, Letter] = {}
        self._shelves: dict[type, dict[str, Any]] = {StandingInvite: {}}  # asked at every link

    # live sessions

    def create(self, state: SessionState, due_at: datetime | None) -> None:
        with self._open():
            if state.id not in self._live:
                self._live[state.id] = Saved(state, 1)
                self._due[state.id] = due_at

    def load(self, session_id: str) -> Saved | None:
        with self._open():
            return self._live.get(session_id)

    def load_all(self, session_ids: Collection[str]) -> Mapping[str, Saved]:
        with self._open():
            return {each: self._live[each] for each in session_ids if each in self._live}

    def seen_tap(self, session_id: str, seat_id: str, tap_id: str) -> str | None:
        with self._open():
            return self._taps.get((session_id, seat_id, tap_id))

    def save(
        self, session_id: str, revision: int, state: SessionState, due_at: datetime | None, tap: TapRecord | None
    ) -> None:
        with self._open():
            saving = Saving(session_id, revision, state, due_at, (tap,) if tap else ())
            if self._has_moved(saving) or self._has_a_known_tap(saving):
                raise Moved
            self._save(saving)

    def look(self, asked: Sequence[tuple[str, str]]) -> Sequence[Looked]:
        with self._open():
            return [self._look(access_id, tap_id) for access_id, tap_id in asked]

    def save_all(self, savings: Sequence[Saving]) -> Collection[str]:
        with self._open():
            moved = [each.session_id for each in savings if self._has_moved(each)]
            ready = [each for each in savings if each.session_id not in moved]
            if any(self._has_a_known_tap(each) for each in ready):
                raise LookupError("a tap that is known already")
            for each in ready:
                self._save(each)
            return moved

    def due(self, at: datetime) -> Sequence[str]:
        with self._open():
            found = [(due_at, session_id) for session_id, due_at in self._due.items() if due_at and due_at <= at]
            return [session_id for _, session_id in sorted(found)]

    def destroy(self, session_id: str) -> None:
        with self._open():
            self._live.pop(session_id, None)
            self._due.pop(session_id, None)
            self._taps = {key: digest for key, digest in self._taps.items() if key[0] != session_id}
            self._remove(each for each in self._connections.values() if each.session_id == session_id)

    def live(self) -> Sequence[str]:
        with self._open():
            return sorted(self._live)

    def revisions(self, session_ids: Sequence[str]) -> Mapping[str, int]:
        with self._open():
            return {each: self._live[each].revision for each in session_ids if each in self._live}

    # connections

    def open(self, opened: Sequence[Connection], instead_of: Sequence[str] = ()) -> None:
        with self._open():
            self._connections |= {each.id: each for each in opened}
            for gone in instead_of:
                self._connections.pop(gone, None)

    def close(self, connection_ids: Sequence[str]) -> Collection[tuple[str, str]]:
        with self._open():
            gone = [self._connections.pop(each) for each in connection_ids if each in self._connections]
            seats = {(each.session_id, each.seat_id) for each in gone}
            return seats - set(self.present(seats))

    def renew(self, node: str, expires_at: datetime) -> None:
        with self._open():
            for each in [each for each in self._connections.values() if each.node == node]:
                self._connections[each.id] = replace(each, expires_at=expires_at)

    def forget_node(self, node: str) -> Sequence[Connection]:
        with self._open():
            return self._remove(each for each in self._connections.values() if each.node == node)

    def expire(self, at: datetime) -> Sequence[tuple[str, str]]:
        with self._open():
            gone = self._remove(each for each in self._connections.values() if each.expires_at <= at)
            seats = {(each.session_id, each.seat_id) for each in gone}
            return sorted(seats - set(self.present(seats)))

    def present(self, seats: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        with self._open():
            return {(each.session_id, each.seat_id) for each in self._connections.values()} & set(seats)

    def connected(self, access_id: str) -> bool:
        with self._open():
            return any(each.access_id == access_id and each.node != FORM for each in self._connections.values())

    # groups and people

    def save_group(self, group: Group) -> None:
        with self._open():
            self._groups[group.id] = group

    def group(self, group_id: str) -> Group | None:
        with self._open():
            return self._groups.get(group_id)

    def groups(self) -> Sequence[Group]:
        with self._open():
            return sorted(self._groups.values(), key=_by_name)

    def save_person(self, person: Person) -> None:
        with self._open():
            _needs(person.group_id, self._groups)
            self._people[person.id] = person

    def person(self, person_id: str) -> Person | None:
        with self._open():
            return self._people.get(person_id)

    def people(self, group_id: str) -> Sequence[Person]:
        with self._open():
            return sorted((each for each in self._people.values() if each.group_id == group_id), key=_by_name)

    # sessions and invites

    def save_session(self, session: PlannedSession) -> None:
        with self._open():
            _needs(session.group_id, self._groups)
            self._sessions[session.id] = session

    def session(self, session_id: str) -> PlannedSession | None:
        with self._open():
            return self._sessions.get(session_id)

    def sessions(self, group_id: str | None = None) -> Sequence[PlannedSession]:
        with self._open():
            wanted = [each for each in self._sessions.values() if group_id in (None, each.group_id)]
            return sorted(wanted, key=lambda each: (-each.starts_at.timestamp(), each.id))

    def invite(self, invite_id: str) -> Invite | None:
        with self._open():
            return self._invites.get(invite_id)

    def invite_by_token(self, *token_hashes: str) -> Invite | None:
        with self._open():
            return next((each for each in self._invites.values() if each.token_hash in token_hashes), None)

    def invite_of_seat(self, session_id: str, seat_id: str) -> Invite | None:
        with self._open():
            of_seat = [each for each in self.invites(session_id) if each.seat_id == seat_id]
            return min(of_seat, key=_best_invite, default=None)

    def invites(self, session_id: str) -> Sequence[Invite]:
        with self._open():
            wanted = [each for each in self._invites.values() if each.session_id == session_id]
            return sorted(wanted, key=lambda each: each.id)

    # accesses

    def save_access(self, access: Access) -> None:
        with self._open():
            _needs(access.invite_id, self._invites)
            _only_one(access, self._accesses.values())
            self._accesses[access.id] = saved_over(self._accesses.get(access.id), access)

    def access(self, access_id: str) -> Access | None:
        with self._open():
            return self._accesses.get(access_id)

    def access_by_token(self, *token_hashes: str) -> Access | None:
        with self._open():
            return next((each for each in self._accesses.values() if each.token_hash in token_hashes), None)

    def accesses_of_seat(self, session_id: str, seat_id: str) -> Sequence[Access]:
        with self._open():
            return sorted(self._not_ended(session_id, seat_id), key=lambda each: (each.created_at, each.id))

    def end_accesses(self, session_id: str, seat_id: str | None = None, access_id: str | None = None) -> Sequence[str]:
        with self._open():
            ended = [each for each in self._not_ended(session_id, seat_id) if access_id in (None, each.id)]
            for each in ended:
                self._accesses[each.id] = forgotten(replace(each, state="ended"))
            return sorted(each.id for each in ended)

    def speak(self, access_id: str, language: str) -> None:
        with self._open():
            if access_id in self._accesses:
                self._accesses[access_id] = replace(self._accesses[access_id], language=language)

    def lock_at(self, access_id: str, at: datetime | None) -> None:
        with self._open():
            if access_id in self._accesses:
                self._accesses[access_id] = replace(self._accesses[access_id], locks_at=at)

    def lock_all(self, locks: Sequence[tuple[str, datetime | None]], *, later: bool = False) -> None:
        with self._open():
            for access_id, at in locks:
                before = self._accesses[access_id].locks_at if access_id in self._accesses else None
                if not (later and before and at and before >= at):
                    self.lock_at(access_id, at)

    # letters

    def post(self, letter: Letter) -> None:
        with self._open():
            self._letters[letter.id] = letter

    def due_letters(self, at: datetime, limit: int = 20, kind: Kind | None = None) -> Sequence[Letter]:
        with self._open():
            waiting = [each for each in self.letters() if each.state == "waiting" and kind in (None, each.kind)]
            return [each for each in waiting if each.due_at <= at][:limit]

    def letters(self) -> Sequence[Letter]:
        with self._open():
            here = [each for each in self._letters.values() if each.state in NOT_GONE]
            return sorted(here, key=lambda each: (each.due_at, each.id))

    def late(self, at: datetime) -> Sequence[Late]:
        with self._open():
            tasks = [task for task in self._shelves.get(CallTask, {}).values() if task.what not in TELLING]
            kinds = [(letter.kind, letter) for letter in self._letters.values()] + [("call", task) for task in tasks]
            here = [(kind, it) for kind, it in kinds if it.state in ("waiting", "sending") and _is_late(it, at)]
            found: dict[tuple[str, int], list[datetime]] = {}
            for kind, it in here:
                found.setdefault((kind, it.attempts), []).append(it.tried_at if it.attempts else it.due_at)
            return [Late(*key, len(times), min(times)) for key, times in sorted(found.items())]

    # everything else

    def shelf(self, kind: type[R]) -> MemoryShelf[R]:
        own = {
            Group: self._groups,
            Person: self._people,
            PlannedSession: self._sessions,
            Access: self._accesses,
            Letter: self._letters,
        }
        if kind is Invite:
            return MemoryShelf(self._invites, self._open, self._check_invite)  # type: ignore[arg-type]
        return MemoryShelf(own[kind] if kind in own else self._shelves.setdefault(kind, {}), self._open)

    def _check_invite(self, invite: Invite) -> None:
        _needs(invite.session_id, self._sessions)
        _needs(invite.person_id, self._people)
        _only_one(invite, self._invites.values())

    def ready(self) -> None:
        with self._open():
            pass

    def scrub(self) -> None:
        with self._open():
            self.scrubbed += 1

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self._lock:
            if self.down:
                raise StoreDown("the test said so")
            yield

    def _look(self, access_id: str, tap_id: str) -> Looked:
        access = self._accesses.get(access_id)
        if access is None:
            return Looked()
        tap = (access.session_id, access.seat_id, tap_id)
        return Looked(access, self._live.get(access.session_id), self._taps.get(tap))

    def _has_moved(self, saving: Saving) -> bool:
        now = self._live.get(saving.session_id)
        return now is None or now.revision != saving.revision

    def _has_a_known_tap(self, saving: Saving) -> bool:
        return any((saving.session_id, tap.seat_id, tap.tap_id) in self._taps for tap in saving.taps)

    def _save(self, saving: Saving) -> None:
        self._live[saving.session_id] = Saved(saving.state, saving.revision + 1, saving.sight)
        self._due[saving.session_id] = saving.due_at
        for tap in saving.taps:
            self._taps[(saving.session_id, tap.seat_id, tap.tap_id)] = tap.digest

    def _remove(self, connections: Iterable[Connection]) -> list[Connection]:
        gone = list(connections)
        for each in gone:
            del self._connections[each.id]
        return gone

    def _not_ended(self, session_id: str, seat_id: str | None) -> list[Access]:
        of_session = [each for each in self._accesses.values() if each.session_id == session_id]
        return [each for each in of_session if each.state != "ended" and seat_id in (None, each.seat_id)]


def _is_late(it: Any, at: datetime) -> bool:
    if not it.attempts:
        return bool(it.due_at <= at)
    return bool(it.state == "waiting" or it.tried_at <= at)


def _needs(parent_id: str, parents: Container[str]) -> None:
    # The databases refuse a row without its parent: a test must not pass here that fails there.
    if parent_id not in parents:
        raise LookupError("this belongs to something that was never saved")


def _only_one(record: Invite | Access, others: Iterable[Invite | Access]) -> None:
    if any(other.token_hash == record.token_hash and other.id != record.id for other in others):
        raise LookupError("another one has this token")


def _by_name(named: Group | Person) -> tuple[str, str]:
    return named.name.casefold(), named.id


def _best_invite(invite: Invite) -> tuple[bool, float, str]:
    return invite.state == "revoked", -invite.expires_at.timestamp(), invite.id


def _keeps_the_contract(store: MemoryStore) -> Store:
    return store  # mypy compares every method with ports.Store
