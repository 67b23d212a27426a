"""The language of a page: the person's own choice first, then what the browser asks for."""

from __future__ import annotations

from flask import g, request

from companion.web.guards import deps


def language() -> str:
    """The language of this answer. Somebody in a session has chosen one; ``g.language`` is set from her access."""
    chosen = g.get("language")
    if chosen:
        return str(chosen)
    return request.accept_languages.best_match(list(deps().settings.languages)) or "en"
