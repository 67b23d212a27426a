"""The desk's pages on letters and texts: what has not left and what to do about it, and how far a long send is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound

from companion.records import Letter
from companion.service import outbox
from companion.service.deps import Deps
from companion.service.outbox import Undelivered
from companion.web.organiser_door import Page, ask, said
from companion.web.organiser_forms import ButtonForm

blueprint = Blueprint("letters", __name__)
ACTS: dict[str, Callable[[Deps, str], None]] = {"pause": outbox.pause, "resume": outbox.resume, "stop": outbox.stop}


@blueprint.get("/letters")
def letters() -> Page:
    """What waits or has failed, with the next thing to do."""
    return render_template("desk/letters.html", undelivered=ask(_letters), form=ButtonForm(formdata=None), **said())


@blueprint.post("/letters/<letter_id>/again")
def send_again(letter_id: str) -> Page:
    """Try a dead letter once more."""
    ask(outbox.send_again, letter_id)
    return redirect("/desk/letters", 303)


@blueprint.post("/letters/<letter_id>/arrived")
def has_arrived(letter_id: str) -> Page:
    """She has got what nobody was sure of."""
    ask(outbox.has_arrived, letter_id)
    return redirect("/desk/letters", 303)


@blueprint.post("/letters/<letter_id>/forget")
def forget(letter_id: str) -> Page:
    """Nobody needs it any more."""
    ask(outbox.forget, letter_id)
    return redirect("/desk/letters", 303)


@blueprint.get("/batches/<batch_id>")
def batch(batch_id: str) -> Page:
    """How far a long send is."""
    found = ask(outbox.progress, batch_id)
    if found is None:
        raise NotFound
    return render_template("desk/batch.html", batch=found, **said())


@blueprint.post("/batches/<batch_id>/<any(pause, resume, stop):act>")
def turn_batch(batch_id: str, act: str) -> Page:
    """Pause, resume or stop what has not left yet."""
    ask(ACTS[act], batch_id)
    return redirect(f"/desk/batches/{batch_id}", 303)


def _letters(lean: Deps) -> tuple[tuple[Undelivered, str], ...]:
    return tuple((undelivered, _masked(undelivered.letter)) for undelivered in outbox.undelivered(lean))


def _masked(letter: Letter) -> str:
    # Enough to tell one letter from another, too little to write to her.
    if letter.kind == "text":
        return f"…{letter.to[-2:]}"
    name, _, domain = letter.to.partition("@")
    return f"{name[:1]}…@{domain[:1]}…"
