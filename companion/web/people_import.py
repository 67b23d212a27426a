"""The desk's pages for many people at once: a sheet is looked at first, and kept only after somebody has said yes."""

from __future__ import annotations

import base64
import io
import json
import zlib
from dataclasses import asdict

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Response, redirect, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.exceptions import NotFound
from wtforms import HiddenField

from companion.records import Group
from companion.service import importing, sheets
from companion.service.deps import Deps
from companion.service.importing import Newcomer
from companion.service.sheets import CannotRead
from companion.web.guards import deps
from companion.web.organiser_door import Page, ask, said, say

blueprint = Blueprint("people_import", __name__)
LARGEST = sheets.LONGEST + 100_000  # with what a form has around a file
GOOD_SECONDS = 1800
EXAMPLE = (
    "Name,Alias,Role,E-mail,Telephone,Language,Country\r\n"
    "Example Person,Quiet Wren,member,person@example.org,020 7946 0001,English,GB\r\n"
    "Another Person,,facilitator,another@example.org,,Cymraeg,\r\n"
)


class SheetForm(FlaskForm):
    """A file."""

    sheet = FileField()


class ConfirmForm(FlaskForm):
    """The rows that were looked at, sealed: what is kept is what was shown."""

    rows = HiddenField()


@blueprint.url_value_preprocessor
def room_for_a_sheet(endpoint: str | None, values: dict[str, object] | None) -> None:
    """These pages take more than others. Asked before anything reads the form, so before its token is checked."""
    if request.method == "POST":
        request.max_content_length = LARGEST
        request.max_form_memory_size = LARGEST
        # A large file would be laid down on a disk for a while: names and addresses stay in memory.
        request._get_file_stream = lambda *args, **more: io.BytesIO()  # type: ignore[method-assign]


@blueprint.get("/groups/<group_id>/people/import")
def choose(group_id: str) -> Page:
    """Choose a file."""
    return _page(_group(group_id))


@blueprint.get("/groups/<group_id>/people/import/example")
def example(group_id: str) -> Response:
    """A sheet to start from."""
    _group(group_id)
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return Response("\ufeff" + EXAMPLE, mimetype="text/csv", headers=headers)


@blueprint.post("/groups/<group_id>/people/import")
def check(group_id: str) -> Page:
    """Each row as it would be kept. Nothing is kept yet."""
    group, form = _group(group_id), SheetForm()
    if not form.validate() or not form.sheet.data:
        return _page(group, problem="empty"), 422
    content = form.sheet.data.read(sheets.LONGEST + 1)
    try:
        sheet = sheets.read(content)
    except CannotRead as cannot:
        return _page(group, problem=cannot.problem), 422
    checked = ask(importing.check, group, sheet)
    good = tuple(row.newcomer for row in checked if row.newcomer)
    return render_template(
        "desk/import_check.html",
        group=group,
        checked=checked,
        good=len(good),
        unknown=sheet.unknown,
        rows=_sealed(group_id, good, deps().fresh_id()),
        **said(),
    )


@blueprint.post("/groups/<group_id>/people/import/confirm")
def confirm(group_id: str) -> Page:
    """Keep what was shown; pressed twice, it is kept once."""
    group, form = _group(group_id), ConfirmForm()
    opened = _opened(group_id, form.rows.data or "") if form.validate() else None
    if opened is None:
        return _page(group, problem="too_old"), 422
    newcomers, batch = opened
    ask(importing.keep, group_id, newcomers, batch)
    say("kept")
    return redirect(f"/desk/groups/{group_id}", 303)


def _page(group: Group, *, problem: str = "") -> str:
    return render_template("desk/import.html", group=group, problem=problem, most=sheets.MOST_ROWS, **said())


def _group(group_id: str) -> Group:
    found = ask(lambda lean: lean.store.group(group_id))
    if found is None:
        raise NotFound
    return found


def _sealed(group_id: str, newcomers: tuple[Newcomer, ...], batch: str) -> str:
    plain = json.dumps({"group": group_id, "batch": batch, "people": [asdict(one) for one in newcomers]})
    return _seal(deps()).encrypt(zlib.compress(plain.encode())).decode()


def _opened(group_id: str, sealed: str) -> tuple[tuple[Newcomer, ...], str] | None:
    try:
        kept = json.loads(zlib.decompress(_seal(deps()).decrypt(sealed.encode(), ttl=GOOD_SECONDS)))
    except InvalidToken:
        return None
    if kept["group"] != group_id:
        return None
    return tuple(Newcomer(**one) for one in kept["people"]), kept["batch"]


def _seal(lean: Deps) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(lean.sealer.signing("checked people")))
