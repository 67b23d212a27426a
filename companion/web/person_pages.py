"""The desk's pages on how somebody is reached, on what makes it easier for her, and on what she was told beforehand."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask_wtf import FlaskForm

from companion.core.values import replace
from companion.records import Person
from companion.service import contact, dates, induction, people
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, said, say
from companion.web.organiser_people import find, row
from companion.web.person_forms import AccessForm, ContactForm, InductionForm, QuestionsForm

blueprint = Blueprint("person_pages", __name__)


@blueprint.get("/people/<person_id>/contact")
def reach(person_id: str) -> Page:
    """How to reach her without harm."""
    found = find(person_id)
    return _contact_page(found, ContactForm.of(found))


@blueprint.post("/people/<person_id>/contact")
def change_contact(person_id: str) -> Page:
    """Keep it; without her word, given just now, nothing is sent."""
    found, form = find(person_id), ContactForm()
    form.home = _home(found)
    if not form.validate():
        return _contact_page(found, form), 422
    ask(people.change, person_id, form.into, is_safe=form.is_safe.data)
    return _kept(person_id)


@blueprint.get("/people/<person_id>/access")
def access(person_id: str) -> Page:
    """What makes taking part easier for her."""
    found = find(person_id)
    return _page("access", found, AccessForm.of(found))


@blueprint.post("/people/<person_id>/access")
def change_access(person_id: str) -> Page:
    """Keep it."""
    found, form = find(person_id), AccessForm()
    if not form.validate():
        return _page("access", found, form), 422
    card = form.card()
    ask(people.change, person_id, lambda person: replace(person, access_card=card))
    return _kept(person_id)


@blueprint.get("/people/<person_id>/induction")
def told(person_id: str) -> Page:
    """What she was told before her first time."""
    found = find(person_id)
    return _induction_page(found, InductionForm.of(found))


@blueprint.post("/people/<person_id>/induction")
def change_told(person_id: str) -> Page:
    """Keep it."""
    found, form = find(person_id), InductionForm()
    if not form.validate():
        return _induction_page(found, form), 422
    ask(induction.note, person_id, form.done.data, form.waived_by.data or "")
    return _kept(person_id)


@blueprint.post("/people/<person_id>/induction/answers")
def count_answers(person_id: str) -> Page:
    """Add her answers to the totals of the group. They are kept in no other way."""
    found, form = find(person_id), QuestionsForm()
    if not form.validate() or not form.form.data:
        return _induction_page(found, InductionForm.of(found)), 422
    ask(induction.add_answers, found.group_id, form.answers(), form.form.data)
    return _kept(person_id)


def _contact_page(found: Person, form: ContactForm) -> str:
    until = contact.runs_out_at(found)
    says_until = dates.said_day(until, language()) if until else ""
    return _page("contact", found, form, until=says_until)


def _induction_page(found: Person, form: InductionForm) -> str:
    questions = QuestionsForm(formdata=None, data={"form": deps().fresh_id()})
    return _page("induction", found, form, questions=questions, items=induction.ITEMS, asked=induction.QUESTIONS)


def _page(name: str, found: Person, form: FlaskForm, **more: object) -> str:
    return render_template(f"desk/person_{name}.html", person=ask(row, found), form=form, **more, **said())


def _home(found: Person) -> str:
    group = ask(lambda lean: lean.store.group(found.group_id))
    return found.country or (group.settings.country if group else "GB")


def _kept(person_id: str) -> Page:
    say("kept")
    return redirect(f"/desk/people/{person_id}", 303)
