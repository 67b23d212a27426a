"""All pages of staff accounts under one roof."""

from __future__ import annotations

from flask import Blueprint

from companion.web.staff import account, begin, colleagues, door, entering, factors, lost

blueprint = Blueprint("staff", __name__, url_prefix="/desk")
for part in (door, begin, factors, account, colleagues, lost, entering):
    blueprint.register_blueprint(part.blueprint)
