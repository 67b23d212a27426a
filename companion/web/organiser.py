"""The organiser's desk, plainly: groups, people, dates, invites. Staff see real names here and nowhere else."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound

from companion.records import Group, Letter
from companion.service import audit, organising, outbox
from companion.service.deps import Deps
from companion.service.outbox import Undelivered
from companion.web import organiser_audit, organiser_door, organiser_people, organiser_records, organiser_sessions
from companion.web.organiser_door import Page, ask, me, said, say
from companion.web.organiser_forms import ButtonForm, GroupForm, NewGroupForm, PersonForm, SessionForm

blueprint = Blueprint("organiser", __name__, url_prefix="/desk")
blueprint.before_request(organiser_door.check)
for part in (organiser_audit, organiser_door, organiser_people, organiser_records, organiser_sessions):
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
    group = ask(organising.add_group, form.name.data)
    return redirect(f"/desk/groups/{group.id}", 303)


@blueprint.get("/groups/<group_id>")
def group(group_id: str) -> Page:
    """One group: its people, its dates, its settings."""
    found = _group(group_id)
    return group_page(found, GroupForm.of(found))


@blueprint.post("/groups/<group_id>")
def change_group(group_id: str) -> Page:
    """New settings for a group."""
    found, form = _group(group_id), GroupForm()
    if not form.validate():
        return group_page(found, form), 422
    ask(organising.change_group, found, form.name.data, form.settings(found.settings.agreement_version))
    ask(audit.note_in_passing, "changed_settings", by=me(), about=f"group {group_id}")
    say("kept")
    return redirect(f"/desk/groups/{group_id}", 303)


@blueprint.post("/groups/<group_id>/people")
def add_person(group_id: str) -> Page:
    """Somebody new."""
    found, form = _group(group_id), PersonForm()
    if not form.validate():
        return group_page(found, GroupForm.of(found), person_form=form), 422
    ask(
        organising.add_person,
        group_id,
        form.role.data,
        form.name.data,
        form.alias.data,
        email=form.email.data or "",
        phone=form.phone.data or "",
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
        return group_page(found, GroupForm.of(found), session_form=form), 422
    session = ask(organising.add_session, group_id, organiser_sessions.meant(form))
    return redirect(f"/desk/sessions/{session.id}", 303)


@blueprint.get("/letters")
def letters() -> Page:
    """What waits or has failed, with the next thing to do."""
    return render_template("desk/letters.html", undelivered=ask(_letters), form=ButtonForm(formdata=None), **said())


@blueprint.post("/letters/<letter_id>/again")
def send_again(letter_id: str) -> Page:
    """Try a dead letter once more."""
    ask(outbox.send_again, letter_id)
    return redirect("/desk/letters", 303)


def group_page(
    found: Group,
    form: GroupForm,
    person_form: PersonForm | None = None,
    session_form: SessionForm | None = None,
) -> str:
    """The page of a group, with whichever form came back with mistakes."""
    people, sessions = ask(_people_and_sessions, found.id)
    return render_template(
        "desk/group.html",
        group=found,
        people=people,
        sessions=sessions,
        form=form,
        person_form=person_form or PersonForm(formdata=None),
        session_form=session_form or SessionForm(formdata=None),
        when=organiser_sessions.when,
        **said(),
    )


def _groups_page(form: NewGroupForm) -> str:
    found, waiting = ask(lambda lean: (lean.store.groups(), len(lean.store.letters())))
    return render_template("desk/groups.html", groups=found, waiting=waiting, form=form, **said())


def _group(group_id: str) -> Group:
    found = ask(lambda lean: lean.store.group(group_id))
    if found is None:
        raise NotFound
    return found


def _people_and_sessions(lean: Deps, group_id: str) -> tuple[list[organiser_people.Row], list[object]]:
    people = [organiser_people.row(lean, person) for person in lean.store.people(group_id)]
    return people, list(lean.store.sessions(group_id))


def _letters(lean: Deps) -> tuple[tuple[Undelivered, str], ...]:
    return tuple((undelivered, _masked(undelivered.letter)) for undelivered in outbox.undelivered(lean))


def _masked(letter: Letter) -> str:
    # Enough to tell one letter from another, too little to write to her.
    name, _, domain = letter.to.partition("@")
    return f"{name[:1]}…@{domain[:1]}…"
