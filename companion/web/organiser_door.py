"""Who sits at the desk: every request is checked here against the table of rights. And what all its pages use:
asking in a worker thread, leaving a sentence, showing a secret once, asking again who she is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, g, redirect, request
from flask import session as browser_session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion import drawing, server
from companion.core.refusals import Refused
from companion.records import StaffSession
from companion.service.deps import Deps
from companion.service.staff import accounts, browsers, roles
from companion.service.staff.roles import Standing
from companion.web import desk_rights
from companion.web.cookies import read_me, read_proof
from companion.web.desk_rights import Right
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.staff import asking, kept

blueprint = Blueprint("door", __name__)
T = TypeVar("T")
Page = Response | str | tuple[str, int]
SHOWN_SECONDS = 600
ELSEWHERE = {"code": "/desk/in/code", "setup": "/desk/me/factors", "in": "/desk"}


@dataclass(frozen=True, slots=True)
class Found:
    """Whose browser asks, how far she has come in, and whether she may have what she asks for."""

    session: StaffSession
    mine: Standing
    locked: bool
    may: bool


def ask(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call a use case in a worker thread, with what it leans on."""
    return server.off_loop(function, deps(), *args, **kwargs)


@blueprint.before_app_request
def check() -> Page | None:
    """Before every page of the desk, whichever blueprint it belongs to."""
    rule = request.url_rule.rule if request.url_rule else ""
    if "checked" in g or not (rule == "/desk" or rule.startswith("/desk/")):
        return None
    g.checked = True
    right = desk_rights.of(request.method, rule)
    if right is None:
        raise NotFound
    found = ask(_find, read_me(request), right, request.view_args or {})
    if found is not None and not found.locked:
        g.me, g.browser = found.mine, found.session
    if right.door == "open":
        return None
    return redirect("/desk/in", 303) if found is None else _let_through(found, right)


def me() -> Standing:
    """Who asks, and what she may do."""
    mine: Standing = g.me
    return mine


def audited() -> str:
    """Who asks, as the audit knows her."""
    return f"account {me().account.id}"


def this_browser() -> StaffSession:
    """The browser that asks."""
    found: StaffSession = g.browser
    return found


def prove_again() -> Page | None:
    """For what a stolen cookie must not do: None where she has just proved who she is in this browser.

    Otherwise the page that asks for it; after her answer this very request comes again, with all its fields.
    """
    if ask(browsers.is_proved, this_browser(), read_proof(request)):
        return None
    return asking.again_page(kept.of_request(me().account.id), status=401)


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
    """Keep something for the next page alone, sealed, in her own browser and nowhere else."""
    browser_session["once"] = _seal().encrypt(json.dumps(secret).encode()).decode()


def to_show() -> dict[str, str]:
    """What was kept for this page; nothing the second time."""
    try:
        found = json.loads(_seal().decrypt(browser_session.pop("once", "").encode(), ttl=SHOWN_SECONDS))
    except (InvalidToken, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@blueprint.app_context_processor
def surroundings() -> dict[str, object]:
    """Variables of desk/frame.html: what whoever asks may do, where she is signed in."""
    return {"me": g.get("me")}


def _find(lean: Deps, token: str, right: Right, named: Mapping[str, object]) -> Found | None:
    session = browsers.find(lean, token)
    if session is None and right.once_more:
        session = browsers.find_renewed(lean, token)
    account = accounts.get(lean, session.account_id) if session else None
    if session is None or account is None:
        return None
    mine, locked = roles.standing(lean, account), browsers.is_locked(lean, session)
    if not locked:
        browsers.seen(lean, session)
    return Found(session, mine, locked, not locked and desk_rights.may(lean, right, mine, named))


def _let_through(found: Found, right: Right) -> Page | None:
    fits = {"in": ("in", "locked", "setup"), "setup": ("setup",), "code": ("code",)}[found.session.stage]
    if right.door not in fits:
        return redirect(ELSEWHERE[found.session.stage], 303)
    if found.locked:
        g.me, g.browser = found.mine, found.session
        if right.door == "locked":
            return None
        return asking.unlock_page(kept.of_request(found.mine.account.id), status=401)
    if not found.may:
        raise NotFound
    kept.put_back(found.mine.account.id)
    return None


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(deps().sealer.signing("shown once")))
