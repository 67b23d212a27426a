"""Durable things as plain values: groups, people, planned sessions, invites, accesses and letters on their way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from companion.core.model import GroupRules, Phase, Role, SessionState, VanishPlan

InviteState = Literal["draft", "sent", "used", "revoked"]
AccessState = Literal["door", "joining", "held", "in", "ended"]
LetterState = Literal["waiting", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What pages show around the live session; texts are the group's own words, in its own language."""

    call_link: str = ""
    private_call_link: str = ""  # for one-to-ones; empty: a generated Jitsi room
    backup_number: str = ""
    crisis_number: str = "116 123"
    crisis_name: str = "Samaritans"
    camera_policy: Literal["always", "while_sharing", "when_ready", "off"] = "when_ready"
    leave_to: str = "weather"  # a key of web.leaving.DESTINATIONS, never a free address
    leave_words: Literal["leave", "close", "weather", "done"] = "leave"  # what the button for leaving says
    aside: Literal["list", "weather", "recipe"] = "list"  # the ordinary page behind "Hide", where she has chosen none
    agreement: tuple[str, ...] = ()
    agreement_version: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """People who meet again and again. The name is private: it never stands on a discreet surface."""

    id: str
    name: str
    rules: GroupRules = field(default_factory=GroupRules)
    settings: GroupSettings = field(default_factory=GroupSettings)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a group knows. ``name``, ``email`` and ``phone`` are sealed at rest; ``alias`` is what others see."""

    id: str
    group_id: str
    role: Role
    name: str
    alias: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    first_time: bool = True
    if_i_vanish: VanishPlan = "wait"
    contact_confirmed_at: datetime | None = None  # nothing is sent without a safe-contact record of the last 90 days


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
    locks_at: datetime | None = None  # where script runs: from then on, unless connected, the passcode is asked again


@dataclass(frozen=True, slots=True)
class TapRecord:
    """A tap that had its effect: kept until the session is destroyed, so that the same tap has it once."""

    seat_id: str
    tap_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Something that leaves through the outbox: ``kind`` picks the sender, ``body`` is sealed at rest."""

    id: str
    kind: Literal["mail"]
    to: str
    subject: str
    body: str
    due_at: datetime
    state: LetterState = "waiting"
    attempts: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A live session as it was read, and the revision it had."""

    state: SessionState
    revision: int


FORM = "form"  # the node of a connection that is a recent form post


@dataclass(frozen=True, slots=True)
class Connection:
    """One live connection, or one recent form post, of one seat; it counts until ``expires_at``."""

    id: str
    session_id: str
    seat_id: str
    access_id: str
    node: str
    expires_at: datetime


def forgotten(access: Access) -> Access:
    """An access without what its person told us while joining."""
    return replace(access, alias="", avatar=1, takes_part="video", steps=(), voice_number="")
