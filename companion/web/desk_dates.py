"""The desk's pages on dates: many at once, holidays, and what can be done with one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from companion.records import DateNote, Group, LinkCheck, PlannedSession, Series
from companion.service import clashes, dates, feeds, link_checks, notices, planning, recurring
from companion.service.deps import Deps
from companion.service.notices import ToTell
from companion.web import desk_feeds, desk_moves
from companion.web.date_forms import NewDatesForm
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, said, say

blueprint = Blueprint("dates", __name__)
for part in (desk_moves, desk_feeds):
    blueprint.register_blueprint(part.blueprint)


@dataclass(frozen=True, slots=True)
class Warned:
    """A date that falls on a holiday."""

    session_id: str
    group_id: str
    group_name: str
    when: str
    holiday: str


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a list."""

    id: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series of a list."""

    id: str
    repeats: str
    next: str


@dataclass(frozen=True, slots=True)
class DatePart:
    """What the page of a date says about the date itself."""

    session: PlannedSession
    ends: str
    moved_from: str
    may_change: bool
    holiday: str
    link: LinkCheck | None
    overridden: DateNote | None
    to_tell: tuple[ToTell, ...]


def date_part(lean: Deps, session: PlannedSession, spoken: str) -> DatePart:
    """For the page of this date."""
    group = lean.store.group(session.group_id)
    zone = group.settings.zone if group else dates.HOME
    ends = recurring.wall_clock(session.starts_at, zone) + (session.minutes * recurring.MINUTE)
    warned = clashes.on_holidays(lean, group, spoken) if group else ()
    return DatePart(
        session,
        f"{ends:%H:%M}",
        dates.said(session.moved_from, spoken, zone) if session.moved_from else "",
        desk_moves.may_change(lean, session),
        next((one.holiday for one in warned if one.session.id == session.id), ""),
        link_checks.last(lean, session.id),
        clashes.overridden(lean, session),
        notices.not_reached(lean, session.id),
    )


def warnings(lean: Deps, spoken: str, *groups: Group) -> list[Warned]:
    """The dates of the next 28 days that fall on a holiday."""
    return [
        Warned(one.session.id, group.id, group.name, when(one.session.starts_at, group, spoken), one.holiday)
        for group in groups
        for one in clashes.on_holidays(lean, group, spoken)
    ]


def when(at: datetime, group: Group, spoken: str) -> str:
    """A date in words, on the clock of its group. Worker threads know no request, so they are told the language."""
    return dates.said(at, spoken, group.settings.zone)


@blueprint.get("/groups/<group_id>/dates")
def all_dates(group_id: str) -> Page:
    """The series and coming dates of a group, and new ones."""
    return _page(_group(group_id), NewDatesForm(formdata=None))


@blueprint.get("/groups/<group_id>/dates/new")
def look(group_id: str) -> Page:
    """The next dates of what was asked for, before anything is kept."""
    group, form = _group(group_id), NewDatesForm(formdata=request.args)
    if not form.fits(deps().clock(), group.settings.zone):
        return _page(group, form), 422
    return _preview(group, form, deps().fresh_id())


@blueprint.post("/groups/<group_id>/dates")
def keep(group_id: str) -> Page:
    """Keep the dates as they were shown."""
    group, form = _group(group_id), NewDatesForm()
    if not form.fits(deps().clock(), group.settings.zone):
        return _page(group, form), 422
    shown = ask(planning.preview, group, form.wish(), language())
    if shown.busy and not form.hold.data:
        return _preview(group, form, form.made.data or deps().fresh_id(), unticked=True), 422
    made = form.made.data or deps().fresh_id()
    ask(planning.keep, group, form.wish(), made, me().account.name)
    say("kept")
    return redirect(f"/desk/groups/{group_id}/dates", 303)


@blueprint.post("/sessions/<session_id>/holiday")
def run_on_holiday(session_id: str) -> Page:
    """It takes place on the holiday."""
    found = ask(lambda lean: lean.store.session(session_id))
    if found is None:
        raise NotFound
    ask(clashes.run_all_the_same, found, me().account.name)
    say("kept")
    return redirect(f"/desk/sessions/{session_id}", 303)


@blueprint.post("/sessions/<session_id>/check")
def check_link(session_id: str) -> Page:
    """Look at the address of the call now."""
    if ask(lambda lean: lean.store.session(session_id)) is None:
        raise NotFound
    ask(link_checks.check_now, session_id)
    return redirect(f"/desk/sessions/{session_id}", 303)


def _page(group: Group, form: NewDatesForm) -> str:
    rows, series, warned, people, fed = ask(_of_group, group, language())
    return render_template(
        "desk/dates.html",
        group=group,
        rows=rows,
        series=series,
        warned=warned,
        people=people,
        fed=fed,
        form=form,
        **said(),
    )


def _preview(group: Group, form: NewDatesForm, made: str, *, unticked: bool = False) -> str:
    shown = ask(planning.preview, group, form.wish(), language())
    return render_template(
        "desk/date_new.html",
        group=group,
        dates=[(when(one.at, group, language()), one.holiday) for one in shown.dates],
        more=shown.more,
        busy=[(one.kind, one.facilitator, when(one.at, group, language())) for one in shown.busy],
        kept=form.kept(),
        made=made,
        unticked=unticked,
    )


def _of_group(
    lean: Deps, group: Group, spoken: str
) -> tuple[list[DateRow], list[SeriesRow], list[Warned], list[tuple[str, str]], frozenset[str]]:
    now = lean.clock()
    sessions = [one for one in reversed(lean.store.sessions(group.id)) if one.starts_at > now]
    series = [
        row for one in lean.store.shelf(Series).find(group_id=group.id) if (row := _series_row(one, group, now, spoken))
    ]
    facilitators = [one for one in lean.store.people(group.id) if one.role == "facilitator" and one.left_at is None]
    return (
        [DateRow(one.id, when(one.starts_at, group, spoken), _state(one)) for one in sessions],
        series,
        warnings(lean, spoken, group),
        [(one.id, one.name) for one in facilitators],
        feeds.known(lean, group.id),
    )


def _series_row(series: Series, group: Group, now: datetime, spoken: str) -> SeriesRow | None:
    coming = recurring.next_moments(series, now, 1)
    return SeriesRow(series.id, recurring.repeats_of(series.rule), when(coming[0], group, spoken)) if coming else None


def _state(session: PlannedSession) -> str:
    return "cancelled" if session.cancelled_at else "moved" if session.moved_from else ""


def _group(group_id: str) -> Group:
    found = ask(lambda lean: lean.store.group(group_id))
    if found is None:
        raise NotFound
    return found
