"""Everything that is kept of one person, for her to have: as JSON for programs and as a page to read, in one file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from typing import Any

import msgspec

from companion.core.refusals import Refused
from companion.records import AuditEntry, Invite, Letter
from companion.service import audit
from companion.service.belongings import belongings
from companion.service.consents import letters_to
from companion.service.deps import Deps

# A hash is nobody's knowledge, and the body of a letter holds her link, which is shown once and to her alone.
LEFT_OUT = {"token_hash", "passcode_hash", "secret", "digest", "body", "attachments"}
Exported = dict[str, list[dict[str, Any]]]


def export(deps: Deps, person_id: str, by: str) -> Exported:
    """What is kept of her, by kind; written down before it is given. Raises Refused where there is nobody."""
    if deps.store.person(person_id) is None:
        raise Refused("no_such_seat")
    audit.note(deps, "exported", by=by, about=f"person {person_id}")
    found = {kind.__name__.lower(): [_plain(one) for one in records] for kind, records in belongings(deps, person_id)}
    sessions = {one["session_id"] for one in found[Invite.__name__.lower()]}
    return {
        **found,
        "session": [_plain(one) for one in map(deps.store.session, sorted(sessions)) if one],
        Letter.__name__.lower(): [_plain(one) for one in letters_to(deps, person_id)],
        AuditEntry.__name__.lower(): [
            _plain(one) for one in audit.entries(deps) if f"person {person_id}" in (one.by, one.about)
        ],
    }


def packed(exported: Exported, page: str) -> bytes:
    """One file with both; its names tell nothing."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("record.json", msgspec.json.format(msgspec.json.encode(exported), indent=2))
        pack.writestr("record.html", page)
    return file.getvalue()


def _plain(record: Any) -> dict[str, Any]:
    kept = {field.name: getattr(record, field.name) for field in fields(record) if field.name not in LEFT_OUT}
    plain: dict[str, Any] = msgspec.to_builtins(kept)
    return plain
