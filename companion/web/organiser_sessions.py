"""The desk's pages on one session: getting the room ready, and who is invited (``desk_invites``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound

from companion.records import PlannedSession
from companion.service import clashes, dates, gathering, giving, links, notices
from companion.service.deps import Deps
from companion.service.staff import going_in
from companion.web import desk_dates
from companion.web.desk_invite_rows import Listing, listing
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, or_say, said
from companion.web.organiser_forms import ButtonForm, SessionForm

blueprint = Blueprint("sessions", __name__)


def when(at: datetime, zone: str = dates.HOME) -> str:
    """A date in words, on the clock of its group."""
    return dates.said(at, language(), zone)


def meant(form: SessionForm, zone: str) -> datetime:
    """The moment that was typed."""
    return dates.from_local(form.starts_at.data, zone)


def sorted_out(lean: Deps, group_id: str) -> tuple[list[PlannedSession], list[PlannedSession]]:
    """The dates that are to come or going on, the next first; and the others, the last first."""
    begun = lean.clock() - timedelta(hours=links.OPEN_HOURS)
    all_of_them = lean.store.sessions(group_id)
    coming = [one for one in all_of_them if clashes.is_open(one) and one.starts_at > begun]
    return coming[::-1], [one for one in all_of_them if one not in coming]


@blueprint.get("/sessions/<session_id>")
def session(session_id: str) -> Page:
    """Who is invited, and who could be."""
    found = _session(session_id)
    listed, phase = ask(_invited, found, language())
    return render_template(
        "desk/session.html",
        session=found,
        when=when(found.starts_at, ask(notices.zone_of, found.group_id)),
        listing=listed,
        phase=phase,
        date=ask(desk_dates.date_part, found, language()),
        sits=going_in.seat_of(me(), found.group_id) is not None,
        no_plan=phase in ("", "planned") and ask(_has_no_plan, found),
        form=ButtonForm(formdata=None),
        **said(),
    )


@blueprint.post("/sessions/<session_id>/begin")
def begin(session_id: str) -> Page:
    """Get the room ready: from now on people can arrive as soon as a facilitator opens the doors."""
    _session(session_id)
    or_say(gathering.begin, session_id)
    return redirect(f"/desk/sessions/{session_id}", 303)


def _invited(lean: Deps, found: PlannedSession, spoken: str) -> tuple[Listing, str]:
    saved = lean.store.load(found.id)
    phase = "closed" if found.closed_at else saved.state.phase if saved else ""
    return listing(lean, giving.target_of(lean, "session", found.id), spoken), phase


def _has_no_plan(lean: Deps, found: PlannedSession) -> bool:
    group = lean.store.group(found.group_id)
    return group is not None and group.settings.safeguarding is None


def _session(session_id: str) -> PlannedSession:
    found = ask(lambda lean: lean.store.session(session_id))
    if found is None:
        raise NotFound
    return found
