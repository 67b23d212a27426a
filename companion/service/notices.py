"""Notices of changed dates: posted once to each who can be reached, and a list of the others until all are ticked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from companion.records import Letter, Missed, Notice, PlannedSession
from companion.service import calendars, date_letters, reaching
from companion.service.dates import HOME
from companion.service.deps import Deps
from companion.service.reaching import Way


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody who has not heard of a change, why, and whether she has been told by phone."""

    notice: Notice
    person_id: str
    alias: str
    name: str
    reason: str
    told: bool


def notice_id(session_id: str, sequence: int) -> str:
    """One change of one date has one notice."""
    return f"{session_id}.{sequence}"


def post(deps: Deps, notice: Notice) -> None:
    """Put its letters in the outbox. Doing it again, here or on another node, changes nothing."""
    session = deps.store.session(notice.session_id)
    if session is None:
        return
    zone = zone_of(deps, notice.group_id)
    people = reaching.everyone(deps, session)
    ways, missed = reaching.sorted_out(people, deps.clock(), notice.was_at, zone)
    for way in ways:
        deps.store.shelf(Letter).add(_letter(deps, notice, session, way, zone))

    def how(one: Notice) -> Notice | None:
        if one.posted_at is not None:
            return None
        told = tuple(way.person.id for way in ways)
        return replace(one, posted=told, missed=missed, posted_at=deps.clock())

    deps.store.shelf(Notice).change(notice.id, how)


def not_reached(deps: Deps, session_id: str) -> tuple[ToTell, ...]:
    """Everybody who could not be told of a change of this date, also where a letter came to nothing."""
    found = [row for notice in deps.store.shelf(Notice).find(session_id=session_id) for row in _rows(deps, notice)]
    return tuple(found) if any(not row.told for row in found) else ()


def tell(deps: Deps, notice_id: str, person_id: str) -> str:
    """Somebody has told her by phone. Returns the id of the date that it is about."""

    def how(notice: Notice) -> Notice:
        known = {one.person_id: one for one in notice.missed}
        one = known.get(person_id, Missed(person_id, "letter_failed"))
        known[person_id] = replace(one, told_at=one.told_at or deps.clock())
        return replace(notice, missed=tuple(known.values()))

    notice = deps.store.shelf(Notice).get(notice_id)
    person = deps.store.person(person_id)
    if notice is None or person is None or person.group_id != notice.group_id:
        return ""
    deps.store.shelf(Notice).change(notice_id, how)
    return notice.session_id


def zone_of(deps: Deps, group_id: str) -> str:
    """In whose clock this group means its dates."""
    group = deps.store.group(group_id)
    return group.settings.zone if group else HOME


def _letter(deps: Deps, notice: Notice, session: PlannedSession, way: Way, zone: str) -> Letter:
    person = way.person
    text = date_letters.notice(notice, person.language, zone, text_message=way.kind == "text")
    # Of a series that ends each date is an entry of its own; a file that takes one out would say half of it.
    attached = way.kind == "mail" and notice.kind != "ended"
    return Letter(
        reaching.letter_id(f"notice {notice.id}", person.id),
        way.kind,
        reaching.address(person, way.kind),
        text.subject,
        text.body,
        due_at=way.at,
        attachments=(calendars.attachment(deps, session, person.language),) if attached else (),
        about=f"notice {notice.id}",
        not_after=reaching.until(person, way.at, max(notice.was_at, notice.starts_at), zone),
    )


def _rows(deps: Deps, notice: Notice) -> list[ToTell]:
    lost = {
        letter.id for letter in deps.store.shelf(Letter).find(about=f"notice {notice.id}", state=("failed", "stopped"))
    }
    failed = [one for one in notice.posted if reaching.letter_id(f"notice {notice.id}", one) in lost]
    known = {one.person_id: one for one in notice.missed}
    missed = [known.get(one, Missed(one, "letter_failed")) for one in failed if one not in known] + list(notice.missed)
    rows = []
    for one in missed:
        person = deps.store.person(one.person_id)
        if person is not None:
            told = one.told_at is not None
            rows.append(ToTell(notice, person.id, person.alias, person.name, one.reason, told))
    return rows
