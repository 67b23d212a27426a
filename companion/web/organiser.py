"""The organiser's desk, plainly: groups, people, dates, invites. Staff see real names here and nowhere else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound

from companion.records import Grant, Group, PlannedSession
from companion.service import dates, induction, notices, organising
from companion.service import group_settings as settings
from companion.service.deps import Deps
from companion.service.staff import going_in, recovering, roles
from companion.service.staff.roles import Standing
from companion.web import (
    desk_dates,
    desk_invites,
    desk_sending,
    group_settings,
    organiser_audit,
    organiser_calls,
    organiser_door,
    organiser_letters,
    organiser_people,
    organiser_records,
    organiser_sessions,
    people_import,
    person_line,
    person_pages,
)
from companion.web.desk_rights import HOSTS
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, said, say
from companion.web.organiser_forms import NewGroupForm, SessionForm
from companion.web.person_forms import NewPersonForm

blueprint = Blueprint("organiser", __name__, url_prefix="/desk")
PARTS = (
    organiser_audit,
    organiser_calls,
    organiser_door,
    organiser_letters,
    organiser_people,
    organiser_records,
    organiser_sessions,
    desk_dates,
    desk_invites,
    desk_sending,
    group_settings,
    person_pages,
    person_line,
    people_import,
)
for part in PARTS:
    blueprint.register_blueprint(part.blueprint)


@blueprint.get("")
def groups() -> Page:
    """All groups, and what has not left the outbox."""
    return _groups_page(NewGroupForm(formdata=None))


@blueprint.post("/groups")
def add_group() -> Page:
    """A new group with a sensible beginning."""
    form = NewGroupForm()
    if not form.validate():
        return _groups_page(form), 422
    group = ask(_add_group, form.name.data, me())
    return redirect(f"/desk/groups/{group.id}", 303)


@blueprint.get("/groups/<group_id>")
def group(group_id: str) -> Page:
    """One group: what is missing, its people, its dates, its settings."""
    return group_page(_group(group_id))


@blueprint.post("/groups/<group_id>/people")
def add_person(group_id: str) -> Page:
    """Somebody new."""
    found, form = _group(group_id), NewPersonForm()
    form.home = found.settings.country
    if not form.validate():
        return group_page(found, person_form=form), 422
    ask(
        organising.add_person,
        group_id,
        form.role.data,
        form.name.data,
        form.alias.data,
        email=form.email.data or "",
        phone=form.number,
        language=form.language.data,
        contact_is_safe=form.contact_is_safe.data,
    )
    say("kept")
    return redirect(f"/desk/groups/{group_id}", 303)


@blueprint.post("/groups/<group_id>/sessions")
def add_session(group_id: str) -> Page:
    """A new date."""
    found, form = _group(group_id), SessionForm()
    if not form.validate():
        return group_page(found, session_form=form), 422
    session = ask(organising.add_session, group_id, organiser_sessions.meant(form, found.settings.zone))
    return redirect(f"/desk/sessions/{session.id}", 303)


def group_page(
    found: Group,
    person_form: NewPersonForm | None = None,
    session_form: SessionForm | None = None,
) -> str:
    """The page of a group, with whichever form came back with mistakes."""
    people, coming, others, missing, totals = ask(_of_group, found)
    return render_template(
        "desk/group.html",
        group=found,
        people=[person for person in people if not person.left],
        gone=[person for person in people if person.left],
        coming=coming,
        others=others,
        missing=missing,
        totals=totals,
        settings_pages=group_settings.PAGES,
        person_form=person_form or NewPersonForm(formdata=None),
        session_form=session_form or SessionForm(formdata=None),
        when=organiser_sessions.when,
        warned=ask(desk_dates.warnings, language(), found),
        **said(),
    )


def _groups_page(form: NewGroupForm) -> str:
    found, waiting, requests, sessions = ask(_desk, me(), language())
    return render_template(
        "desk/groups.html",
        groups=found,
        waiting=waiting,
        untold=len(ask(organiser_calls.of, me(), language())),
        requests=requests,
        sessions=sessions,
        warned=ask(desk_dates.warnings, language(), *found),
        form=form,
        **said(),
    )


def _desk(
    lean: Deps, mine: Standing, spoken: str
) -> tuple[list[Group], int, list[recovering.Request], list[tuple[PlannedSession, str]]]:
    groups = [group for group in lean.store.groups() if mine.may(HOSTS.roles, group.id)]
    return (
        groups,
        len(organiser_letters.of(lean, mine)),
        recovering.for_colleague(lean, mine),
        [
            (one, dates.said(one.starts_at, spoken, notices.zone_of(lean, one.group_id)))
            for one in going_in.dates(lean, mine)
        ],
    )


def _add_group(lean: Deps, name: str, mine: Standing) -> Group:
    group = organising.add_group(lean, name)
    if not mine.keeper:  # whoever makes a group organises it
        roles.give(lean, mine.account, [Grant(group.id, "organiser")], by=mine.account.id)
    return group


def _group(group_id: str) -> Group:
    found = ask(lambda lean: lean.store.group(group_id))
    if found is None:
        raise NotFound
    return found


def _of_group(lean: Deps, found: Group) -> tuple[Any, ...]:
    people = [organiser_people.row(lean, person) for person in lean.store.people(found.id)]
    coming, others = organiser_sessions.sorted_out(lean, found.id)
    return people, coming, others, settings.missing(lean, found), induction.totals(lean, found.id)
