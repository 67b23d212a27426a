"""Where text gateways and platforms that hold calls report. Only what is signed is believed; none of it is logged."""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from companion import server
from companion.ports import BadReport, StoreDown
from companion.service import call_reports, reports
from companion.web import throttle
from companion.web.guards import deps
from companion.web.signed import hook

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
log = logging.getLogger("companion.web")
LONGEST = 8_192  # bytes of a report; a real one has a few hundred
LONGEST_OF_CALLS = 16_384
REPORTS = "600 per minute"  # many, since all of a gateway's come from a few addresses
# A report that is genuine and of no use is answered kindly, or the gateway would send it again for a day.
STATUS = {"forged": 401, "stale": 401, "oversized": 413, "malformed": 400, "replayed": 200, "unknown": 200}
Answer = tuple[Response, int]


@blueprint.post("/text/<provider>")
@throttle.limiter.limit(REPORTS)
def text(provider: str) -> Answer:
    """One report of a text."""
    server.off_loop(reports.receive, deps(), provider, hook(LONGEST))
    return jsonify(ok=True), 200


@blueprint.post("/calls/<platform_id>")
@blueprint.post("/calls/<platform_id>/events/<thing>/<what>")
@throttle.limiter.limit(REPORTS)
def call(platform_id: str, thing: str = "", what: str = "") -> Answer:
    """What a platform reports of a call; the longer address is the one that Prosody's event_sync makes."""
    said = server.off_loop(call_reports.receive, deps(), platform_id, hook(LONGEST_OF_CALLS))
    return jsonify(said or {"ok": True}), 200


@blueprint.errorhandler(BadReport)
def refused(error: BadReport) -> Answer:
    """Why not, in one word."""
    log.info("report refused reason=%s", error.problem)
    return jsonify(ok=False, code=error.problem), STATUS[error.problem]


@blueprint.errorhandler(StoreDown)
def store_down(error: StoreDown) -> Answer:
    """It could not be written down: the gateway is asked to say it again."""
    log.error("a report could not be kept: the database cannot be used")
    return jsonify(ok=False, code="not_sent"), 503
