"""What every request and answer goes through: where forms may come from, and headers that keep pages quiet."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, request

from companion.core.refusals import Refused
from companion.records import Access
from companion.service.accesses import is_form_tap
from companion.service.deps import Deps

blueprint = Blueprint("guards", __name__)
LONGEST_FORM = 16_384  # bytes


def deps() -> Deps:
    """What the use cases lean on, in this application."""
    found = current_app.extensions["companion"]
    assert isinstance(found, Deps)  # noqa: S101 - tells mypy, and a wrong wiring, the truth
    return found


def check_form_origin(access: Access) -> None:
    """Refuse a form that another site sent. ``no-referrer`` makes some browsers say ``Origin: null``, so the page's own
    signed value counts as well; it cannot be known elsewhere.
    """
    origin = request.headers.get("Origin")
    if origin in deps().settings.allowed_origins:
        return
    if origin in (None, "null") and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    if origin in (None, "null") and is_form_tap(deps(), access, request.form.get("tap", "")):
        return
    raise Refused("wrong_origin")


@blueprint.after_app_request
def quiet(response: Response) -> Response:
    """The headers of safety requirement S13 on every answer, errors too."""
    settings = deps().settings
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    # A sheet or a script is no page: what follows would say nothing there, two dozen times over a weak line.
    if request.endpoint == "files.file" and response.status_code in (200, 206, 304):
        return response
    headers.setdefault("Content-Security-Policy", policy(settings.address, secure=settings.secure))
    headers["Referrer-Policy"] = "no-referrer"
    if "framable" not in g:
        headers.setdefault("X-Frame-Options", "DENY")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers["X-Robots-Tag"] = "noindex, nofollow"
    headers["Cache-Control"] = "no-store"
    return response


def policy(address: str, *, secure: bool, frames: str = "", around: str = "'none'") -> str:
    """The content policy: our own files alone, nothing inline, no frame around us.

    ``frames`` is who else may stand in a frame of the page, and ``around`` who may have the answer in one.
    """
    host = address.split("://", 1)[1]
    socket = f"wss://{host}" if secure else f"ws://{host}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' {socket}",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            f"frame-ancestors {around}",
            *((f"frame-src 'self' {frames}",) if frames else ()),
        )
    )
