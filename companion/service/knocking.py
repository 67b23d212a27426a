"""For whoever stands before the door without a passcode that works: a knock by voice, and "I can't get in".

Both are done after the answer has gone out, so that the answer takes the same time and looks the same whether the link
leads somewhere or not.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from companion.core.commands import KnockByVoice, OpenTicketAtDoor
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Invite
from companion.service import audit, joining, links
from companion.service.accesses import access_of_token, hashes_of
from companion.service.deps import Deps
from companion.service.joining import Entered
from companion.service.links import Holder
from companion.service.passcodes import new_token, voice_number
from companion.service.perform import perform

log = logging.getLogger("companion.knocking")
Answer = Literal["waits", "let_in", "not_let_in"]


def new_knock(deps: Deps, link: str) -> str:
    """A token for the cookie of one knock at this link."""
    token = new_token()
    return f"{token}.{_seal(deps, link, token)}"


def is_knock(token: str) -> bool:
    """Whether this is the token of a knock, which is no way in."""
    return "." in token


def is_for(deps: Deps, link: str, knock: str) -> bool:
    """Whether this knock was made at this link."""
    token, _, seal = knock.partition(".")
    return bool(token) and hmac.compare_digest(seal.encode(), _seal(deps, link, token).encode())


def number(deps: Deps, knock: str) -> str:
    """The number that she says and the facilitator sees."""
    return voice_number(deps.sealer.signing("voice numbers"), knock)


def ring(deps: Deps, link: str, knock: str, language: str) -> None:
    """Ring the bell, if there is one behind this link. Never raises: the answer has gone out already."""
    with _quietly():
        _ring(deps, link, knock, language)


def answer(deps: Deps, knock: str) -> tuple[Answer, Entered | None]:
    """What became of the knock; once let in, a new token for the way on."""
    access = access_of_token(deps, knock)
    again = joining.renewed_already(deps, knock) if access is None else None
    if again is not None:
        return "let_in", again
    if access is None or access.state == "door":
        return "waits", None
    if access.state != "joining" or not access.by_voice or access.expires_at <= deps.clock():
        return "not_let_in", None
    invite = deps.store.invite(access.invite_id)
    if invite is not None:
        about = f"session {access.session_id}"
        audit.note_in_passing(deps, "joined_by_voice", by=f"person {invite.person_id}", about=about)
    return "let_in", joining.renew(deps, access, "joining")


def cannot_get_in(deps: Deps, link: str, words: str) -> None:
    """Open a ticket for the tech helpers, if the link leads somewhere. Never raises."""
    with _quietly():
        found = _behind(deps, link)
        if found is not None:
            _, invite = found
            perform(deps, invite.session_id, OpenTicketAtDoor(invite.seat_id, words[:80]), by=SYSTEM)


def _ring(deps: Deps, link: str, knock: str, language: str) -> None:
    found = _behind(deps, link)
    if found is None:
        return
    holder, invite = found
    for earlier in deps.store.accesses_of_seat(invite.session_id, invite.seat_id):
        if earlier.state == "door":
            deps.store.end_accesses(invite.session_id, access_id=earlier.id)
    access = joining.new_access(deps, invite, "door", knock, language, holder)
    command = KnockByVoice(invite.seat_id, access.id, number(deps, knock))
    perform(deps, invite.session_id, command, by=SYSTEM)


def _behind(deps: Deps, link: str) -> tuple[Holder, Invite] | None:
    holder = links.of_token(deps, *hashes_of(deps, link))
    invite = links.invite_now(deps, holder) if holder is not None and links.is_live(deps, holder) else None
    return (holder, invite) if holder is not None and invite is not None else None


@contextmanager
def _quietly() -> Iterator[None]:
    try:
        yield
    except (Refused, StoreDown):
        log.info("a knock or a call for help at the door could not be passed on")


def _seal(deps: Deps, link: str, token: str) -> str:
    mac = hmac.new(deps.sealer.signing("knocks"), f"{link} {token}".encode(), hashlib.sha256)
    return mac.hexdigest()[:32]
