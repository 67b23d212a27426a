"""Moving and cancelling dates. The notice is written down first and then posted, so that a crash between the two loses
neither: ``finish`` ends what was begun. One sequence number is one change, so pressing twice is pressing once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Missed, Notice, NoticeKind, PlannedSession, Series
from companion.service import clashes, invited, moved_invites, notices, reaching, recurring, stale_letters
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.reaching import Way

log = logging.getLogger("companion.moving")
INSTANT = timedelta(seconds=1)
LEFT_ALONE = timedelta(minutes=1)  # so long a change may be in the hands of whoever makes it


@dataclass(frozen=True, slots=True)
class Telling:
    """Who will be told in writing, and who has to be told by phone."""

    told: tuple[Way, ...]
    missed: tuple[Missed, ...]


def telling(deps: Deps, session: PlannedSession, starts_at: datetime | None = None) -> Telling:
    """What a change of this date would set going, if it were made now; ``starts_at`` is its new time."""
    before = min(session.starts_at, starts_at or session.starts_at)
    people = invited.everyone(deps, session)
    zone = notices.zone_of(deps, session.group_id)
    return Telling(*reaching.sorted_out(people, deps.clock(), before, zone))


def check_may_change(deps: Deps, session: PlannedSession) -> None:
    """Refused: what is over, cancelled, or has opened its doors stays as it is."""
    if session.cancelled_at is not None:
        raise Refused("date_cancelled")
    saved = deps.store.load(session.id)
    phase = saved.state.phase if saved else session.phase
    if session.closed_at is not None or phase == "closed":
        raise Refused("session_closed")
    if phase != "planned":
        raise Refused("already_started")
    if session.starts_at <= deps.clock():
        raise Refused("date_over")


def move(deps: Deps, session_id: str, starts_at: datetime, minutes: int, sequence: int, by: str) -> Notice:
    """Another time for a date whose ``sequence`` was seen; everyone who can be reached is told."""
    with deps.locks.of(f"date {session_id}"):
        session = _found(deps, session_id)
        again = _again(deps, session, sequence, "moved", starts_at)
        if again is not None:
            return again
        check_may_change(deps, session)
        if starts_at <= deps.clock():
            raise Refused("date_past")
        if (starts_at, minutes) == (session.starts_at, session.minutes):
            raise Refused("date_same")

        def moved(one: PlannedSession) -> PlannedSession | None:
            if one.sequence != sequence:
                return None
            return replace(
                one,
                starts_at=starts_at,
                minutes=minutes,
                sequence=sequence + 1,
                moved_from=one.moved_from or one.starts_at,
            )

        notice, mine = _change(deps, session, "moved", starts_at, moved, by)
    if mine:
        _follow_up(deps, notice)
    return notice


def cancel(deps: Deps, session_id: str, sequence: int, by: str) -> Notice:
    """A date falls away; everyone who can be reached is told. What was made ready for it is cleared away."""
    with deps.locks.of(f"date {session_id}"):
        session = _found(deps, session_id)
        again = _again(deps, session, sequence, "cancelled", session.starts_at)
        if again is not None:
            return again
        check_may_change(deps, session)
        notice, mine = _change(deps, session, "cancelled", session.starts_at, _cancelled(deps, sequence), by)
    if mine:
        _follow_up(deps, notice)
    return notice


def end_series(deps: Deps, series_id: str, after: datetime, by: str) -> Notice | None:
    """No more dates after this moment. One notice tells of all that fall away; None: there were none."""
    with deps.locks.of(f"series {series_id}"):
        series = deps.store.shelf(Series).get(series_id)
        if series is None:
            raise Refused("no_such_page")
        falling = ends_with(deps, series, after)
        # The notice first: whatever a crash leaves undone after it, ``finish`` does.
        made = None
        if falling:
            first = falling[0]
            made = _change(deps, first, "ended", first.starts_at, _cancelled(deps, first.sequence), by)
        _end(deps, series_id, after)
    if made is None:
        return None
    notice, mine = made
    if mine:
        _follow_up(deps, notice)
    return notice


def ends_with(deps: Deps, series: Series, after: datetime) -> list[PlannedSession]:
    """The dates that fall away when a series ends, the next first."""
    coming = [one for one in reversed(clashes.coming(deps, series.group_id)) if one.series_id == series.id]
    return [one for one in coming if one.starts_at > after]


def finish(deps: Deps) -> int:
    """End what a crash cut short; forget the notice of a change that never came about. Returns how many there were."""
    shelf, found = deps.store.shelf(Notice), 0
    for notice in shelf.find(posted_at=None):
        if notice.at + LEFT_ALONE > deps.clock():
            continue
        found += 1
        session = deps.store.session(notice.session_id)
        if session is None or session.sequence < notice.sequence:
            shelf.remove(id=notice.id, posted_at=None)
        else:
            log.warning("a change of a date was cut short and is finished now")
            _follow_up(deps, notice)
    return found


def _follow_up(deps: Deps, notice: Notice) -> None:
    """All that comes after a change; each part may be done twice."""
    session = _found(deps, notice.session_id)
    match notice.kind:
        case "moved":
            moved_invites.follow(deps, session, notice.was_at)
        case "cancelled":
            _skip(deps, session)
            _clear_away(deps, session)
        case "ended":
            _clear_away(deps, session)
            _end(deps, notice.series_id, notice.starts_at - INSTANT)
            _cancel_the_rest(deps, notice.series_id)
    notices.post(deps, notice)


def _end(deps: Deps, series_id: str, after: datetime) -> None:
    deps.store.shelf(Series).change(series_id, lambda one: None if one.ended_at else replace(one, ended_at=after))


def _cancel_the_rest(deps: Deps, series_id: str) -> None:
    series = deps.store.shelf(Series).get(series_id)
    if series is None or series.ended_at is None:
        return
    for session in ends_with(deps, series, series.ended_at):
        deps.store.shelf(PlannedSession).change(session.id, _cancelled(deps, session.sequence))
        _clear_away(deps, session)


def _clear_away(deps: Deps, session: PlannedSession) -> None:
    """Nothing of a cancelled date opens any more, and no letter about it leaves but the notice."""
    with deps.locks.of(session.id):
        deps.store.destroy(session.id)
    cut(deps, tuple(deps.store.end_accesses(session.id)), "no_access")
    reaching.stop_reminders(deps, session)
    for invite in deps.store.invites(session.id):
        stale_letters.stop_letters(deps, invite.id)


def _change(
    deps: Deps,
    session: PlannedSession,
    kind: NoticeKind,
    starts_at: datetime,
    how: Callable[[PlannedSession], PlannedSession | None],
    by: str,
) -> tuple[Notice, bool]:
    """The notice of this change, and whether it was made here."""
    notice = Notice(
        notices.notice_id(session.id, session.sequence + 1),
        session.group_id,
        session.id,
        session.series_id if kind == "ended" else "",
        kind,
        session.sequence + 1,
        session.starts_at,
        starts_at,
        deps.clock(),
        by,
    )
    if not deps.store.shelf(Notice).add(notice):
        made = deps.store.shelf(Notice).get(notice.id)
        if made is None or not _is_the_same(made, kind, starts_at):
            raise Refused("date_changed_meanwhile")
        return made, False  # another node is at it: the same press, sent twice
    changed = deps.store.shelf(PlannedSession).change(session.id, how)
    if changed is None or changed.sequence != notice.sequence:
        deps.store.shelf(Notice).remove(id=notice.id)
        raise Refused("date_changed_meanwhile")
    reaching.stop_reminders(deps, session)
    notices.stop_earlier(deps, session.id)
    return notice, True


def _again(deps: Deps, session: PlannedSession, sequence: int, kind: NoticeKind, starts_at: datetime) -> Notice | None:
    """The notice of the very same press, if this is its second; Refused if somebody else changed the date."""
    if session.sequence == sequence:
        return None
    made = deps.store.shelf(Notice).get(notices.notice_id(session.id, sequence + 1))
    if made is not None and session.sequence == sequence + 1 and _is_the_same(made, kind, starts_at):
        return made
    raise Refused("date_changed_meanwhile")


def _is_the_same(made: Notice, kind: NoticeKind, starts_at: datetime) -> bool:
    return (made.kind, made.starts_at) == (kind, starts_at)


def _cancelled(deps: Deps, sequence: int) -> Callable[[PlannedSession], PlannedSession | None]:
    def how(one: PlannedSession) -> PlannedSession | None:
        if one.sequence != sequence or one.cancelled_at is not None:
            return None
        return replace(one, cancelled_at=deps.clock(), sequence=sequence + 1)

    return how


def _skip(deps: Deps, session: PlannedSession) -> None:
    def how(series: Series) -> Series:
        wall = recurring.wall_clock(session.moved_from or session.starts_at, series.zone)
        return replace(series, skipped=tuple(sorted({*series.skipped, wall})))

    if session.series_id:
        deps.store.shelf(Series).change(session.series_id, how)


def _found(deps: Deps, session_id: str) -> PlannedSession:
    session = deps.store.session(session_id)
    if session is None:
        raise Refused("no_such_page")
    return session
