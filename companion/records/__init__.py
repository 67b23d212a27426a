"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records import chain
from companion.records.groups import CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import Attachment, Letter, LetterState
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import (
    Access,
    AccessState,
    Invite,
    InviteState,
    PlannedSession,
    Series,
    forgotten,
    invite_saved_over,
    saved_over,
)
from companion.records.safety import AuditEntry, AuditHead, Consent, ConsentKind, Cut
from companion.records.sameness import same_contact
from companion.records.tags import tag_of, tagged

__all__ = [
    "FORM",
    "Access",
    "AccessCard",
    "AccessState",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Channel",
    "Connection",
    "Consent",
    "ConsentKind",
    "CrisisLine",
    "Cut",
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
    "chain",
    "forgotten",
    "invite_saved_over",
    "same_contact",
    "saved_over",
    "tag_of",
    "tagged",
]
