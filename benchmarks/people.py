"""Sessions full of people, made through the service and kept for some hours, since making them takes a while."""

from __future__ import annotations

import json
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from companion.core import commands as c
from companion.core.model import SYSTEM, Role, SessionState
from companion.core.overdue import next_due
from companion.core.values import replace
from companion.records import Access, GroupSettings, Invite, PlannedSession, SafeguardingPlan
from companion.service import gathering, inviting, organising
from companion.service.accesses import connect_key, hash_token
from companion.service.deps import Deps
from companion.service.perform import perform
from companion.settings import from_environment
from companion.store import SqlStore, document
from companion.store.tables import accesses, invites, sessions
from companion.web.cookies import access_cookie
from companion.wiring import make_deps

CAST: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("facilitator", "Rae"),
    ("tech_helper", "Kit"),
    ("peer_supporter", "Noor"),
    *(("member", alias) for alias in ("Wren", "Ash", "Fern", "Ivy", "Lark", "Hazel", "Juniper", "Olive")),
)
SEATS, MEMBERS = len(CAST), 8
ENVIRONMENT = "environment.json"  # in a data folder: where its database is, if that is not a file there
KEPT_SECONDS = 3 * 3600  # an access opens for twelve hours


@dataclass(frozen=True, slots=True)
class Person:
    """How one person gets in; ``member`` counts the members of her session from 0 and is -1 for staff."""

    session: str
    seat: str
    access: str
    role: str
    alias: str
    member: int
    token: str
    cookie: str
    key: str


class NobodyJoins:
    """A hasher for people whose passcodes nobody will ever type: argon2 would take longer than all the rest."""

    def hash(self, secret: str) -> str:
        """Nothing that could be verified."""
        return "none"

    def verify(self, kept: str, secret: str) -> bool:
        """Never."""
        return False

    def is_old(self, kept: str) -> bool:
        """Never."""
        return False


def people_of(folder: Path, sessions: int) -> list[Person]:
    """So many sessions in the database of ``folder``, from an earlier run where one is fresh enough."""
    listed, fresh = folder / "people.json", time.time() - KEPT_SECONDS
    if listed.exists() and listed.stat().st_mtime > fresh:
        return [Person(**person) for person in json.loads(listed.read_text())]
    shutil.rmtree(folder, ignore_errors=True)
    people = made(folder, sessions)
    listed.write_text(json.dumps([asdict(person) for person in people]))
    return people


def made(folder: Path, sessions: int) -> list[Person]:
    """So many sessions, made anew in the database of ``folder``."""
    return list(_make(folder, sessions))


def deps_on(folder: Path) -> Deps:
    """The dependencies of a node on this data folder, for preparing and for looking at what was kept."""
    more = folder / ENVIRONMENT
    given = json.loads(more.read_text()) if more.exists() else {}
    return make_deps(from_environment({"COMPANION_DATA": str(folder), **given}))


def _make(folder: Path, sessions: int) -> Iterator[Person]:
    deps = replace(deps_on(folder), hasher=NobodyJoins())
    people = _evening(deps)
    yield from people
    model = Model.of(deps, people)
    for _ in range(sessions - 1):
        yield from model.copied()


def _evening(deps: Deps) -> list[Person]:
    plan = SafeguardingPlan("Sol", "020 7946 0111", "Rae", "Stay with her. Phone the lead.", deps.clock())
    settings = GroupSettings(call_link="https://call.example/x", backup_number="020 7946 0958", safeguarding=plan)
    group = organising.add_group(deps, "Tuesday", settings)
    session = organising.add_session(deps, group.id, deps.clock())
    people = [_invited(deps, group.id, session.id, at) for at in range(SEATS)]
    gathering.begin(deps, session.id)
    perform(deps, session.id, c.OpenDoors(), by=SYSTEM)
    for person in people:
        perform(deps, session.id, c.Arrive(seat=person.seat, device=person.access, alias=person.alias), by=SYSTEM)
    perform(deps, session.id, c.AdmitAll(), by=people[0].seat)
    perform(deps, session.id, c.StartSession(), by=people[0].seat)
    return people


