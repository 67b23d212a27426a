"""Where a Jitsi server asks whether a room may be made (Prosody's mod_reservations). What it says is not kept."""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from companion import server
from companion.ports import BadReport, StoreDown
from companion.records import Platform
from companion.service import room_gate
from companion.service.room_gate import OpenRoom
from companion.web import throttle
from companion.web.guards import deps

blueprint = Blueprint("room_gate", __name__, url_prefix="/hooks/rooms/<platform_id>")
log = logging.getLogger("companion.web")
LONGEST = 2_048  # bytes of a question
QUESTIONS = "300 per minute"
STATUS = {"forged": 401, "oversized": 413, "malformed": 400, "unknown": 403}
SAY = {"unknown": "This room is not open now."}  # the server shows it to whoever tried
Answer = tuple[Response, int]


@blueprint.post("/conference")
@throttle.limiter.limit(QUESTIONS)
def made(platform_id: str) -> Answer:
    """Somebody is the first in a room. 200 lets the server make it; 403 with a sentence does not."""
    platform, name = _asking(platform_id), _name()
    room = server.off_loop(room_gate.find, deps(), platform, name)
    if room is None:
        raise BadReport("unknown")
    return jsonify(_told(room)), 200


@blueprint.get("/conference/<ref>")
@throttle.limiter.limit(QUESTIONS)
def looked_at(platform_id: str, ref: str) -> Answer:
    """The same again, after the server was told that the room exists."""
    room = server.off_loop(room_gate.find, deps(), _asking(platform_id), ref[:200])
    return (jsonify(_told(room)), 200) if room else (jsonify(message=SAY["unknown"]), 404)


@blueprint.delete("/conference/<ref>")
@throttle.limiter.limit(QUESTIONS)
def ended(platform_id: str, ref: str) -> Answer:
    """A room has ended: there is nothing of it to forget."""
    _asking(platform_id)
    return jsonify(ok=True), 200


@blueprint.errorhandler(BadReport)
def refused(error: BadReport) -> Answer:
    """Why not, in one word; and a sentence where somebody reads it."""
    log.info("room refused reason=%s", error.problem)
    return jsonify(code=error.problem, message=SAY.get(error.problem, "")), STATUS[error.problem]


@blueprint.errorhandler(StoreDown)
def store_down(error: StoreDown) -> Answer:
    """The server asks again."""
    log.error("a room could not be looked up: the database cannot be used")
    return jsonify(code="too_busy", message=""), 503


def _asking(platform_id: str) -> Platform:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    platform = server.off_loop(room_gate.asking, deps(), platform_id, token)
    if platform is None or scheme.lower() != "bearer":
        raise BadReport("forged")
    return platform


def _name() -> str:
    request.max_content_length = LONGEST
    try:
        name = request.form.get("name", "")
    except RequestEntityTooLarge:
        raise BadReport("oversized") from None
    if not name or len(name) > 200:
        raise BadReport("malformed")
    return name


def _told(room: OpenRoom) -> dict[str, object]:
    # Ids must be text: a number comes back from Prosody with a dot in it.
    told: dict[str, object] = {
        "id": room.ref,
        "name": room.ref,
        "mail_owner": "",
        "start_time": deps().clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "duration": int(room.lasts.total_seconds()),
    }
    return told | ({"max_occupants": room.most} if room.most else {})
