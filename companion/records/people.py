"""People of a group, and how each of them can be reached without harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from companion.core.model import Role, VanishPlan

Channel = Literal["email", "text", "call", "post", "none"]


@dataclass(frozen=True, slots=True)
class Hours:
    """When she may be reached, in the clock of her group; days count from 0 for Monday, minutes from midnight."""

    days: tuple[int, ...]
    from_minute: int
    until_minute: int


@dataclass(frozen=True, slots=True)
class SafeContact:
    """How to reach her without harm, as she said it: by ``channel``. No hours: at any time."""

    channel: Channel = "email"
    hours: tuple[Hours, ...] = ()
    voicemail: bool = False  # whether a message may be left
    name_to_use: str = ""  # what to call her where somebody else may read or listen
    also: Channel = "none"  # a second way that is safe, so that a link and its number can travel apart


@dataclass(frozen=True, slots=True)
class AccessCard:
    """What makes taking part easier; facilitators see ``cues`` only where ``shared`` says so."""

    cues: tuple[str, ...] = ()  # codes such as "captions", "reads_slowly"
    note: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Induction:
    """What she was told before the first time; or who said, by name, that it was not needed."""

    done: tuple[str, ...] = ()
    waived_by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessAnswers:
    """How many of a group (whose id it has) said yes to a question, and how many answered: nobody's own answers."""

    id: str
    yes: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    heard: tuple[str, ...] = ()  # the last forms that were counted, so that one sent twice counts once


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a group knows. Whatever tells who she is, is sealed at rest; ``alias`` is what others see."""

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
    contact: SafeContact = field(default_factory=SafeContact)
    access_card: AccessCard = field(default_factory=AccessCard)
    induction: Induction = field(default_factory=Induction)
    preferred_supporter: str = ""  # a person's id; never shown to the group
    country: str = ""  # where she lives, for the crisis line; empty: as the group
    phone_only: bool = False  # a facilitator runs her seat
    left_at: datetime | None = None  # no longer of the group: contacts go 30 days later
