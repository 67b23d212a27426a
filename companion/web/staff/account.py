"""One's own account: where one is signed in, the password, the second factors."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from companion.records import Account, Passkey, StaffSession
from companion.service import dates
from companion.service.deps import Deps
from companion.service.staff import accounts, browsers, passkeys
from companion.service.staff.accounts import NotGood
from companion.web.cookies import clear_me
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, prove_again, said, say, this_browser
from companion.web.staff.forms import NewPasswordForm

blueprint = Blueprint("staff_account", __name__)


@blueprint.get("/me")
def account() -> Page:
    """Everything about her own account."""
    return _page(NewPasswordForm(formdata=None))


@blueprint.post("/me/password")
def change_password() -> Page:
    """A new password; her other browsers are out."""
    asked = prove_again()
    if asked:
        return asked
    form = NewPasswordForm()
    try:
        ask(_change_password, me().account, this_browser().id, form.new_password.data or "")
    except NotGood as problem:
        form.mark(problem)
        return _page(form, 422)
    say("password_changed")
    return redirect("/desk/me", 303)


@blueprint.post("/me/browsers/<browser_id>/end")
def end(browser_id: str) -> Response:
    """One browser of hers is out."""
    ask(browsers.end, browser_id, me().account.id)
    return redirect("/desk/me", 303)


@blueprint.post("/me/browsers/end")
def end_all() -> Response:
    """All of them are out, this one too."""
    ask(browsers.end_all, me().account.id)
    response = redirect("/desk/in", 303)
    clear_me(response)
    return response


def _change_password(lean: Deps, mine: Account, here: str, password: str) -> None:
    accounts.change_password(lean, mine, password)
    browsers.end_all(lean, mine.id, but=here)


def _page(form: NewPasswordForm, status: int = 200) -> tuple[str, int]:
    signed_in, keys = ask(_mine, me().account.id)
    page = render_template(
        "desk/staff/me.html",
        form=form,
        account=me().account,
        browsers=[(one, dates.said(one.seen_at, language())) for one in signed_in],
        here=this_browser().id,
        passkeys=keys,
        **said(),
    )
    return page, status


def _mine(lean: Deps, account_id: str) -> tuple[list[StaffSession], list[Passkey]]:
    return browsers.of_account(lean, account_id), passkeys.of_account(lean, account_id)
