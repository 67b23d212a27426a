"""Inviting many at once: one long send, and what becomes of each person in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from companion.records.plans import LinkRoute, PasscodeRoute

SendState = Literal["begun", "running", "stopped", "done"]  # begun: its people are being written down
ItemState = Literal["waiting", "done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class SendJob:
    """Invitations for everybody of one session or one series (``target``), sent in small steps."""

    id: str
    target: str
    state: SendState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SendItem:
    """One person of a job. ``secret`` holds token and passcode until they have left, and what is on paper until shown.

    There is one for each person and target, so that two jobs cannot both invite her.
    """

    id: str
    job_id: str
    person_id: str
    link_route: LinkRoute
    passcode_route: PasscodeRoute
    state: ItemState = "waiting"
    reason: str = ""
    taken_until: datetime | None = None  # while one node works on it, others leave it alone
    secret: tuple[str, str] = ("", "")
    forget_at: datetime | None = None  # then the secret goes, shown or not
