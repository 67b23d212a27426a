"""Groups and what their pages show around the live session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from companion.core.model import GroupRules


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """Who helps at once in one country."""

    country: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class SafeguardingPlan:
    """What the group does when somebody is in danger, and who decides it."""

    lead: str
    lead_number: str
    second: str  # who is asked when the lead cannot be reached
    steps: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What pages show around the live session; texts are the group's own words, in its own language."""

    call_link: str = ""
    private_call_link: str = ""  # for one-to-ones; empty: a generated Jitsi room
    platform: str = ""  # the id of the account that holds its calls; empty: the addresses above
    backup_number: str = ""
    crisis_number: str = "116 123"
    crisis_name: str = "Samaritans"
    camera_policy: Literal["always", "while_sharing", "when_ready", "off"] = "when_ready"
    leave_to: str = "weather"  # a key of web.leaving.DESTINATIONS, never a free address
    leave_words: Literal["leave", "close", "weather", "done"] = "leave"  # what the button for leaving says
    aside: Literal["list", "weather", "recipe"] = "list"  # the ordinary page behind "Hide", where she has chosen none
    agreement: tuple[str, ...] = ()
    agreement_version: int = 1
    organisation: str = ""  # who runs this; said on request, never on a discreet surface
    country: str = "GB"  # ISO 3166-1 alpha-2: whose crisis line, and whose holidays
    holidays: str = ""  # whose, where a part of the country has its own, such as "GB-SCT"
    zone: str = "Europe/London"  # IANA name: in whose clock dates are meant
    languages: tuple[str, ...] = ("en",)  # in which its own words are understood
    crisis_lines: tuple[CrisisLine, ...] = ()  # for members who live elsewhere; the group's own stands above
    safeguarding: SafeguardingPlan | None = None  # without one the doors stay shut
    who_gets_in: tuple[str, ...] = ()  # in the group's own words, beside ours
    agreement_since: datetime | None = None  # when this version was published
    agreement_new: tuple[str, ...] = ()  # its points that the version before did not have
    we_can: tuple[str, ...] = ()
    we_cannot: tuple[str, ...] = ()
    reply_hours: str = ""  # when somebody reads messages, in the group's own words
    reminders: tuple[int, ...] = (7 * 24 * 60, 24 * 60, 60)  # minutes before the start


@dataclass(frozen=True, slots=True)
class AgreementVersion:
    """One version of a group's agreement as it was published; none is ever changed or thrown away."""

    id: str  # group and number, so that a version is kept once
    group_id: str
    version: int
    points: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """People who meet again and again. The name is private: it never stands on a discreet surface."""

    id: str
    name: str
    rules: GroupRules = field(default_factory=GroupRules)
    settings: GroupSettings = field(default_factory=GroupSettings)
