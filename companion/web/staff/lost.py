"""Locked out: asking to be let in again, and two colleagues who agree."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion import server
from companion.core.refusals import Refused
from companion.service.staff import recovering
from companion.web import throttle
from companion.web.guards import deps
from companion.web.organiser_door import Page, ask, keep_to_show, me, prove_again, say
from companion.web.staff.forms import LostForm

blueprint = Blueprint("staff_lost", __name__)


@blueprint.get("/lost")
@throttle.limiter.limit(throttle.LOOKS)
def lost() -> Page:
    """What happens when somebody cannot sign in, and a field for her name."""
    return render_template("desk/staff/lost.html", form=LostForm(formdata=None), asked=False)


@blueprint.post("/lost")
@throttle.limiter.limit(throttle.KNOCKS)
def ask_colleagues() -> Page:
    """Her colleagues see it on their desk. The answer goes out first, and is the same for a name that nobody has."""
    form = LostForm()
    if not form.validate():
        return render_template("desk/staff/lost.html", form=form, asked=False), 422
    server.spawn(server.off_loop, recovering.ask, deps(), (form.name.data or "")[:200])
    return render_template("desk/staff/lost.html", form=LostForm(formdata=None), asked=True)


@blueprint.post("/recoveries/<recovery_id>/agree")
def agree(recovery_id: str) -> Page:
    """She has spoken with her, and agrees; the second one gets the link."""
    asked = prove_again()
    if asked:
        return asked
    try:
        made = ask(recovering.agree, recovery_id, me())
    except Refused as refused:
        raise NotFound from refused
    if made is None:
        say("agreed")
        return redirect("/desk", 303)
    keep_to_show({"link": made.address})
    return redirect("/desk/recoveries/link", 303)


@blueprint.post("/recoveries/<recovery_id>/decline")
def decline(recovery_id: str) -> Response:
    """It was somebody else."""
    try:
        ask(recovering.decline, recovery_id, me())
    except Refused as refused:
        raise NotFound from refused
    return redirect("/desk", 303)
