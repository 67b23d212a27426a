"""The desk's pages on what is kept of one person: what she agreed to, a copy for her, and deleting all of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion.core.refusals import Refused
from companion.records import Consent, Person
from companion.service import consents, erasing, exporting
from companion.web.organiser_door import Page, ask, audited, prove_again, said, say
from companion.web.organiser_forms import ButtonForm
from companion.web.organiser_sessions import when

blueprint = Blueprint("records", __name__)


@blueprint.get("/people/<person_id>/record")
def record(person_id: str) -> Page:
    """What she agreed to and took back; the ways to a copy and to deleting."""
    found = _person(person_id)
    ledger = ask(consents.of, person_id)
    return render_template("desk/record.html", person=found, ledger=ledger, when=when, **said())


@blueprint.get("/people/<person_id>/record/consents/<consent_id>")
def before_taking_back(person_id: str, consent_id: str) -> Page:
    """What it means to take this back, before it is done."""
    found, consent = _person(person_id), _consent(person_id, consent_id)
    return render_template(
        "desk/take_back.html", person=found, consent=consent, when=when, form=ButtonForm(formdata=None)
    )


@blueprint.post("/people/<person_id>/record/consents/<consent_id>")
def take_back(person_id: str, consent_id: str) -> Page:
    """She takes it back."""
    _consent(person_id, consent_id)
    ask(consents.withdraw, person_id, consent_id, audited())
    say("taken_back")
    return redirect(f"/desk/people/{person_id}/record", 303)


@blueprint.get("/people/<person_id>/record/copy")
def before_copying(person_id: str) -> Page:
    """What the copy holds; it shows how to reach her, so she who asks has to prove who she is."""
    return render_template("desk/copy.html", person=_person(person_id), form=ButtonForm(formdata=None))


@blueprint.post("/people/<person_id>/record/copy")
def copy(person_id: str) -> Page:
    """One file with everything that is kept of her."""
    asked = prove_again()
    if asked:
        return asked
    _person(person_id)
    exported = ask(exporting.export, person_id, audited())
    page = render_template("desk/exported.html", exported=exported)
    answer = Response(exporting.packed(exported, page), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="record.zip"'
    return answer


@blueprint.get("/people/<person_id>/record/erase")
def before_erasing(person_id: str) -> Page:
    """What deleting means, before it is done."""
    return render_template("desk/erase.html", person=_person(person_id), form=ButtonForm(formdata=None))


@blueprint.post("/people/<person_id>/record/erase")
def erase(person_id: str) -> Page:
    """Everything about her goes."""
    asked = prove_again()
    if asked:
        return asked
    found = _person(person_id)
    ask(erasing.erase, person_id, audited())
    say("erased")
    return redirect(f"/desk/groups/{found.group_id}", 303)


def _person(person_id: str) -> Person:
    found = ask(lambda lean: lean.store.person(person_id))
    if found is None:
        raise NotFound
    return found


def _consent(person_id: str, consent_id: str) -> Consent:
    try:
        return ask(consents.find, person_id, consent_id)
    except Refused as nobody:
        raise NotFound from nobody