def _invited(deps: Deps, group_id: str, session_id: str, at: int) -> Person:
    role, alias = CAST[at]
    private = f"{alias} Private"
    known = organising.add_person(deps, group_id, role, private, alias, phone="07700 900123", waived_by="Sol")
    invite = inviting.invite(deps, session_id, known.id).invite
    now, token = deps.clock(), deps.fresh_id()
    until = now + timedelta(hours=12)
    access = Access(
        deps.fresh_id(), hash_token(deps, token), invite.id, session_id, invite.seat_id, role, "in", now, until
    )
    deps.store.save_access(access)
    member = at - SEATS + MEMBERS if role == "member" else -1
    cookie = access_cookie(deps.settings)
    return Person(session_id, access.seat_id, access.id, role, alias, member, token, cookie, connect_key(deps, access))


@dataclass(frozen=True, slots=True)
class Model:
    """One evening made through the service, of which further ones are copied row by row, with ids of their own."""

    deps: Deps
    store: SqlStore
    people: list[Person]
    records: list[tuple[PlannedSession, Invite, Access]]
    state: bytes

    @classmethod
    def of(cls, deps: Deps, people: list[Person]) -> Model:
        """The model of these people's evening."""
        store = deps.store
        assert isinstance(store, SqlStore)
        saved, planned = store.load(people[0].session), store.session(people[0].session)
        opened = [store.access(person.access) for person in people]
        assert saved and planned
        records = [(planned, store.invite(access.invite_id), access) for access in opened if access]
        return cls(deps, store, people, [(a, b, c) for a, b, c in records if b], document.write(saved.state))

    def copied(self) -> list[Person]:
        """The people of one more evening."""
        fresh = self.deps.fresh_id
        session = fresh()
        people = [replace(p, session=session, seat=fresh(), access=fresh(), token=fresh()) for p in self.people]
        rows = [self._of(person, *records) for person, records in zip(people, self.records, strict=True)]
        with self.store.database.writing() as connection:
            connection.execute(insert(sessions), [self.store.to_row(sessions, rows[0][0])])
            connection.execute(insert(invites), [self.store.to_row(invites, row[1]) for row in rows])
            connection.execute(insert(accesses), [self.store.to_row(accesses, row[2]) for row in rows])
        state = self._state(session, people)
        self.store.create(state, next_due(state))
        return [replace(p, key=connect_key(self.deps, row[2])) for p, row in zip(people, rows, strict=True)]

    def _of(
        self, person: Person, planned: PlannedSession, invite: Invite, access: Access
    ) -> tuple[PlannedSession, Invite, Access]:
        planned = replace(planned, id=person.session)
        invite = replace(
            invite,
            id=self.deps.fresh_id(),
            session_id=person.session,
            seat_id=person.seat,
            token_hash=hash_token(self.deps, self.deps.fresh_id()),
        )
        access = replace(
            access,
            id=person.access,
            token_hash=hash_token(self.deps, person.token),
            invite_id=invite.id,
            session_id=person.session,
            seat_id=person.seat,
        )
        return planned, invite, access

    def _state(self, session: str, people: list[Person]) -> SessionState:
        text = self.state.replace(self.people[0].session.encode(), session.encode())
        for old, new in zip(self.people, people, strict=True):
            text = text.replace(old.seat.encode(), new.seat.encode()).replace(old.access.encode(), new.access.encode())
        return document.read(text)


def main() -> None:
    """``python -m benchmarks.people FOLDER SESSIONS``."""
    parser = ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sessions", type=int)
    args = parser.parse_args()
    people_of(args.folder, args.sessions)


if __name__ == "__main__":
    main()
