"""The language in which somebody reads her pages, chosen outside her panel: it goes with her seat and her browser."""

from __future__ import annotations

from contextlib import suppress

from companion import words
from companion.core.commands import ChooseLanguage
from companion.core.refusals import Refused
from companion.service.accesses import access_of_token
from companion.service.deps import Deps
from companion.service.locking import is_locked
from companion.service.perform import perform


def speak(deps: Deps, token: str, language: str) -> None:
    """Draw the pages of this browser in this language from now on; a browser without an access is let be."""
    access = access_of_token(deps, token)
    if access is None or access.state == "ended" or language not in words.languages() or is_locked(deps, access):
        return
    if access.state == "in":
        with suppress(Refused):  # the session is over: there is no panel to draw again
            perform(deps, access.session_id, ChooseLanguage(language), by=access.seat_id)
    deps.store.speak(access.id, language)
