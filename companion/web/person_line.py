"""The desk's page on taking part by telephone keys or texts: her nine digits, shown once, and taken away."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template

from companion.service import line_pins, line_words, numbers
from companion.web.guards import deps
from companion.web.organiser_door import Page, ask, audited, keep_to_show, or_say, prove_again, said, say, to_show
from companion.web.organiser_forms import ButtonForm
from companion.web.organiser_people import find, row
from companion.web.organiser_sessions import when

blueprint = Blueprint("person_line", __name__)


@blueprint.get("/people/<person_id>/line")
def line(person_id: str) -> Page:
    """What she presses and texts; the digits that were just made, this once."""
    found, kept = find(person_id), to_show()
    digits = kept.get("digits", "") if kept.get("line") == person_id else ""
    return render_template(
        "desk/person_line.html",
        person=ask(row, found),
        pin=ask(line_pins.of, person_id),
        digits=line_pins.grouped(digits) if digits else "",
        numbers=[numbers.said(one) for one in deps().line.numbers],
        texted=line_words.of(found.language),
        form=ButtonForm(formdata=None),
        when=when,
        **said(),
    )


@blueprint.post("/people/<person_id>/line")
def new_digits(person_id: str) -> Page:
    """New digits. They are a way in that lasts, so she who asks has to prove who she is."""
    asked = prove_again()
    if asked:
        return asked
    find(person_id)
    digits = or_say(line_pins.make, person_id, audited())
    if digits:
        keep_to_show({"line": person_id, "digits": digits})
    return redirect(f"/desk/people/{person_id}/line", 303)


@blueprint.post("/people/<person_id>/line/end")
def take_away(person_id: str) -> Page:
    """They open nothing any more. That needs no proof: it must be quick."""
    find(person_id)
    ask(line_pins.take_away, person_id, audited())
    say("kept")
    return redirect(f"/desk/people/{person_id}/line", 303)
