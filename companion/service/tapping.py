"""One tap, from whatever carried it: check the browser's access afresh, read the message, perform, answer."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass

import msgspec

from companion import words
from companion.core.commands import CallMe, ChooseLanguage, ShareFacts
from companion.core.parsing import parse
from companion.core.refusals import Refused
from companion.core.telling import command_told, reason_told
from companion.ports import StoreDown
from companion.records import Access, TapRecord
from companion.service import consents
from companion.service.accesses import as_decided
from companion.service.deps import Deps
from companion.service.perform import perform

log = logging.getLogger("companion.taps")
TAP_ID = re.compile(r"[A-Za-z0-9_.-]{8,80}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told: "sent", or why not. The sentence for ``code`` is drawn in the person's language."""

    ok: bool
    code: str = ""


def tap(deps: Deps, access_id: str, tap_id: object, name: object, fields: object, *, from_form: bool = False) -> Answer:
    """Do what the tap asks, once, or say why not. Blocks: call it from a worker thread."""
    try:
        access = entered(deps, access_id)
        command = parse(name, fields, from_form=from_form)
        if isinstance(command, CallMe) and command.on_file:
            command = CallMe(number=_number_on_file(deps, access))
        record = TapRecord(access.seat_id, checked_id(tap_id), digest(name, fields))
        if isinstance(command, ChooseLanguage):
            _check_language(command)
        perform(deps, access.session_id, command, by=access.seat_id, tap=record, access=access)
        if isinstance(command, ChooseLanguage):
            deps.store.speak(access_id, command.language)
        if isinstance(command, ShareFacts):
            consents.give_from(deps, access, "measurements")
    except Refused as refused:
        return told(refused, name)
    except StoreDown:
        return not_sent()
    return Answer(True)


def told(refused: Refused, name: object) -> Answer:
    """The answer to a tap that was refused; ``name`` is what it called itself."""
    log.info("refused reason=%s command=%s", reason_told(refused.reason), command_told(name))
    return Answer(False, refused.reason)


def not_sent() -> Answer:
    """The answer to a tap that the database could not take."""
    log.error("not sent: the database cannot take a tap")
    return Answer(False, "not_sent")


def entered(deps: Deps, access_id: str) -> Access:
    """The access of a browser that is in; Refused otherwise. Read afresh for every tap: a copy may be out of date."""
    access = deps.store.access(access_id)
    if access is not None and access.state == "held":
        access = as_decided(deps, access)
    return check_entered(deps, access)


def check_entered(deps: Deps, access: Access | None) -> Access:
    """The same of an access that was read just now."""
    if access is None or access.state in ("ended", "door", "joining"):
        raise Refused("no_access")
    if access.expires_at <= deps.clock():
        raise Refused("access_expired")
    if access.state == "held":
        raise Refused("device_on_hold")
    return access


def digest(name: object, fields: object) -> str:
    """Tells one content of a tap from another; kept in the place of the content itself."""
    try:
        content = msgspec.json.encode([name, fields], order="sorted")
    except (TypeError, ValueError) as error:
        raise Refused("malformed") from error
    return hashlib.sha256(content).hexdigest()


def checked_id(tap_id: object) -> str:
    """The id of a tap. Raises Refused where it is none."""
    if not isinstance(tap_id, str) or not TAP_ID.fullmatch(tap_id):
        raise Refused("malformed")
    return tap_id


def _check_language(command: ChooseLanguage) -> None:
    if command.language not in words.languages():
        raise Refused("not_a_choice")


def _number_on_file(deps: Deps, access: Access) -> str:
    invite = deps.store.invite(access.invite_id)
    person = deps.store.person(invite.person_id) if invite else None
    if person is None or not person.phone:
        raise Refused("no_number")
    return person.phone
