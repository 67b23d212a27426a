"""Sends as few bytes as it can: answers are packed, and pictures stay away from whoever asks to save data.

Packed answers tell a listener nothing new here. Their sizes would give a secret away only to somebody who can put words
of her own beside it again and again, and no page of ours repeats what an address or a stranger's form says.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_compress import Compress

blueprint = Blueprint("thrift", __name__)
PICTURE = re.compile(r'<svg class="avatar.*?</svg>', re.DOTALL)


def init_app(app: Flask) -> None:
    """Pack what is worth it. Called before anything else looks at answers, so that it sees them last."""
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_MIMETYPES"] = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"]
    app.config["COMPRESS_MIN_SIZE"] = 500
    app.config["COMPRESS_BR_LEVEL"] = 5
    app.config["COMPRESS_STREAMS"] = False
    Packing(app)


class Packing(Compress):
    """Packs whatever it answers: a page that says what went wrong is as large as one that says it went well."""

    def after_request(self, response: Any) -> Any:
        """Called by Flask."""
        status = response.status_code
        if status >= 400:
            response.status_code = 200  # the library leaves mistakes as they are
        packed = super().after_request(response)
        packed.status_code = status
        return packed


@blueprint.after_app_request
def spare_pictures(response: Response) -> Response:
    """Drawn faces are kind and not needed: a name stands beside each of them. Icons stay, since some read by them."""
    if saves_data() and response.mimetype == "text/html" and not response.direct_passthrough:
        response.set_data(PICTURE.sub("", response.get_data(as_text=True)))
    return response


@blueprint.app_context_processor
def surroundings() -> dict[str, object]:
    """Variables of base.html; the scripts keep to it too (static/js/swap.js)."""
    return {"saves_data": saves_data()}


def saves_data() -> bool:
    """Whether this phone asks to save data."""
    return request.headers.get("Save-Data", "").lower() == "on"
