"""Looks at every Socket.IO request before the library does: origin, transport, and nothing that it should not see.

The library lets a missing Origin through. Here a WebSocket and every POST must name an allowed one. A polling GET of
our own page carries none in any browser, so it may lack it, unless the browser says that another site asked: nothing
comes to life by a GET alone, since the packet that connects is POSTed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

log = logging.getLogger("companion.front")
# A polled answer holds somebody's panel: no browser may keep it.
QUIET = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class Front:
    """A WSGI layer in front of Socket.IO and Flask."""

    def __init__(self, app: App, allowed: frozenset[str], most_bytes: int) -> None:
        self._app = app
        self._allowed = allowed
        self._most_bytes = most_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/socket.io"):
            return self._app(environ, start_response)
        # permessage-deflate costs a fifth of the throughput and 117 kB a socket, and sizes would tell of contents.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        refusal = self._refusal(environ)
        if refusal is None:
            return self._app(environ, _quietly(start_response))
        status, code = refusal
        log.info("refused reason=%s", code)
        start_response(status, [("Content-Type", "application/json"), *QUIET])
        return [json.dumps({"code": code}).encode()]

    def _refusal(self, environ: Environ) -> tuple[str, str] | None:
        if "j" in parse_qs(environ.get("QUERY_STRING", "")) or _is_old_draft(environ):
            return "400 Bad Request", "malformed"
        if not self._may_come_from(environ):
            return "403 Forbidden", "wrong_origin"
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > self._most_bytes:
            return "413 Content Too Large", "too_long"
        return None

    def _may_come_from(self, environ: Environ) -> bool:
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            return origin in self._allowed
        plain_get = environ.get("REQUEST_METHOD") == "GET" and "HTTP_UPGRADE" not in environ
        return plain_get and environ.get("HTTP_SEC_FETCH_SITE", "same-origin") in ("same-origin", "none")


def _quietly(start_response: Callable[..., Any]) -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, *QUIET], *more)

    return start


def _is_old_draft(environ: Environ) -> bool:
    # One of the servers would speak the drafts before RFC 6455 too, and they know no limit of length.
    upgrade = environ.get("HTTP_UPGRADE", "").lower()
    return upgrade == "websocket" and environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13"
