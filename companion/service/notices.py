"""Notices of changed dates: posted once to each who can be reached, and a list of the others until all are ticked."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.values import replace
from companion.records import Letter, Missed, Notice, PlannedSession
from companion.service import calendars, date_letters, invited, reaching
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
    people = invited.everyone(deps, session)
    # Of a date that is earlier now, she has to hear before it.
    before = min(notice.was_at, notice.starts_at)
    ways, missed = reaching.sorted_out(people, deps.clock(), before, zone)
    for way in ways:
        _post(deps, notice, session, way, zone)

    def how(one: Notice) -> Notice | None:
        if one.posted_at is not None:
            return None
        told = tuple(way.person.id for way in ways)
        return replace(one, posted=told, missed=missed, posted_at=deps.clock())

    deps.store.shelf(Notice).change(notice.id, how)


def not_reached(deps: Deps, session_id: str) -> tuple[ToTell, ...]:
    """Everybody who could not be told of the latest change of this date, also where a letter came to nothing."""
    notices = deps.store.shelf(Notice).find(session_id=session_id)
    latest = max(notices, key=lambda one: one.sequence, default=None)
    rows = tuple(_rows(deps, latest)) if latest else ()
    return rows if any(not row.told for row in rows) else ()


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


def stop_earlier(deps: Deps, session_id: str) -> None:
    """What has not left of an earlier change would now say something wrong."""
    for notice in deps.store.shelf(Notice).find(session_id=session_id):
        for person_id in notice.posted:
            reaching.stop_letters(deps, _about(notice, person_id))


def _post(deps: Deps, notice: Notice, session: PlannedSession, way: Way, zone: str) -> None:
    person, about = way.person, _about(notice, way.person.id)
    text = date_letters.notice(notice, person.language, zone, text_message=way.kind == "text")
    # Of a series that ends each date is an entry of its own; a file that takes one out would say half of it.
    attached = way.kind == "mail" and notice.kind != "ended"
    files = (calendars.attachment(deps, session, person.language),) if attached else ()
    not_after = reaching.until(person, way.at, max(notice.was_at, notice.starts_at), zone)
    reaching.post(deps, reaching.once(about, person.id), way, text, about, not_after, *files)


def _about(notice: Notice, person_id: str) -> str:
    return f"notice {notice.id} {person_id}"


def _rows(deps: Deps, notice: Notice) -> list[ToTell]:
    abouts = {_about(notice, one): one for one in notice.posted}
    lost = deps.store.shelf(Letter).find(about=tuple(abouts), state=("failed", "stopped"))
    known = {one.person_id: one for one in notice.missed}
    failed = [person_id for letter in lost if (person_id := abouts[letter.about]) not in known]
    missed = [*(Missed(one, "letter_failed") for one in failed), *notice.missed]
    rows = []
    for one in missed:
        person = deps.store.person(one.person_id)
        if person is not None:
            told = one.told_at is not None
            rows.append(ToTell(notice, person.id, person.alias, person.name, one.reason, told))
    return rows
