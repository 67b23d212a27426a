"""Colleagues: who does what in which group, inviting one by a link, taking a role away, closing an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion.core.refusals import Refused
from companion.records import Account, Grant, Group, Membership, OneTimeLink
from companion.service.deps import Deps
from companion.service.staff import accounts, links, roles
from companion.service.staff.roles import Standing
from companion.web.organiser_door import Page, ask, keep_to_show, me, prove_again, said, say, to_show
from companion.web.staff.forms import ColleagueForm

blueprint = Blueprint("staff_colleagues", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One colleague as this one may see her: her roles in the groups of whoever looks."""

    account: Account
    roles: tuple[tuple[Membership, str], ...]  # with the name of the group


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands on the page."""

    rows: list[Row]
    waiting: list[OneTimeLink]
    groups: list[Group]


@blueprint.get("/colleagues")
def colleagues() -> Page:
    """Who works here, and a form to invite somebody."""
    return _page(ColleagueForm(formdata=None))


@blueprint.post("/colleagues")
def invite() -> Page:
    """A link for a colleague, shown once."""
    asked = prove_again()
    if asked:
        return asked
    form = ColleagueForm()
    grants = [grant for group in ask(_groups, me()) for grant in _grants(group.id)]
    keeper = bool(me().keeper and form.keeper.data)
    if not grants and not keeper:
        return _page(form, problem="no_role", status=422)
    made = ask(links.invite, me(), " ".join((form.name.data or "").split())[:80], grants, keeper=keeper)
    keep_to_show({"link": made.address})
    return redirect("/desk/colleagues/link", 303)


@blueprint.get("/colleagues/link")
@blueprint.get("/recoveries/link", endpoint="recovery_link")
def link() -> Page:
    """The link, this once."""
    address = to_show().get("link", "")
    return render_template("desk/staff/link.html", link=address, picture=_picture(address) if address else "")


@blueprint.post("/colleagues/links/<link_id>/withdraw")
def withdraw(link_id: str) -> Response:
    """It opens nothing any more."""
    _or_nowhere(links.withdraw, link_id, me())
    return redirect("/desk/colleagues", 303)


@blueprint.post("/colleagues/roles/<membership_id>/remove")
def take_away(membership_id: str) -> Page:
    """She has this role no longer."""
    asked = prove_again()
    if asked:
        return asked
    _or_nowhere(roles.take_away, membership_id, me().account)
    say("kept")
    return redirect("/desk/colleagues", 303)


@blueprint.post("/colleagues/<account_id>/close")
def close(account_id: str) -> Page:
    """She is no longer of the staff."""
    asked = prove_again()
    if asked:
        return asked
    _or_nowhere(accounts.close, account_id, me().account)
    say("kept")
    return redirect("/desk/colleagues", 303)


def _or_nowhere(function: object, *args: object) -> None:
    try:
        ask(function, *args)  # type: ignore[arg-type]
    except Refused as refused:
        raise NotFound from refused


def _grants(group_id: str) -> Iterator[Grant]:
    if f"organises-{group_id}" in request.form:
        yield Grant(group_id, "organiser")
    seat = request.form.get(f"seat-{group_id}", "")
    yield from (Grant(group_id, role) for role in roles.SEATS if role == seat)  # type: ignore[arg-type]


def _page(form: ColleagueForm, *, problem: str = "", status: int = 200) -> tuple[str, int]:
    seen = ask(_seen, me())
    page = render_template(
        "desk/staff/colleagues.html", seen=seen, form=form, problem=problem, typed=request.form, mine=me(), **said()
    )
    return page, status


def _seen(lean: Deps, mine: Standing) -> Seen:
    groups = _groups(lean, mine)
    names = {group.id: group.name for group in groups}
    rows = []
    for account in accounts.everybody(lean):
        held = roles.standing(lean, account).memberships
        shown = tuple((one, names[one.group_id]) for one in held if one.group_id in names)
        if shown or mine.keeper:
            rows.append(Row(account, shown))
    return Seen(rows, links.waiting(lean, mine), groups)


def _groups(lean: Deps, mine: Standing) -> list[Group]:
    return [group for group in lean.store.groups() if mine.organises(group.id)]


def _picture(address: str) -> Markup:
    code = segno.make(address, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="white", svgclass="qr"))  # noqa: S704 - made by us
