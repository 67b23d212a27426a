"""The desk's pages on one person; her address and number are shown only after the password was given again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template
from flask import session as browser_session
from werkzeug.exceptions import NotFound

from companion.records import Person
from companion.service import aliases, audit, organising
from companion.service.deps import Deps
from companion.web.organiser_door import Page, ask, is_right, me, said, say
from companion.web.organiser_forms import ButtonForm, PasswordForm, PersonForm

blueprint = Blueprint("people", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A person as a list shows her: whether there is an address, never which."""

    id: str
    name: str
    alias: str
    role: str
    language: str
    has_email: bool
    has_phone: bool
    contact_is_safe: bool


def row(lean: Deps, person: Person) -> Row:
    """Without anything by which she could be reached."""
    safe = organising.contact_is_safe(person, lean.clock())
    return Row(
        person.id,
        person.name,
        person.alias,
        person.role,
        person.language,
        bool(person.email),
        bool(person.phone),
        safe,
    )


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> Page:
    """One person."""
    found = _person(person_id)
    return _page(found, _form_of(found))


@blueprint.post("/people/<person_id>")
def change_person(person_id: str) -> Page:
    """What has changed about her; an empty address or number stays as it is on file."""
    found, form = _person(person_id), PersonForm()
    if not form.validate():
        return _page(found, form, status=422)
    forget = form.forget_contact.data
    ask(
        organising.change_person,
        replace(
            found,
            name=form.name.data,
            alias=aliases.cleaned(form.alias.data or "") or found.alias,
            role=form.role.data,
            language=form.language.data,
            email="" if forget else form.email.data or found.email,
            phone="" if forget else form.phone.data or found.phone,
        ),
    )
    if form.contact_is_safe.data:
        ask(organising.confirm_contact, person_id)
    if form.role.data != found.role:
        ask(audit.note_in_passing, "changed_role", by=me(), about=f"person {person_id}")
    say("kept")
    return redirect(f"/desk/people/{person_id}", 303)


@blueprint.post("/people/<person_id>/safe")
def confirm_contact(person_id: str) -> Page:
    """She has just said that it is safe."""
    _person(person_id)
    ask(organising.confirm_contact, person_id)
    say("kept")
    return redirect(f"/desk/people/{person_id}", 303)


@blueprint.post("/people/<person_id>/show")
def show(person_id: str) -> Page:
    """Her address and number, in this one answer: a stolen cookie alone shows nobody's."""
    found, form = _person(person_id), PasswordForm()
    if form.validate() and is_right(browser_session["organiser"], form.password.data):
        ask(audit.note, "revealed_contact", by=me(), about=f"person {person_id}")
        return render_template("desk/contact.html", person=found)
    return _page(found, _form_of(found), status=422, wrong=True)


def _form_of(found: Person) -> PersonForm:
    kept = {"name": found.name, "alias": found.alias, "role": found.role, "language": found.language}
    return PersonForm(formdata=None, data=kept)


def _person(person_id: str) -> Person:
    found = ask(lambda lean: lean.store.person(person_id))
    if found is None:
        raise NotFound
    return found


def _page(found: Person, form: PersonForm, *, status: int = 200, wrong: bool = False) -> tuple[str, int]:
    page = render_template(
        "desk/person.html",
        person=ask(row, found),
        group_id=found.group_id,
        form=form,
        button=ButtonForm(formdata=None),
        wrong=wrong,
        organiser=browser_session["organiser"],
        **said(),
    )
    return page, status
