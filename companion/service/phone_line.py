"""What the line does: nine digits bring somebody to her seat, and keys or words there are ordinary commands.

It says little, since somebody may hear it or read it: never what was asked, and for everything that does not let
somebody in one and the same sentence.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Literal

from companion.core import keys
from companion.core.commands import Arrive
from companion.core.model import SYSTEM, Seat
from companion.core.refusals import Refused
from companion.core.telling import reason_told
from companion.ports import Heard, StoreDown
from companion.records import Invite, TapRecord
from companion.service import arriving, audit, line_callers, line_tries, line_words, tapping
from companion.service.aliases import AVATARS
from companion.service.call_refs import ref_of
from companion.service.deps import Deps
from companion.service.guesses import Guesses
from companion.service.line_callers import Found
from companion.service.line_pins import DIGITS
from companion.service.passcodes import digits_of
from companion.service.perform import perform

# Of what is said, the sentences stand in templates/line.html. "": nothing is said.
Code = Literal["", "number", "no", "wait", "thanks", "done", "not_now", "keys", "not_sent", "over"]
Next = Literal["digits", "key", "nothing"]
CODES: dict[str, Code] = {"not_in_the_room_yet": "wait", "session_closed": "over", "too_busy": "not_sent"}
SILENT = 60  # minutes in which nobody presses anything, and then the call ends
SENTENCES = 5  # to a number that nobody knows, in a quarter of an hour: machines answer each other for ever
log = logging.getLogger("companion.line")


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered, in whose language, and what a call waits for then."""

    code: Code
    language: str = "en"
    then: Next = "key"


def answer(deps: Deps, guesses: Guesses, heard: Heard) -> Said:
    """Do what somebody pressed or wrote, once. Blocks: call it from a worker thread."""
    try:
        digits = digits_of(heard.said, DIGITS)
        if digits:
            return _come_in(deps, guesses, heard, digits)
        found = line_callers.known(deps, heard)
        if found is None or found.seat.state not in ("waiting", "seated"):
            return _stranger(deps, guesses, heard)
        return _pressed(deps, heard, found)
    except StoreDown:
        log.error("not sent: the database cannot take what came by the line")
        deps.meters.answered("not_sent")
        return Said("not_sent", then="digits" if heard.waited.keys == DIGITS else "key")


def too_fast(heard: Heard) -> Said:
    """The answer to somebody who presses more than is done."""
    return Said("not_now", then="digits" if heard.waited.keys == DIGITS else "key")


def _come_in(deps: Deps, guesses: Guesses, heard: Heard, digits: str) -> Said:
    once, caller = (line_callers.hashed(deps, name) for name in (heard.once, f"number {heard.number}"))
    person = line_tries.weigh(deps, once, caller, digits)
    found = line_callers.tonight(deps, person)
    if person is None or found is None:
        log.info("refused reason=%s", "digits" if person is None else "session_not_open")
        return _no(deps, guesses, heard)
    try:
        seat = _seat(deps, heard, found)
    except Refused as refused:
        log.info("refused reason=%s", reason_told(refused.reason))
        return _no(deps, guesses, heard)
    device = line_callers.device_of(deps, heard)
    arrived = any(known.id == device for known in seat.devices)
    if arrived:
        deps.store.shelf(Invite).change(found.invite.id, lambda now: arriving.used(now, deps.clock()))
    line_callers.keep(deps, heard, found.invite, device if arrived else "")
    return Said("wait" if seat.state == "waiting" else "thanks", seat.language)


def _seat(deps: Deps, heard: Heard, found: Found) -> Seat:
    # Who is there already, by a page or a call before this one, has only one more way of pressing her keys.
    if found.seat.state in ("waiting", "seated"):
        return found.seat
    invite = found.invite
    command = Arrive(
        invite.seat_id,
        line_callers.device_of(deps, heard),
        avatar=secrets.choice(AVATARS),
        language=found.seat.language,
        takes_part="phone",
        caller=ref_of(deps, invite.session_id, invite.seat_id),  # she may open the call by her page later
    )
    state = perform(deps, invite.session_id, command, by=SYSTEM).state
    about = f"session {invite.session_id}"
    audit.note_in_passing(deps, "joined_by_line", by=f"person {invite.person_id}", about=about)
    return state.seat(invite.seat_id)


def _pressed(deps: Deps, heard: Heard, found: Found) -> Said:
    language = found.seat.language
    if heard.way == "call" and not heard.said:
        return Said("", language, "key" if heard.waited.silent < SILENT else "nothing")
    key = line_words.key_of(heard.said, language)
    if key is None:
        return Said("keys", language)
    # What a key means depends on what stands by now; that it was pressed does not, so its copy is known by that.
    tap = TapRecord(found.seat.id, f"line {heard.once}", tapping.digest("line", {"key": key}))
    command = keys.command_for(found.state, found.seat, key)
    try:
        perform(deps, found.invite.session_id, command, by=found.seat.id, tap=tap)
    except Refused as refused:
        log.info("refused reason=%s", reason_told(refused.reason))
        deps.meters.answered(refused.reason)
        code = CODES.get(refused.reason, "not_now")
        return Said(code, language, "nothing" if code == "over" else "key")
    deps.meters.answered("")
    return Said("done", language)


def _stranger(deps: Deps, guesses: Guesses, heard: Heard) -> Said:
    if heard.way == "text":
        return _briefly(deps, guesses, heard, "number")
    if heard.waited.keys != DIGITS:  # she was known, and her evening is over or her digits were taken away
        return Said("over", then="nothing")
    return Said("number", then="digits") if heard.waited.step < line_tries.A_CALL else Said("no", then="nothing")


def _no(deps: Deps, guesses: Guesses, heard: Heard) -> Said:
    if heard.way == "text":
        return _briefly(deps, guesses, heard, "no")
    return Said("no", then="digits" if heard.waited.step < line_tries.A_CALL else "nothing")


def _briefly(deps: Deps, guesses: Guesses, heard: Heard, code: Code) -> Said:
    try:
        guesses.begin(("line", line_callers.hashed(deps, f"number {heard.number}")), deps.clock(), SENTENCES)
    except Refused:
        return Said("")
    return Said(code)
