"""What comes next for a task that did not get through: pure rules for pauses and for giving up."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from companion.core.values import replace
from companion.ports import CallDown
from companion.records import CallTask, PlannedSession

SHORT_SECONDS = (5, 15, 30, 60)  # people are there, or are to be put out
LONG_SECONDS = (60, 5 * 60, 15 * 60, 60 * 60)
CREDENTIALS = timedelta(minutes=15)  # nothing but a person can mend this; then it should not take long
HOUR = timedelta(hours=1)
GIVE_UP = timedelta(days=1)  # after the end of the session
OVER = timedelta(hours=12)


def after_failure(task: CallTask, down: CallDown, session: PlannedSession | None, now: datetime) -> CallTask:
    """The task after a failed attempt: to be tried again, or listed as given up."""
    known = replace(task, trouble=down.trouble, problem=down.problem)
    last, earliest = gives_up_at(task, session), down.retry_at or now
    # What was refused for good, or cannot be in time, waits for a person.
    if down.trouble in ("refused", "gone") or max(now, earliest) >= last:
        return replace(known, state="failed")
    wait = pause(task, is_urgent(task, session, now))
    if down.trouble == "credentials":
        wait = max(wait, CREDENTIALS)
    return replace(known, state="waiting", due_at=min(max(now + wait, earliest), last))


def is_urgent(task: CallTask, session: PlannedSession | None, now: datetime) -> bool:
    """Whether somebody waits for it now: its session is on, or begins within the hour, or people are to be put out."""
    if task.what in ("stop", "end"):
        return now < task.posted_at + HOUR
    if session is None or session.closed_at is not None or session.cancelled_at is not None:
        return False
    return session.starts_at - HOUR <= now < _end_of(session) + OVER


def pause(task: CallTask, urgent: bool) -> timedelta:
    """How long to wait after so many attempts; a little longer for some, so that they do not come back together."""
    steps = SHORT_SECONDS if urgent else LONG_SECONDS
    seconds = steps[min(max(task.attempts, 1), len(steps)) - 1]
    chance = hashlib.sha256(f"{task.id} {task.attempts}".encode()).digest()[0] / 255
    return timedelta(seconds=seconds * (1 + chance / 4))


def gives_up_at(task: CallTask, session: PlannedSession | None) -> datetime:
    """When it is too late to be of use to anybody."""
    end = _end_of(session) if session is not None else task.posted_at
    return max(end, task.posted_at) + GIVE_UP


def _end_of(session: PlannedSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.minutes)
