"""Letters on their way: sent when due, tried again after longer and longer, and listed with what to do when dead."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from companion.ports import DeliveryFailed
from companion.records import Attachment, Batch, BatchState, Kind, Letter, LetterState
from companion.service import invite_news
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


def post(
    deps: Deps,
    to: str,
    subject: str,
    body: str,
    *,
    kind: Kind = "mail",
    attachments: Sequence[Attachment] = (),
    about: str = "",
    batch: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    country: str = "GB",
    once: str = "",
) -> Letter:
    """Put a letter in the outbox; it leaves with the next round. ``once``: with the same key it is the same letter."""
    letter_id = hmac.new(deps.sealer.subkey("letters once"), once.encode(), hashlib.sha256).hexdigest()[:40]
    letter = Letter(
        letter_id if once else deps.fresh_id(),
        kind,
        to,
        subject,
        body,
        due_at=due_at or deps.clock(),
        attachments=tuple(attachments),
        about=about,
        batch=batch,
        not_after=not_after,
        posted_at=deps.clock(),
    )
    deps.store.shelf(Letter).add(letter)
    return deps.store.shelf(Letter).get(letter.id) or letter


def pause(deps: Deps, batch_id: str) -> None:
    """Let nothing more of it leave until it is resumed."""
    _turn(deps, batch_id, "paused", "waiting", "held")


def resume(deps: Deps, batch_id: str) -> None:
    """Let it go on."""
    _turn(deps, batch_id, "going", "held", "waiting")


def _turn(deps: Deps, batch_id: str, state: BatchState, before: LetterState, after: LetterState) -> None:
    deps.store.shelf(Batch).change(batch_id, lambda batch: replace(batch, state=state))
    for letter in deps.store.shelf(Letter).find(batch=batch_id, state=before):
        deps.store.shelf(Letter).change(letter.id, lambda it: replace(it, state=after) if it.state == before else None)


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
        if letter.kind == "text":
            deps.texter.send(letter.to, letter.body, letter.id)
        else:
            deps.mailer.send(letter.to, letter.subject, letter.body)
    except DeliveryFailed as failure:
        after = _failed(deps, taken, failure)
        deps.store.post(after)
        invite_news.told(deps, after)
        log.warning("a letter did not leave, attempt %d", taken.attempts)
        return False
    # What has left is not kept: the link in it is nobody's business any more.
    left = replace(taken, state="sent", to="", subject="", body="", problem="", sent_at=deps.clock())
    deps.store.post(left)
    invite_news.told(deps, left)
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
