"""``/design``: every part of the pages in every theme and state, for whoever draws them; in development alone."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from companion import drawing
from companion.web.guards import deps
from companion.web.looks import THEMES

blueprint = Blueprint("design", __name__)
TOKENS = re.compile(r"^  --([a-z-]+): hsl", re.MULTILINE)
ICONS = re.compile(r'<symbol id="([\w-]+)"')


@blueprint.get("/design")
def design() -> str:
    """The living page of the design: what is not on it is not part of it."""
    if not deps().settings.development:
        raise NotFound
    tokens = TOKENS.findall((drawing.STATIC / "css" / "tokens.css").read_text())
    icons = ICONS.findall((drawing.STATIC / "icons.svg").read_text())
    return render_template("pages/design.html", themes=THEMES[1:], tokens=tokens, icons=icons)
