"""The steps from the passcode to the waiting room, one plain form each, in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion import server
from companion.core.refusals import Refused
from companion.records import Access, GroupSettings
from companion.service import aliases, arriving, dates, joining, starting_words
from companion.web import throttle
from companion.web.cookies import read_token, set_access
from companion.web.guards import deps
from companion.web.joining_forms import AgreementForm, AliasForm, OnwardForm, PrivateSpaceForm
from companion.web.languages import language
from companion.web.seat import here_now
from companion.web.throttle import limiter

blueprint = Blueprint("steps", __name__)
Page = Response | tuple[str, int]


@blueprint.get("/join")
@limiter.limit(throttle.LOOKS)
def join() -> Page:
    """Whatever comes now."""
    access = here_now()
    if access is None or access.state not in ("joining", "held", "in"):
        return redirect("/", 303)
    if access.state != "joining":
        return redirect("/here", 303)
    step = arriving.next_step(access)
    if step == "enter" or server.off_loop(arriving.too_soon, deps(), access):
        doors = server.off_loop(arriving.doors, deps(), access)
        starts_at = dates.said(doors.starts_at, language(), doors.zone) if doors.starts_at else ""
        return _page("doors", OnwardForm(formdata=None), doors=doors, starts_at=starts_at)
    return PAGES[step](access)


@blueprint.get("/join/options")
@limiter.limit(throttle.LOOKS)
def options() -> Page:
    """What somebody can do who is not alone; the way on stays open."""
    access = here_now()
    if access is None or access.state != "joining":
        return redirect("/join", 303)
    return _page("options", OnwardForm(formdata=None))


@blueprint.get("/join/<step>")
def look_again(step: str) -> Page:
    """A form with a mistake leaves this address in the browser: whoever comes back by it finds her step."""
    return redirect("/join", 303)


@blueprint.post("/join/<step>")
@limiter.limit(throttle.LOOKS)
def take_step(step: str) -> Page:
    """One step is done, or its page comes back with what is missing."""
    if step not in ACTS:
        raise NotFound
    access = here_now()
    if access is None:
        return _go_on()
    if access.state != "joining":
        return redirect("/join", 303)
    try:
        return ACTS[step](access)
    except Refused as refused:
        if refused.reason in ("step_missing", "session_not_open", "session_closed"):
            return redirect("/join", 303)  # that page says what to do, and nothing is lost
        raise


def _go_on() -> Page:
    # She is in, and her phone may not have heard: without her new cookie she would come back as a second device.
    entered = server.off_loop(joining.renewed_already, deps(), read_token(request))
    response = redirect("/join", 303)
    if entered is not None:
        set_access(response, entered.token)
    return response


def _private_space(access: Access) -> Page:
    form = PrivateSpaceForm()
    if not form.validate():
        return _page("private_space", form, 422)
    _finish(access, "private_space")
    return redirect("/join" if form.answer.data == "yes" else "/join/options", 303)


def _who_sees(access: Access) -> Page:
    _finish(access, "who_sees")
    return redirect("/join", 303)


def _agreement(access: Access) -> Page:
    form = AgreementForm()
    # Published a moment ago: what she has read is not what holds now, so it is shown to her once more.
    read, holds = form.version.data or "", str(g.group_settings.agreement_version)
    if not form.validate() or read not in ("", holds):
        return _page("agreement", form, 422, has_changed=read not in ("", holds))
    _finish(access, "agreement")
    return redirect("/join", 303)


def _alias(access: Access) -> Page:
    form = AliasForm()
    if not form.validate():
        return _alias_page(access, form, 422)
    chosen = aliases.cleaned(form.alias.data or "") or aliases.cleaned(form.suggested.data or "") or access.alias
    warned = aliases.warning(chosen, server.off_loop(arriving.own_name, deps(), access))
    # The name that was agreed with her beforehand needs no second thoughts.
    if warned and chosen not in (form.keep.data, access.alias):
        return _alias_page(access, form, 422, warned=warned, chosen=chosen)
    ready = _finish(
        access,
        "alias",
        alias=chosen,
        avatar=form.avatar.data,
        takes_part=form.takes_part.data,
        language=form.language.data,
        shares_cues=form.shares_cues.data or "cues" not in request.form,
    )
    return _enter(ready)


def _enter(access: Access) -> Page:
    entered = server.off_loop(arriving.take_seat, deps(), access)
    response = redirect("/here", 303)
    set_access(response, entered.token)
    return response


def _alias_page(access: Access, form: AliasForm, status: int = 200, *, warned: str = "", chosen: str = "") -> Page:
    offered = [access.alias, *aliases.suggestions(3)]
    if form.suggested.data and form.suggested.data not in offered:
        offered.append(form.suggested.data)
    cues = server.off_loop(arriving.own_cues, deps(), access)
    return _page("alias", form, status, access=access, offered=offered, warned=warned, chosen=chosen, cues=cues)


def _page(name: str, form: FlaskForm, status: int = 200, **values: Any) -> tuple[str, int]:
    return render_template(f"joining/{name}.html", form=form, **_known_of(g.group_settings), **values), status


def _known_of(group: GroupSettings) -> dict[str, Any]:
    spoken = language()
    return {
        "agreement": group.agreement,
        "agreement_version": group.agreement_version,
        "agreement_since": dates.said_day(group.agreement_since, spoken) if group.agreement_since else "",
        "agreement_new": group.agreement_new,
        "camera_policy": group.camera_policy,
        "who_gets_in": group.who_gets_in,
        "we_can": group.we_can or starting_words.we_can(spoken),
        "we_cannot": group.we_cannot or starting_words.we_cannot(spoken),
    }


def _finish(access: Access, step: str, **chosen: Any) -> Access:
    return server.off_loop(arriving.finish_step, deps(), access, step, **chosen)


PAGES: dict[str, Callable[[Access], Page]] = {
    "private_space": lambda access: _page("private_space", PrivateSpaceForm(formdata=None)),
    "who_sees": lambda access: _page("who_sees", OnwardForm(formdata=None)),
    "agreement": lambda access: _page("agreement", AgreementForm(formdata=None)),
    "alias": lambda access: _alias_page(access, AliasForm(formdata=None)),
}
ACTS: dict[str, Callable[[Access], Page]] = {
    "private_space": _private_space,
    "who_sees": _who_sees,
    "agreement": _agreement,
    "alias": _alias,
    "enter": _enter,
}
