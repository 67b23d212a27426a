"""How pages look in this browser: theme, contrast, room, the page behind "Hide", and a language before there is a seat.

It stands in one cookie with a neutral name and nowhere else. It belongs to a device, not to a person: a stronger
contrast on the laptop need not be one on the phone, and leaving quickly takes it away with everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from flask import Blueprint, g, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import Optional

from companion import server, words
from companion.core.values import replace
from companion.service import speaking
from companion.web.cookies import SECONDS, read_token
from companion.web.guards import deps

blueprint = Blueprint("looks", __name__)

THEMES = ("auto", "dawn", "sea", "heather", "dusk", "night")
CONTRASTS = ("auto", "more")
ROOMS = ("normal", "roomy")
ASIDES = ("list", "weather", "recipe")  # the ordinary pages behind "Hide"


@dataclass(frozen=True, slots=True)
class Look:
    """What this browser has chosen; an empty value leaves it to the group or to the browser itself."""

    theme: str = "auto"
    contrast: str = "auto"
    room: str = "normal"
    aside: str = ""
    language: str = ""

    def __str__(self) -> str:
        return ".".join(getattr(self, name.name) for name in fields(self))


class LookForm(FlaskForm):
    """One choice, or all of them at once."""

    theme = RadioField(choices=list(THEMES), validators=[Optional()])
    contrast = RadioField(choices=list(CONTRASTS), validators=[Optional()])
    room = RadioField(choices=list(ROOMS), validators=[Optional()])
    aside = RadioField(choices=list(ASIDES), validators=[Optional()])
    language = RadioField(choices=lambda: list(words.languages()), validators=[Optional()])


def look_now() -> Look:
    """What the browser that asks has chosen; whatever else stands in the cookie counts for nothing."""
    if "look" not in g:
        g.look = _read(request.cookies.get(_cookie(), ""))
    found: Look = g.look
    return found


def forget(response: Response) -> None:
    """Take the choices away with everything else that this browser was told."""
    response.delete_cookie(_cookie(), path="/", secure=deps().settings.secure, httponly=True, samesite="Lax")


@blueprint.get("/look")
def look() -> str:
    """Every choice on one page, which works without script."""
    return render_template("pages/look.html", form=LookForm(formdata=None))


@blueprint.post("/look")
def choose() -> Response:
    """Keep what was chosen, here and, for a language, with the seat."""
    form = LookForm()
    if not form.validate():
        return redirect("/look", 303)
    chosen = {name.name: getattr(form, name.name).data for name in fields(Look)}
    kept = replace(look_now(), **{name: value for name, value in chosen.items() if value})
    if form.language.data:
        server.off_loop(speaking.speak, deps(), read_token(request), form.language.data)
    response = redirect("/look", 303)
    _keep(response, kept)
    return response


def choose_language(response: Response, code: str) -> None:
    """Before anybody is known: the language of the page of a link, chosen on that page itself."""
    if code in words.languages():
        _keep(response, replace(look_now(), language=code))


@blueprint.app_context_processor
def surroundings() -> dict[str, object]:
    """Variables of base.html."""
    return {"look": look_now()}


def _keep(response: Response, look: Look) -> None:
    response.set_cookie(
        _cookie(), str(look), max_age=SECONDS, path="/", secure=deps().settings.secure, httponly=True, samesite="Lax"
    )


def _read(value: str) -> Look:
    parts = value.split(".")
    known = (THEMES, CONTRASTS, ROOMS, ASIDES, tuple(words.languages()))
    if len(parts) != len(known):
        return Look()
    names = [name.name for name in fields(Look)]
    return Look(**{name: part for name, part, good in zip(names, parts, known, strict=True) if part in good})


def _cookie() -> str:
    return "__Host-look" if deps().settings.secure else "look"
