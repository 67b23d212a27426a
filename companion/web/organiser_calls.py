"""The desk's page on calls: what the services that hold them have not been told, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template

from companion.service import call_troubles, dates, notices
from companion.service.call_troubles import Unasked
from companion.service.deps import Deps
from companion.service.staff.roles import Standing
from companion.web.desk_rights import NOWHERE, ORGANISERS
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, me, said
from companion.web.organiser_forms import ButtonForm

blueprint = Blueprint("desk_calls", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One of them, with when its session is."""

    unasked: Unasked
    when: str


@blueprint.get("/calls")
def calls() -> Page:
    """What has failed or waits long."""
    return render_template("desk/calls.html", lines=ask(of, me(), language()), form=ButtonForm(formdata=None), **said())


@blueprint.post("/calls/<task_id>/again")
def try_again(task_id: str) -> Page:
    """Ask the service once more."""
    ask(call_troubles.try_again, task_id)
    return redirect("/desk/calls", 303)


@blueprint.post("/calls/<task_id>/forget")
def forget(task_id: str) -> Page:
    """Somebody has done it by hand."""
    ask(call_troubles.forget, task_id)
    return redirect("/desk/calls", 303)


def of(lean: Deps, mine: Standing, spoken: str) -> tuple[Line, ...]:
    """Those of the groups that she organises."""
    return tuple(
        Line(one, _when(lean, one, spoken))
        for one in call_troubles.unasked(lean)
        if mine.may(ORGANISERS.roles, one.session.group_id if one.session else NOWHERE)
    )


def _when(lean: Deps, one: Unasked, spoken: str) -> str:
    if one.session is None:
        return ""
    return dates.said(one.session.starts_at, spoken, notices.zone_of(lean, one.session.group_id))
