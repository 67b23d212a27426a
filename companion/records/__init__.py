"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.groups import CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import Attachment, Letter, LetterState
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import Access, AccessState, Invite, InviteState, PlannedSession, Series, forgotten
from companion.records.staff import (
    Account,
    Challenge,
    Grant,
    Membership,
    OneTimeLink,
    Passkey,
    Recovery,
    StaffRole,
    StaffSession,
)

__all__ = [
    "FORM",
    "Access",
    "AccessCard",
    "AccessState",
    "Account",
    "Attachment",
    "Challenge",
    "Channel",
    "Connection",
    "CrisisLine",
    "Grant",
    "Group",
    "GroupSettings",
    "Hours",
    "Induction",
    "Invite",
    "InviteState",
    "Letter",
    "LetterState",
    "Membership",
    "OneTimeLink",
    "Passkey",
    "Person",
    "PlannedSession",
    "Recovery",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "Series",
    "StaffRole",
    "StaffSession",
    "TapRecord",
    "forgotten",
]
