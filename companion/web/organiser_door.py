"""Who sits at the desk: logging in, a short life, asking for the password again, and showing a secret once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, redirect, render_template, request
from flask import session as browser_session
from werkzeug.wrappers import Response

from companion import drawing, server
from companion.core.refusals import Refused
from companion.service import audit, organising
from companion.service.deps import Deps
from companion.web import throttle
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_forms import LoginForm

blueprint = Blueprint("door", __name__)
T = TypeVar("T")
Page = Response | str | tuple[str, int]
IDLE = timedelta(minutes=15)
SHOWN_SECONDS = 600


def ask(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call a use case in a worker thread, with what it leans on."""
    return server.off_loop(function, deps(), *args, **kwargs)


def check() -> Response | None:
    """Before every page of the desk: send whoever has not logged in lately to the door."""
    if request.endpoint == "organiser.door.log_in":
        return None
    name = browser_session.get("organiser", "")
    if not name or not _is_fresh() or browser_session.get("proof") != ask(_proof, name):
        browser_session.clear()
        return redirect("/desk/in", 303)
    browser_session["seen_at"] = deps().clock().isoformat()
    return None


@blueprint.route("/in", methods=["GET", "POST"])
@throttle.limiter.limit(throttle.LOOKS)
@throttle.tries
def log_in() -> Page:
    """Name and pass phrase."""
    form = LoginForm()
    if request.method == "GET":
        return render_template("desk/log_in.html", form=form)
    if form.validate() and is_right(form.name.data, form.password.data):
        browser_session.clear()
        browser_session["organiser"] = form.name.data
        browser_session["proof"] = ask(_proof, form.name.data)
        browser_session["seen_at"] = deps().clock().isoformat()
        ask(audit.note_in_passing, "signed_in", by=me())
        return redirect("/desk", 303)
    return render_template("desk/log_in.html", form=form, wrong=True), 422


@blueprint.post("/out")
def log_out() -> Response:
    """Log out here."""
    browser_session.clear()
    return redirect("/desk/in", 303)


def is_right(name: str, password: str) -> bool:
    """Whether the password is this organiser's; Refused("too_fast") after five wrong ones from one address."""
    key = ("desk", throttle.address())
    throttle.guesses().begin(key, deps().clock())
    right = ask(organising.is_organiser, name, password)
    if right:
        throttle.guesses().forgive(key)
    return right


def me() -> str:
    """Who sits here, as the audit knows her: an opaque id."""
    return ask(audit.who, browser_session["organiser"])


def say(code: str) -> None:
    """Leave a sentence for the next page of the desk."""
    browser_session["said"] = code


def said() -> dict[str, str]:
    """The sentence left for this page: a code of the desk's own, or the sentence of a refusal."""
    code = browser_session.pop("said", "")
    reason = code.removeprefix("refused:")
    return {
        "said": "" if reason != code else code,
        "refusal": drawing.refusal(reason, language()) if reason != code else "",
    }


def or_say(function: Callable[..., T], *args: Any) -> T | None:
    """Call a use case; a refusal becomes a sentence on the next page."""
    try:
        return ask(function, *args)
    except Refused as refused:
        say(f"refused:{refused.reason}")
        return None


def keep_to_show(secret: dict[str, str]) -> None:
    """Keep something for the next page alone, sealed, in the organiser's own browser and nowhere else."""
    browser_session["once"] = _seal().encrypt(json.dumps(secret).encode()).decode()


def to_show() -> dict[str, str]:
    """What was kept for this page; nothing the second time."""
    try:
        found = json.loads(_seal().decrypt(browser_session.pop("once", "").encode(), ttl=SHOWN_SECONDS))
    except (InvalidToken, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_fresh() -> bool:
    try:
        seen = datetime.fromisoformat(browser_session["seen_at"])
    except (KeyError, ValueError):
        return False
    return deps().clock() - seen < IDLE


def _proof(lean: Deps, name: str) -> str:
    # A new pass phrase ends every session that was opened with the old one.
    kept = lean.store.organiser_hash(name)
    if kept is None:
        return "no such organiser"
    return hmac.new(lean.sealer.signing("desk"), kept.encode(), hashlib.sha256).hexdigest()[:32]


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(deps().sealer.signing("shown once")))
