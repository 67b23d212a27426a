"""A facilitator's private calendar address: its token is kept as a hash, shown once, and can be renewed at any time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from companion.core.refusals import Refused
from companion.records import Feed, Person, PlannedSession, Series
from companion.service import calendars
from companion.service.accesses import hash_token, hashes_of
from companion.service.deps import Deps
from companion.service.passcodes import new_token


@dataclass(frozen=True, slots=True)
class Served:
    """A calendar, and a mark that changes with it."""

    text: str
    mark: str


def renew(deps: Deps, person_id: str) -> str:
    """A new address for her calendar; the old one leads nowhere from now on. It is returned this once."""
    person = deps.store.person(person_id)
    if person is None or not _may_have(person):
        raise Refused("not_yours_to_do")
    token = new_token()
    deps.store.shelf(Feed).put(Feed(person_id, hash_token(deps, token), deps.clock()))
    return f"{deps.settings.address}/desk/feed/{token}.ics"


def forget(deps: Deps, person_id: str) -> None:
    """No calendar address any more."""
    deps.store.shelf(Feed).remove(id=person_id)


def known(deps: Deps, group_id: str) -> frozenset[str]:
    """The people of a group who have a calendar address."""
    people = tuple(person.id for person in deps.store.people(group_id))
    return frozenset(feed.id for feed in deps.store.shelf(Feed).find(id=people))


def served(deps: Deps, token: str) -> Served | None:
    """The calendar behind this address, or None."""
    found = deps.store.shelf(Feed).find(token_hash=hashes_of(deps, token))
    person = deps.store.person(found[0].id) if found else None
    if person is None or not _may_have(person):
        return None
    sessions = sorted(deps.store.sessions(person.group_id), key=lambda one: one.id)
    series = deps.store.shelf(Series).find(group_id=person.group_id)
    return Served(calendars.feed(deps, series, sessions, person.language), _mark(series, sessions, person.language))


def _may_have(person: Person) -> bool:
    return person.role == "facilitator" and person.left_at is None


def _mark(series: Sequence[Series], sessions: Sequence[PlannedSession], language: str) -> str:
    # Not of the text, which carries the moment at which it was written.
    shown = [(one.id, one.starts_at, one.minutes, one.sequence, one.cancelled_at) for one in sessions]
    return hashlib.sha256(repr((series, shown, language)).encode()).hexdigest()[:32]
