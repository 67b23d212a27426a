"""Moving, cancelling and ending dates: first who will be told and who cannot be, then the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from companion.core.refusals import Refused
from companion.records import Group, PlannedSession, Series
from companion.service import clashes, dates, moving, notices, recurring
from companion.service.deps import Deps
from companion.web.date_forms import MoveForm, SequenceForm
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, or_say, said

blueprint = Blueprint("moves", __name__)
T = TypeVar("T", PlannedSession, Series)


@dataclass(frozen=True, slots=True)
class Told:
    """Who will be told, how and when; or, with a reason, who will not."""

    name: str
    alias: str
    how: str
    when: str = ""


def may_change(lean: Deps, session: PlannedSession) -> bool:
    """Whether the date can still be moved or cancelled."""
    try:
        moving.check_may_change(lean, session)
    except Refused:
        return False
    return True


@blueprint.get("/sessions/<session_id>/move")
def ask_move(session_id: str) -> Page:
    """A form; and once it is filled in, who will hear of it."""
    session, group = _session(session_id)
    if not request.args:
        return _move_page(session, group, _as_it_is(session, group))
    form = MoveForm(formdata=request.args)
    if not form.fits_move(deps().clock(), group.settings.zone, session):
        return _move_page(session, group, form), 422
    return _confirm_move(session, group, form)


@blueprint.post("/sessions/<session_id>/move")
def move(session_id: str) -> Page:
    """Move it, and tell everybody who can be told."""
    session, group = _session(session_id)
    form, zone = MoveForm(), group.settings.zone
    again = form.sequence.data is not None and form.sequence.data < session.sequence
    if not again and not form.fits_move(deps().clock(), zone, session):
        return _move_page(session, group, form), 422
    if not form.validate():
        return _move_page(session, group, form), 422
    starts, by = form.moment(zone), me().account.name
    busy = ask(clashes.busy, group.id, [starts], form.minutes, session_id)
    if busy and not form.hold.data:
        return _confirm_move(session, group, form, unticked=True), 422
    seen = session.sequence if form.sequence.data is None else form.sequence.data
    if or_say(moving.move, session_id, starts, form.minutes, seen, by) and busy:
        ask(_note_override, session_id, by)
    return redirect(f"/desk/sessions/{session_id}", 303)


@blueprint.get("/sessions/<session_id>/cancel")
def ask_cancel(session_id: str) -> Page:
    """Who will hear of it."""
    session, group = _session(session_id)
    if not ask(may_change, session):
        return redirect(f"/desk/sessions/{session_id}", 303)
    return render_template(
        "desk/date_cancel.html",
        action=f"/desk/sessions/{session_id}/cancel",
        back=f"/desk/sessions/{session_id}",
        falling=[_said(session.starts_at, group)],
        ending=False,
        sequence=session.sequence,
        **_telling(session, group),
        **said(),
    )


@blueprint.post("/sessions/<session_id>/cancel")
def cancel(session_id: str) -> Page:
    """Cancel it, and tell everybody who can be told."""
    _session(session_id)
    form = SequenceForm()
    if not form.validate():
        return redirect(f"/desk/sessions/{session_id}/cancel", 303)
    or_say(moving.cancel, session_id, form.sequence.data, me().account.name)
    return redirect(f"/desk/sessions/{session_id}", 303)


@blueprint.get("/series/<series_id>/end")
def ask_end(series_id: str) -> Page:
    """Which dates fall away, and who will hear of it."""
    series, group = _series(series_id)
    falling = ask(moving.ends_with, series, deps().clock())
    back = f"/desk/groups/{group.id}/dates"
    if not falling:
        return redirect(back, 303)
    return render_template(
        "desk/date_cancel.html",
        action=f"/desk/series/{series_id}/end",
        back=back,
        falling=[_said(one.starts_at, group) for one in falling],
        ending=True,
        sequence=falling[0].sequence,
        **_telling(falling[0], group),
        **said(),
    )


@blueprint.post("/series/<series_id>/end")
def end(series_id: str) -> Page:
    """No more dates of this series."""
    _, group = _series(series_id)
    notice = or_say(moving.end_series, series_id, deps().clock(), me().account.name)
    # There the list of those stands who have to be told by phone.
    return redirect(f"/desk/sessions/{notice.session_id}" if notice else f"/desk/groups/{group.id}/dates", 303)


@blueprint.post("/notices/<notice_id>/told/<person_id>")
def told(notice_id: str, person_id: str) -> Page:
    """Somebody has told her by phone."""
    session_id = ask(notices.tell, notice_id, person_id)
    if not session_id:
        raise NotFound
    return redirect(f"/desk/sessions/{session_id}", 303)


def _move_page(session: PlannedSession, group: Group, form: MoveForm) -> str:
    return render_template(
        "desk/date_move.html",
        session=session,
        when=_said(session.starts_at, group),
        form=form,
        may_change=ask(may_change, session),
        **said(),
    )


def _confirm_move(session: PlannedSession, group: Group, form: MoveForm, *, unticked: bool = False) -> str:
    starts = form.moment(group.settings.zone)
    busy = ask(clashes.busy, group.id, [starts], form.minutes, session.id)
    return render_template(
        "desk/date_confirm.html",
        session=session,
        was=_said(session.starts_at, group),
        now=_said(starts, group),
        holiday=clashes.holiday(group.settings, starts, language()),
        busy=[(one.kind, one.facilitator, _said(one.at, group)) for one in busy],
        unticked=unticked,
        starts_at=f"{form.starts_at.data:%Y-%m-%dT%H:%M}",
        ends_at=f"{form.ends_at.data:%H:%M}",
        **_telling(session, group, starts),
    )


def _telling(session: PlannedSession, group: Group, starts: datetime | None = None) -> dict[str, list[Told]]:
    found, names = ask(_names_too, session, starts)
    now = deps().clock()
    told = [
        Told(way.person.name, way.person.alias, way.kind, "" if way.at <= now else _said(way.at, group))
        for way in found.told
    ]
    return {"told": told, "missed": [Told(*names[one.person_id], one.reason) for one in found.missed]}


def _names_too(
    lean: Deps, session: PlannedSession, starts: datetime | None
) -> tuple[moving.Telling, dict[str, tuple[str, str]]]:
    names = {person.id: (person.name, person.alias) for person in lean.store.people(session.group_id)}
    return moving.telling(lean, session, starts), names


def _note_override(lean: Deps, session_id: str, by: str) -> None:
    session = lean.store.session(session_id)
    if session is not None:
        clashes.note_override(lean, session, by)


def _as_it_is(session: PlannedSession, group: Group) -> MoveForm:
    starts = recurring.wall_clock(session.starts_at, group.settings.zone)
    ends = (starts + timedelta(minutes=session.minutes)).time()
    return MoveForm(formdata=None, data={"starts_at": starts, "ends_at": ends})


def _said(at: datetime, group: Group) -> str:
    return dates.said(at, language(), group.settings.zone)


def _session(session_id: str) -> tuple[PlannedSession, Group]:
    return ask(_with_group, lambda lean: lean.store.session(session_id))


def _series(series_id: str) -> tuple[Series, Group]:
    return ask(_with_group, lambda lean: lean.store.shelf(Series).get(series_id))


def _with_group(lean: Deps, find: Callable[[Deps], T | None]) -> tuple[T, Group]:
    found = find(lean)
    group = lean.store.group(found.group_id) if found is not None else None
    if found is None or group is None:
        raise NotFound
    return found, group
