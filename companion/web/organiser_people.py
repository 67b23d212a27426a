"""The desk's pages on one person; her address and number are shown only after she who asks proved again who she is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound

from companion.records import Person
from companion.service import audit, contact, induction, organising, people
from companion.service.deps import Deps
from companion.web.organiser_door import Page, ask, audited, or_say, prove_again, said, say
from companion.web.organiser_forms import ButtonForm
from companion.web.person_forms import AboutForm

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
    channel: str
    ask_again: bool  # her word runs out within 14 days, or has
    inducted: bool
    phone_only: bool
    left: bool


def row(lean: Deps, person: Person) -> Row:
    """Without anything by which she could be reached."""
    now = lean.clock()
    return Row(
        person.id,
        person.name,
        person.alias,
        person.role,
        person.language,
        bool(person.email),
        bool(person.phone),
        contact.is_confirmed(person, now),
        person.contact.channel,
        contact.is_to_confirm_again(person, now),
        induction.is_done(person),
        person.phone_only,
        person.left_at is not None,
    )


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> Page:
    """One person."""
    found = find(person_id)
    return _page(found, _form(found, filled=True))


@blueprint.post("/people/<person_id>")
def change_person(person_id: str) -> Page:
    """What has changed about her."""
    found = find(person_id)
    form = _form(found, filled=False)
    if not form.validate():
        return _page(found, form, status=422)
    ask(people.change, person_id, form.into)
    if form.role.data != found.role:
        ask(audit.note_in_passing, "changed_role", by=audited(), about=f"person {person_id}")
    say("kept")
    return redirect(f"/desk/people/{person_id}", 303)


@blueprint.post("/people/<person_id>/safe")
def confirm_contact(person_id: str) -> Page:
    """She has just said that it is safe."""
    find(person_id)
    ask(organising.confirm_contact, person_id)
    say("kept")
    return redirect(f"/desk/people/{person_id}", 303)


@blueprint.post("/people/<person_id>/show")
def show(person_id: str) -> Page:
    """Her address and number, in this one answer: a stolen cookie alone shows nobody's."""
    asked = prove_again()
    if asked:
        return asked
    found = find(person_id)
    ask(audit.note, "revealed_contact", by=audited(), about=f"person {person_id}")
    return render_template("desk/contact.html", person=found)


@blueprint.post("/people/<person_id>/leave")
def leave(person_id: str) -> Page:
    """She leaves the group, and her links open nothing any more."""
    find(person_id)
    or_say(people.leave, person_id, audited())
    return redirect(f"/desk/people/{person_id}", 303)


@blueprint.post("/people/<person_id>/back")
def come_back(person_id: str) -> Page:
    """She is of the group again."""
    find(person_id)
    or_say(people.come_back, person_id)
    return redirect(f"/desk/people/{person_id}", 303)


def find(person_id: str) -> Person:
    """The person a page is about."""
    found = ask(lambda lean: lean.store.person(person_id))
    if found is None:
        raise NotFound
    return found


def _form(found: Person, *, filled: bool) -> AboutForm:
    return AboutForm.made(found, ask(_supporters, found), filled=filled)


def _supporters(lean: Deps, found: Person) -> list[tuple[str, str]]:
    of_group = lean.store.people(found.group_id)
    wanted = [one for one in of_group if one.role == "peer_supporter" and one.left_at is None and one.id != found.id]
    return [(one.id, one.alias) for one in wanted]


def _page(found: Person, form: AboutForm, *, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "desk/person.html",
        person=ask(row, found),
        group_id=found.group_id,
        form=form,
        button=ButtonForm(formdata=None),
        **said(),
    )
    return page, status
