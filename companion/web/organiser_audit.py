"""The desk's page on who did what, in plain words and without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from companion.records import AuditEntry
from companion.service import audit
from companion.service.deps import Deps
from companion.web.organiser_door import Page, ask, audited, said
from companion.web.organiser_sessions import when

blueprint = Blueprint("audit", __name__)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done; ids are cut short, long enough to tell one from another."""

    at: datetime
    what: str
    by: str  # account, person, seat, terminal …
    by_id: str
    about: str
    about_id: str
    mine: bool

    @property
    def kind(self) -> str:
        """The code without its detail: which role was given, or which link was made."""
        return "_".join(self.what.split("_")[:2]) if self.what.startswith(("link_", "role_")) else self.what


@blueprint.get("/audit")
def page() -> Page:
    """The newest things first, and whether the chain is whole."""
    lines, whole = ask(_lines, audited())
    return render_template("desk/audit.html", lines=lines, whole=whole, when=when, shown=SHOWN, **said())


def _lines(lean: Deps, mine: str) -> tuple[list[Line], bool]:
    return [_line(entry, mine) for entry in audit.entries(lean, limit=SHOWN)], not audit.check(lean)


def _line(entry: AuditEntry, mine: str) -> Line:
    by, _, by_id = entry.by.partition(" ")
    about, _, about_id = entry.about.partition(" ")
    return Line(entry.at, entry.what, by, by_id[:6], about, about_id[:6], entry.by == mine)
