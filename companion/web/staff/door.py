"""Signing in and out, opening again after a pause, and proving who one is before something private."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask import session as browser_session
from werkzeug.wrappers import Response

from companion.core.refusals import Refused
from companion.records import Account, StaffSession
from companion.records.staff import Stage
from companion.service.deps import Deps
from companion.service.staff import accounts, browsers, passkeys, totp
from companion.service.staff.browsers import Opened
from companion.service.staff.passkeys import NotThisKey
from companion.service.staff_log import note
from companion.web import throttle
from companion.web.cookies import clear_me, read_me, set_me
from companion.web.organiser_door import Page, ask, me, this_browser
from companion.web.organiser_forms import LoginForm
from companion.web.staff import guessing, kept
from companion.web.staff.asking import again_page, code_page, unlock_page
from companion.web.staff.families import family

blueprint = Blueprint("staff_door", __name__)


@blueprint.get("/in")
@throttle.limiter.limit(throttle.LOOKS)
def sign_in_page() -> Page:
    """Name and password."""
    return _sign_in_page(LoginForm(formdata=None))


@blueprint.post("/in")
@throttle.tries
def sign_in() -> Page:
    """The first of two steps; a name that nobody has is answered alike, and as slowly."""
    form = LoginForm()
    if not form.validate():
        return _sign_in_page(form, "wrong", 422)
    index = ask(accounts.index_of, form.name.data)
    try:
        key = guessing.begin_password(index)
    except Refused:
        return _sign_in_page(form, "wait", 429)
    account = ask(accounts.opened, form.name.data, form.password.data)
    if account is None:
        return _sign_in_page(form, "wrong", 422)
    guessing.forgive(key)
    opened = ask(_begin, account, family(request.headers.get("User-Agent", "")), read_me(request))
    response = redirect("/desk/in/code" if opened.session.stage == "code" else "/desk/me/factors", 303)
    set_me(response, opened.token)
    return response


@blueprint.get("/in/code")
def code() -> Page:
    """The second step: a code from her app, or a passkey."""
    return code_page()


@blueprint.post("/in/code")
@throttle.tries
def give_code() -> Page:
    """The code of this half minute."""
    problem = _check_code(request.form.get("code", ""))
    if problem:
        return code_page(problem=problem, status=_status(problem))
    return _enter()


@blueprint.post("/in/passkey")
@throttle.tries
def give_passkey() -> Page:
    """Her device has signed."""
    problem = _check_passkey()
    if problem:
        return code_page(problem=problem, status=_status(problem))
    return _enter()


@blueprint.post("/out")
def sign_out() -> Response:
    """Sign out here."""
    ask(browsers.end_by_token, read_me(request))
    browser_session.clear()
    response = redirect("/desk/in", 303)
    clear_me(response)
    return response


@blueprint.get("/unlock")
@blueprint.get("/again")
def look_again() -> Response:
    """A mistake leaves this address in the browser."""
    return redirect("/desk", 303)


@blueprint.post("/unlock")
@throttle.tries
def unlock() -> Page:
    """The password after a pause; then on to where she was, with what she had typed."""
    problem = _check_password()
    if problem:
        return unlock_page(kept.carried(), problem=problem, status=_status(problem))
    return _go_on(ask(browsers.unlock, this_browser()))


@blueprint.post("/unlock/passkey")
@throttle.tries
def unlock_with_passkey() -> Page:
    """Or a passkey."""
    problem = _check_passkey()
    if problem:
        return unlock_page(kept.carried(), problem=problem, status=_status(problem))
    return _go_on(ask(browsers.unlock, this_browser()))


@blueprint.post("/again")
@throttle.tries
def prove() -> Page:
    """Password and code: for five minutes this browser may see contacts."""
    problem = _check_password() or _check_factor()
    if problem:
        return again_page(kept.carried(), problem=problem, status=_status(problem))
    return _go_on(ask(browsers.prove, this_browser()))


@blueprint.post("/again/passkey")
@throttle.tries
def prove_with_passkey() -> Page:
    """Or a passkey, for which her device has asked who she is."""
    problem = _check_passkey()
    if problem:
        return again_page(kept.carried(), problem=problem, status=_status(problem))
    return _go_on(ask(browsers.prove, this_browser()))


def _begin(lean: Deps, account: Account, browser: str, before: str) -> Opened:
    browsers.end_by_token(lean, before)
    has_one = account.totp_secret or passkeys.of_account(lean, account.id)
    stage: Stage = "code" if has_one else "setup"
    return browsers.begin(lean, account, stage, browser)


def _enter() -> Response:
    opened = ask(browsers.enter, this_browser())
    response = redirect("/desk", 303)
    set_me(response, opened.token)
    return response


def _go_on(opened: Opened) -> Response:
    response = kept.go_on(opened.session.account_id)
    set_me(response, opened.token, opened.proof)
    return response


def _check_password() -> str:
    account = me().account
    try:
        key = guessing.begin_password(account.name_index)
    except Refused:
        return "wait"
    if not ask(accounts.is_right, account, request.form.get("password", "")):
        ask(note, "password_wrong", by=account.id)
        return "wrong"
    guessing.forgive(key)
    return ""


def _check_factor() -> str:
    if me().account.totp_secret:
        return _check_code(request.form.get("code", ""))
    # Only the account of a demo has none at all.
    return "wrong" if ask(passkeys.of_account, me().account.id) else ""


def _check_code(typed: str) -> str:
    account = me().account
    try:
        key = guessing.begin_code(account.id)
    except Refused:
        return "wait"
    answer = ask(totp.use, account, typed)
    if answer != "right":
        ask(note, f"code_{answer}", by=account.id)
        return f"code_{answer}"
    guessing.forgive(key)
    return ""


def _check_passkey() -> str:
    try:
        key = guessing.begin_code(me().account.id)
        ask(_use_passkey, this_browser(), me().account, request.form.get("credential", ""))
    except Refused:
        return "wait"
    except NotThisKey:
        return "not_this_key"
    guessing.forgive(key)
    return ""


def _use_passkey(lean: Deps, session: StaffSession, account: Account, given: str) -> None:
    try:
        passkeys.use(lean, session, account, given)
    except NotThisKey:
        note(lean, "passkey_wrong", by=account.id)
        raise


def _sign_in_page(form: LoginForm, problem: str = "", status: int = 200) -> tuple[str, int]:
    return render_template("desk/log_in.html", form=form, problem=problem), status


def _status(problem: str) -> int:
    return 429 if problem == "wait" else 422
