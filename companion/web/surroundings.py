"""What every whole page is given besides its own values: language, crisis line, the group's telephone number."""

from __future__ import annotations

from flask import Blueprint, g, request

from companion import server
from companion.ports import StoreDown
from companion.records import Access, GroupSettings
from companion.service import crisis_lines, locking
from companion.service.accesses import access_of_token
from companion.service.deps import Deps
from companion.web.cookies import read_token
from companion.web.guards import deps
from companion.web.languages import language

blueprint = Blueprint("surroundings", __name__)
READ = ("about", "looks", "leaving")  # pages that have no heartbeat of their own


@blueprint.before_app_request
def know_the_language() -> None:
    """Her own language from her access, read once a request; what cannot be read is asked of the browser."""
    token = read_token(request)
    g.group_settings, g.language, g.inside = GroupSettings(), "", False
    if token:
        try:
            g.group_settings, g.language, g.inside = server.off_loop(
                _of_token, deps(), token, request.method == "GET" and request.blueprint in READ
            )
        except StoreDown:
            return  # the page that says so must not need the database itself


@blueprint.app_context_processor
def surroundings() -> dict[str, object]:
    """Variables of base.html."""
    known = g.get("group_settings") or GroupSettings()
    return {
        "language": language(),
        "inside": g.get("inside", False),
        "crisis_name": known.crisis_name,
        "crisis_number": known.crisis_number,
        "backup_number": known.backup_number,
        "reply_hours": known.reply_hours,
    }


def _of_token(lean: Deps, token: str, reads: bool) -> tuple[GroupSettings, str, bool]:
    access = access_of_token(lean, token)
    if access is None:
        return GroupSettings(), "", False
    if locking.is_locked(lean, access):
        return GroupSettings(), access.language, False  # not even the telephone number of a group
    if reads:
        locking.reads_on(lean, access)
    planned = lean.store.session(access.session_id)
    group = lean.store.group(planned.group_id) if planned else None
    known = _seen_by(lean, access, group.settings) if group else GroupSettings()
    return known, access.language, access.state != "ended"


def _seen_by(lean: Deps, access: Access, settings: GroupSettings) -> GroupSettings:
    if not settings.crisis_lines:
        return settings
    invite = lean.store.invite(access.invite_id)
    person = lean.store.person(invite.person_id) if invite else None
    return crisis_lines.as_seen_from(settings, person.country if person else "")
