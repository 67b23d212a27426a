"""Requests of gateways and platforms as they came, bounded, for whoever checks their signatures."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from companion.ports import BadReport, Hook
from companion.web.guards import deps


def hook(longest: int) -> Hook:
    """The request, of at most ``longest`` bytes. Raises BadReport."""
    request.max_content_length = longest
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BadReport("oversized") from None
    query = request.query_string.decode("latin-1")
    # The address as people open it: behind a proxy the request itself names another one.
    url = f"{deps().settings.address}{request.path}{'?' if query else ''}{query}"
    return Hook(url, dict(request.headers), body, deps().clock())
