"""What comes next for a letter: pure rules for pauses, giving up, and what is kept of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import DeliveryFailed
from companion.records import Letter, LetterState, Trouble

PAUSES_MINUTES = (1, 5, 15, 60, 240)  # after the first, second … failure
GIVE_UP = timedelta(days=2)  # on a gateway that stays away
FIRST_QUESTION = timedelta(minutes=2)  # a gateway's list of what it took is not always up to date at once
SELDOM = timedelta(hours=6)


def after_failure(letter: Letter, failure: DeliveryFailed, now: datetime) -> Letter:
    """The letter after a failed attempt: to be tried again, to be asked about, or dead."""
    known = replace(letter, trouble=failure.trouble, problem=failure.problem)
    if failure.permanent:
        return replace(known, state="failed")
    if failure.trouble == "unsure" and letter.kind == "text":
        return replace(known, state="unsure", due_at=now + FIRST_QUESTION)
    if _is_hopeless(letter, failure, now):
        return replace(known, state="failed")
    pause = timedelta(minutes=_pause(letter))
    if failure.retry_after is not None:
        pause = max(timedelta(minutes=_pause(letter) - PAUSES_MINUTES[0]), timedelta(seconds=failure.retry_after))
    return replace(known, state="waiting", due_at=_in_time(letter, now + pause))


def asked_in_vain(letter: Letter, now: datetime) -> Letter:
    """Nobody can tell whether it went out: asked again, less and less often."""
    since = now - (letter.tried_at or now)
    return replace(letter, trouble="unsure", due_at=now + min(max(since, FIRST_QUESTION), SELDOM))


def emptied(letter: Letter) -> Letter:
    """What is kept of a letter that has left: that it did, and what it was about; nothing of whom or what."""
    return replace(letter, to="", subject="", body="", attachments=(), problem="")


def gone(letter: Letter, state: LetterState, trouble: Trouble) -> Letter:
    """A letter that will not leave any more. Whom it was for is kept, so that somebody can reach her another way."""
    return replace(letter, state=state, trouble=trouble, subject="", body="", attachments=(), problem="")


def _is_hopeless(letter: Letter, failure: DeliveryFailed, now: datetime) -> bool:
    # A gateway that is away is none of the letter's fault: only time counts against it.
    if failure.trouble in ("credentials", "throttled", "down", "unsure"):
        return letter.posted_at is not None and now - letter.posted_at >= GIVE_UP
    return letter.attempts > len(PAUSES_MINUTES)


def _pause(letter: Letter) -> float:
    # A little longer for some than for others, so that what failed together does not come back together.
    minutes = PAUSES_MINUTES[min(letter.attempts, len(PAUSES_MINUTES)) - 1]
    chance = hashlib.sha256(f"{letter.id} {letter.attempts}".encode()).digest()[0] / 255
    return minutes * (1 + chance / 4)


def _in_time(letter: Letter, due_at: datetime) -> datetime:
    # Looked at again when it is too late at the latest, so that somebody hears of it.
    return due_at if letter.not_after is None else min(due_at, letter.not_after)
