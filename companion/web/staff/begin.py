"""What a one-time link opens: the first account, a colleague's, one that comes back, or the demo's desk."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from companion.records import Account, OneTimeLink
from companion.records.staff import Stage
from companion.service.deps import Deps
from companion.service.staff import browsers, links, roles
from companion.service.staff.accounts import NotGood
from companion.service.staff.browsers import Opened
from companion.service.staff.links import Gone
from companion.web import throttle
from companion.web.cookies import read_me, set_me
from companion.web.organiser_door import Page, ask, say
from companion.web.staff.families import family
from companion.web.staff.forms import BeginForm

blueprint = Blueprint("staff_begin", __name__)


@blueprint.get("/begin/<token>")
@throttle.limiter.limit(throttle.LOOKS)
def look(token: str) -> Page:
    """What the link is for. Looking uses nothing up."""
    link = _link(token)
    return _page(link, BeginForm.of(link)) if link else _gone()


@blueprint.post("/begin/<token>")
@throttle.tries
def use(token: str) -> Page:
    """Use it, once."""
    link, form = _link(token), BeginForm()
    if link is None:
        return _gone()
    try:
        return _use(token, link, form)
    except Gone:
        return _gone()
    except NotGood as problem:
        form.mark(problem)
        return _page(link, form, 422)


def _use(token: str, link: OneTimeLink, form: BeginForm) -> Page:
    if link.kind == "demo":
        return _signed_in(ask(links.into_the_demo, token), "in", "/desk")
    if link.kind == "invite" and "mine" in request.form and _is_in():
        ask(links.add_to, token, g.me.account)
        say("roles_added")
        return redirect("/desk", 303)
    if link.kind == "recover":
        return _signed_in(ask(links.come_back, token, form.new_password.data or ""), "setup", "/desk/me/factors")
    account = ask(links.make_account, token, form.name.data or "", form.new_password.data or "", form.alias.data or "")
    return _signed_in(account, "setup", "/desk/me/factors")


def _signed_in(account: Account, stage: Stage, to: str) -> Response:
    opened = ask(_begin, account, stage, family(request.headers.get("User-Agent", "")), read_me(request))
    response = redirect(to, 303)
    set_me(response, opened.token)
    return response


def _begin(lean: Deps, account: Account, stage: Stage, browser: str, before: str) -> Opened:
    browsers.end_by_token(lean, before)
    return browsers.begin(lean, account, stage, browser)


def _link(token: str) -> OneTimeLink | None:
    try:
        return ask(links.look, token)
    except Gone:
        return None


def _page(link: OneTimeLink, form: BeginForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "desk/staff/begin.html",
        kind=link.kind,
        form=form,
        sits=any(grant.role in roles.SEATS for grant in link.grants),
        mine=_is_in(),
    )
    return page, status


def _is_in() -> bool:
    # A password alone is not enough: the second key is still asked for.
    return "me" in g and g.browser.stage == "in"


def _gone() -> tuple[str, int]:
    return render_template("desk/staff/gone.html"), 404
