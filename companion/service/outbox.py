"""Letters on their way: sent when due, tried again after longer and longer, and listed with what to do when dead."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from companion.ports import DeliveryFailed
from companion.records import Letter
from companion.service.deps import Deps

log = logging.getLogger("companion.outbox")
PAUSES_MINUTES = (1, 5, 15, 60, 240)  # after the first, second … failure; then the letter is dead
LEASE = timedelta(minutes=5)  # while one node sends a letter, others leave it alone
Advice = Literal["waits", "check_address", "send_again"]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that has not left, and what a person can do about it."""

    letter: Letter
    advice: Advice


def post(deps: Deps, to: str, subject: str, body: str) -> Letter:
    """Put a letter in the outbox; it leaves with the next round."""
    letter = Letter(deps.fresh_id(), "mail", to, subject, body, due_at=deps.clock())
    deps.store.post(letter)
    return letter


def deliver_due(deps: Deps) -> int:
    """Send what is due and say how many letters left. Blocks; safe to call from every node and at any time."""
    sent = 0
    with deps.locks.of("outbox"):
        for letter in deps.store.due_letters(deps.clock()):
            sent += _deliver(deps, letter)
    return sent


def undelivered(deps: Deps) -> tuple[Undelivered, ...]:
    """Every letter that waits or has failed, with the next thing to do."""
    return tuple(Undelivered(letter, _advice(letter)) for letter in deps.store.letters())


def send_again(deps: Deps, letter_id: str) -> None:
    """Try a dead letter once more from the beginning."""
    for letter in deps.store.letters():
        if letter.id == letter_id and letter.state == "failed":
            deps.store.post(replace(letter, state="waiting", attempts=0, problem="", due_at=deps.clock()))


def _deliver(deps: Deps, letter: Letter) -> bool:
    # Taken before it is sent: if this process dies meanwhile, the letter is tried again after the lease.
    taken = replace(letter, attempts=letter.attempts + 1, due_at=deps.clock() + LEASE)
    deps.store.post(taken)
    try:
        deps.mailer.send(letter.to, letter.subject, letter.body)
    except DeliveryFailed as failure:
        deps.store.post(_failed(deps, taken, failure))
        log.warning("a letter did not leave, attempt %d", taken.attempts)
        return False
    # What has left is not kept: the link in it is nobody's business any more.
    deps.store.post(replace(taken, state="sent", to="", body="", problem=""))
    return True


def _failed(deps: Deps, letter: Letter, failure: DeliveryFailed) -> Letter:
    if failure.permanent or letter.attempts > len(PAUSES_MINUTES):
        return replace(letter, state="failed", problem=failure.problem)
    pause = timedelta(minutes=PAUSES_MINUTES[letter.attempts - 1])
    return replace(letter, problem=failure.problem, due_at=deps.clock() + pause)


def _advice(letter: Letter) -> Advice:
    if letter.state == "waiting":
        return "waits"
    return "check_address" if letter.attempts <= len(PAUSES_MINUTES) else "send_again"
