"""The plain pages that everybody may read: the front, help now, and who can get in and what is kept."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template
from werkzeug.wrappers import Response

from companion.records import GroupSettings
from companion.service import starting_words
from companion.web.languages import language
from companion.web.seat import here_now

blueprint = Blueprint("about", __name__)
Page = Response | str


@blueprint.get("/")
def front() -> str:
    """Nothing but: open the link you were sent."""
    return render_template("pages/front.html")


@blueprint.get("/help")
def help_now() -> str:
    """Whom to phone, and what a browser remembers."""
    return render_template("pages/help.html")


@blueprint.get("/about")
def about() -> str:
    """Who can get in and what is kept; with the group's camera policy for somebody who is in it."""
    if not g.inside or here_now() is None:
        return render_template("pages/about.html")
    known: GroupSettings = g.group_settings
    spoken = language()
    return render_template(
        "pages/about.html",
        camera_policy=known.camera_policy,
        who_gets_in=known.who_gets_in,
        we_can=known.we_can or starting_words.we_can(spoken),
        we_cannot=known.we_cannot or starting_words.we_cannot(spoken),
        may_ask=True,
    )


@blueprint.post("/about/who")
def who_runs_this() -> Page:
    """Who runs this, because she asked: on no other page, and never by itself."""
    access = here_now()
    if access is None or access.state not in ("in", "joining") or not g.inside:
        return redirect("/about", 303)
    known: GroupSettings = g.group_settings
    return render_template("pages/who_runs_this.html", organisation=known.organisation)


@blueprint.get("/about/who")
def look_again() -> Page:
    """The answer leaves this address in the browser; whoever comes back by it has not asked."""
    return redirect("/about", 303)
