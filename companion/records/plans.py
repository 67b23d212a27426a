"""Dates, invites to them, and the browsers that came in by an invite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from companion.core.model import Phase, Role
from companion.core.values import replace

InviteState = Literal["draft", "sent", "delivered", "bounced", "opened", "used", "revoked"]
LinkRoute = Literal["", "email", "text", "paper", "copied"]
PasscodeRoute = Literal["", "email", "text", "paper", "aloud"]
AccessState = Literal["door", "joining", "held", "in", "ended"]


@dataclass(frozen=True, slots=True)
class Series:
    """Dates that come again and again. ``starts`` is the wall clock of the first, without a zone."""

    id: str
    group_id: str
    rule: str  # an RRULE of RFC 5545
    starts: datetime
    zone: str
    minutes: int = 90
    skipped: tuple[datetime, ...] = ()  # wall clocks that are left out
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One gathering as it stays after the live data is gone: when, and how many came."""

    id: str
    group_id: str
    starts_at: datetime
    phase: Phase = "planned"
    closed_at: datetime | None = None
    destroyed_at: datetime | None = None
    came: int | None = None
    mean_ticket_wait_seconds: int | None = None
    series_id: str = ""
    minutes: int = 90
    sequence: int = 0  # rises with each change, for calendars
    moved_from: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """A personal link and a separate passcode for one person and one session; ``seat_id`` is the seat it leads to."""

    id: str
    session_id: str
    person_id: str
    seat_id: str
    role: Role
    token_hash: str  # hex SHA-256 of the 128-bit (or longer) token in the link
    passcode_hash: str  # argon2id over the peppered 8 digits
    expires_at: datetime
    state: InviteState = "draft"
    failures: int = 0
    retired: bool = False  # too many failures: the passcode no longer opens, a voice still does
    used_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    problem: str = ""  # why it did not arrive, in words of our own
    passcode_problem: str = ""  # the same of its passcode, which travels by itself
    failed_at: tuple[datetime, ...] = ()  # when wrong passcodes came; never from where
    link_route: LinkRoute = ""
    passcode_route: PasscodeRoute = ""


@dataclass(frozen=True, slots=True)
class StandingInvite:
    """One link and one passcode for one person and every date of a series: they open the current or the next one.

    The seat of each date is an Invite of its own, made when it is needed and with no link of its own.
    """

    id: str
    person_id: str
    series_id: str
    token_hash: str
    passcode_hash: str
    expires_at: datetime
    state: InviteState = "draft"
    failures: int = 0  # over its whole life, not a date's
    retired: bool = False
    used_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    problem: str = ""
    passcode_problem: str = ""
    failed_at: tuple[datetime, ...] = ()
    link_route: LinkRoute = ""
    passcode_route: PasscodeRoute = ""


@dataclass(frozen=True, slots=True)
class Access:
    """One browser's way in. ``id`` is the device id in the live session; the cookie holds a token, stored hashed."""

    id: str
    token_hash: str
    invite_id: str
    session_id: str
    seat_id: str
    role: Role
    state: AccessState
    created_at: datetime
    expires_at: datetime
    language: str = "en"
    by_voice: bool = False  # a facilitator knew the voice, so no passcode is asked
    voice_number: str = ""
    steps: tuple[str, ...] = ()  # joining steps done: private_space, who_sees, agreement
    alias: str = ""
    avatar: int = 1
    takes_part: str = "video"
    standing_id: str = ""  # of the standing invite by whose link it came; empty: by the invite's own
    locks_at: datetime | None = None  # where script runs: from then on, unless connected, the passcode is asked again


def forgotten(access: Access) -> Access:
    """An access without what its person told us while joining."""
    return replace(access, alias="", avatar=1, takes_part="video", steps=(), voice_number="")


def saved_over(before: Access | None, access: Access) -> Access:
    """What is kept when an access is saved that may have been read a while ago.

    A browser that is out stays out: a joining step that was read before she left must not let it in again. Language
    and lock have doors of their own (``speak``, ``lock_at``), so what came through them stays.
    """
    if before is None:
        return access
    if before.state == "ended":
        return before
    return replace(access, language=before.language, locks_at=before.locks_at)
