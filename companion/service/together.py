"""Many taps, one commit: those that came while a commit was under way share the next one.

Each is read, looked at, refused or stepped as if it were alone; only the reads and the commit are shared. Whatever is
out of the ordinary is left to ``tapping.tap``, which does one tap by itself: nothing of it has happened here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from companion.core.commands import CallMe, ChooseLanguage, Command, ShareFacts
from companion.core.parsing import parse
from companion.core.refusals import Refused
from companion.ports import StoreDown
from companion.records import Access, Looked, TapRecord
from companion.service.accesses import check_device
from companion.service.deps import Deps
from companion.service.one_commit import InCommit, save_all
from companion.service.perform import had_its_effect, rooms_ended, stepped
from companion.service.tapping import Answer, check_entered, checked_id, digest, not_sent, told

log = logging.getLogger("companion.taps")
WITH_MORE = (CallMe, ChooseLanguage, ShareFacts)  # they read or write something beside the session
Answers = dict[int, Answer]  # by the place of the tap; a tap without one has to be done by itself


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap as it came, and the session of the connection it came on."""

    session_id: str
    access_id: str
    tap_id: object
    name: object
    fields: object
    came: float = 0.0  # by time.perf_counter


def tap_all(deps: Deps, taps: Sequence[Tap]) -> Sequence[Answer | None]:
    """Answer these taps once they are on disk; None where ``tapping.tap`` has to do it. Blocks."""
    try:
        # A session that is busy just now is not waited for: nobody else's tap is held up by it.
        with deps.locks.of_those_free(tap.session_id for tap in taps) as ours:
            answers = _do(deps, {number: tap for number, tap in enumerate(taps) if tap.session_id in ours})
    except Exception:
        # One of them is the reason: each is tried by itself, and that one alone fails.
        log.exception("a fault of ours in taps that were done together")
        answers = {}
    found = [answers.get(number) for number in range(len(taps))]
    if came := [tap.came for tap, answer in zip(taps, found, strict=True) if answer and answer.ok]:
        deps.panels.measure(came)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    tap: Tap
    command: Command
    tap_id: str
    digest: str


@dataclass(slots=True)
class _Session(InCommit):
    answers: Answers = field(default_factory=dict)


def _read(tap: Tap) -> _Read | None:
    try:
        command = parse(tap.name, tap.fields, from_form=False)
        read = _Read(tap, command, checked_id(tap.tap_id), digest(tap.name, tap.fields))
    except Refused:
        return None  # whether she may ask at all is looked at before what she asks
    return None if isinstance(command, WITH_MORE) else read


def _do(deps: Deps, taps: Mapping[int, Tap]) -> Answers:
    readable = {number: read for number, tap in taps.items() if (read := _read(tap))}
    answers: Answers = {}
    sessions: dict[str, _Session] = {}
    try:
        looked = deps.store.look([(read.tap.access_id, read.tap_id) for read in readable.values()])
        for (number, read), found in zip(readable.items(), looked, strict=True):
            _judge(deps, number, read, found, answers, sessions)
        return answers | _commit(deps, [one for one in sessions.values() if one.taps])
    except StoreDown:
        return dict.fromkeys(readable, not_sent())


def _judge(
    deps: Deps, number: int, read: _Read, found: Looked, answers: Answers, sessions: dict[str, _Session]
) -> None:
    try:
        if found.access is not None and found.access.state == "held":
            return  # it may have been let in already: that is looked up one by one
        access = check_entered(deps, found.access)
        if found.saved is None:
            raise Refused("session_closed")
        record = TapRecord(access.seat_id, read.tap_id, read.digest)
        if had_its_effect(found.digest, record):
            answers[number] = Answer(True)
        elif access.session_id == read.tap.session_id:
            one = sessions.setdefault(access.session_id, _Session(found.saved, found.saved.state, found.saved.sight))
            answers = one.answers if one.taps else answers  # a no may be due to what is not yet saved
            _step(deps, number, read.command, record, access, one)
    except Refused as refused:
        answers[number] = told(refused, read.tap.name)


def _step(deps: Deps, number: int, command: Command, record: TapRecord, access: Access, one: _Session) -> None:
    if any((kept.seat_id, kept.tap_id) == (record.seat_id, record.tap_id) for kept in one.taps):
        return  # the same tap twice at once: the second finds the first
    check_device(one.state, access)
    led = stepped(deps, one.state, command, access.seat_id, one.sight)
    if led.outcome.effects or rooms_ended(one.state, led.outcome.state):
        return  # they are carried out, which takes its time, before it is answered
    one.take(led)
    one.taps.append(record)
    one.answers[number] = Answer(True)


def _commit(deps: Deps, sessions: Sequence[_Session]) -> Answers:
    answers: Answers = {}
    with deps.meters.commit(sum(len(one.taps) for one in sessions)):
        moved = save_all(deps, sessions)
    for one in sessions:
        if one.state.id not in moved:
            one.send(deps)
            answers |= one.answers
    return answers
