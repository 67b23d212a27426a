"""The second factor: an app's codes or a passkey, chosen when an account begins and added later."""

from __future__ import annotations

import base64

import segno
from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from companion.service.staff import browsers, passkeys, totp
from companion.service.staff.passkeys import NotThisKey
from companion.web import throttle
from companion.web.cookies import set_me
from companion.web.guards import deps
from companion.web.organiser_door import Page, ask, me, prove_again, say, this_browser
from companion.web.organiser_forms import ButtonForm

blueprint = Blueprint("staff_factors", __name__)
TYPED_WITHIN = 1800  # seconds from the picture to the code


@blueprint.get("/me/factors")
def factors() -> Page:
    """A picture for her app, and a button for a passkey."""
    return _asked() or _page()


@blueprint.post("/me/factors/app")
@throttle.tries
def add_app() -> Page:
    """Her app knows the secret: it has shown the right code."""
    asked = _asked()
    if asked:
        return asked
    secret = _opened(request.form.get("secret", ""))
    if not secret:
        return _page(problem="too_late", status=422)
    if not ask(totp.set_up, me().account, secret, request.form.get("code", "")):
        return _page(problem="code_wrong", secret=secret, status=422)
    return _added()


@blueprint.post("/me/factors/passkey")
@throttle.tries
def add_passkey() -> Page:
    """Her device has made one."""
    asked = _asked()
    if asked:
        return asked
    label = request.form.get("label", "")
    try:
        ask(passkeys.add, this_browser(), me().account, request.form.get("credential", ""), label)
    except NotThisKey:
        return _page(problem="not_this_key", status=422)
    return _added()


@blueprint.post("/me/factors/app/remove")
def remove_app() -> Page:
    """Without the app from now on, if there is a passkey."""
    return _removed(lambda: ask(totp.forget, me().account), bool(ask(passkeys.of_account, me().account.id)))


@blueprint.post("/me/factors/<passkey_id>/remove")
def remove_passkey(passkey_id: str) -> Page:
    """Without this passkey from now on, if something else is left."""
    others = [kept for kept in ask(passkeys.of_account, me().account.id) if kept.id != passkey_id]
    left = bool(others or me().account.totp_secret)
    return _removed(lambda: ask(passkeys.forget, me().account, passkey_id), left)


def _removed(remove: object, left: bool) -> Page:
    asked = prove_again()
    if asked:
        return asked
    if left:
        remove()  # type: ignore[operator]
    say("factor_removed" if left else "last_factor")
    return redirect("/desk/me", 303)


def _asked() -> Page | None:
    # Whoever has just made her account has nothing to prove it with yet.
    return prove_again() if this_browser().stage == "in" else None


def _added() -> Response:
    if this_browser().stage == "in":
        say("factor_added")
        return redirect("/desk/me", 303)
    opened = ask(browsers.enter, this_browser())
    response = redirect("/desk", 303)
    set_me(response, opened.token)
    return response


def _page(*, problem: str = "", secret: str = "", status: int = 200) -> tuple[str, int]:
    account, secret = me().account, secret or totp.new_secret()
    host = deps().settings.passkey_host
    page = render_template(
        "desk/staff/factors.html",
        form=ButtonForm(formdata=None),
        problem=problem,
        first=this_browser().stage == "setup",
        has_app=bool(account.totp_secret),
        picture=_picture(totp.address(secret, account.name)),
        typed=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        secret=_seal().encrypt(f"{account.id} {secret}".encode()).decode(),
        passkey=ask(passkeys.to_add, this_browser(), account) if host else "",
        host=host,
    )
    return page, status


def _opened(sealed: str) -> str:
    try:
        owner, _, secret = _seal().decrypt(sealed.encode(), ttl=TYPED_WITHIN).decode().partition(" ")
    except InvalidToken:
        return ""
    return secret if owner == me().account.id else ""


def _picture(address: str) -> Markup:
    code = segno.make(address, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="white", svgclass="qr"))  # noqa: S704 - made by us


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(deps().sealer.signing("new app")))
