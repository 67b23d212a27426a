"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.groups import AgreementVersion, CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import Attachment, Letter, LetterState
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessAnswers, AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import Access, AccessState, Invite, InviteState, PlannedSession, Series, forgotten

__all__ = [
    "FORM",
    "Access",
    "AccessAnswers",
    "AccessCard",
    "AccessState",
    "AgreementVersion",
    "Attachment",
    "Channel",
    "Connection",
    "CrisisLine",
    "Group",
    "GroupSettings",
    "Hours",
    "Induction",
    "Invite",
    "InviteState",
    "Letter",
    "LetterState",
    "Person",
    "PlannedSession",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "Series",
    "TapRecord",
    "forgotten",
]
