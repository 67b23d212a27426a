"""The language of a page: the person's own choice first, then this browser's, then what the browser asks for."""

from __future__ import annotations

from flask import g, request

from companion import words
from companion.web.looks import look_now


def language() -> str:
    """The language of this answer. Somebody in a session has chosen one; ``g.language`` is set from her access."""
    chosen = g.get("language") or look_now().language
    if chosen:
        return words.spoken(str(chosen))
    return request.accept_languages.best_match(list(words.languages())) or words.SOURCE
