"""Tells the facilitators of a live session that somebody types wrong passcodes at one of its links.

It is done after the answer has gone out, as a knock is, so that a live link takes no longer to answer than any other.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from companion.core.commands import NoteWrongPasscode
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.service import gathering, links
from companion.service.accesses import hashes_of
from companion.service.deps import Deps
from companion.service.perform import perform

log = logging.getLogger("companion.alarms")


def wrong_passcode(deps: Deps, link: str) -> None:
    """A passcode at this link did not fit. Never raises: the answer has gone out already."""
    try:
        holder = links.of_token(deps, *hashes_of(deps, link))
        invite = links.invite_now(deps, holder) if holder is not None and links.is_live(deps, holder) else None
        if invite is not None:
            wrong_at(deps, invite.session_id, invite.seat_id)
    except StoreDown:
        log.info("a wrong passcode could not be passed on")


def wrong_at(deps: Deps, session_id: str, seat_id: str) -> None:
    """A passcode for this seat did not fit."""
    with suppress(Refused):
        if gathering.is_live(deps, session_id):
            perform(deps, session_id, NoteWrongPasscode(seat_id), by=SYSTEM)
