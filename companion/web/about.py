"""The plain pages that everybody may read: the front, help now, and who can get in and what is kept."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from companion.web.seat import here_now

blueprint = Blueprint("about", __name__)


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
    policy = g.group_settings.camera_policy if g.inside and here_now() is not None else ""
    return render_template("pages/about.html", camera_policy=policy)
