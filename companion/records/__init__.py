"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.groups import CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import Attachment, Letter, LetterState
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import (
    Access,
    AccessState,
    Invite,
    InviteState,
    LinkRoute,
    PasscodeRoute,
    PlannedSession,
    Series,
    StandingInvite,
    forgotten,
)
from companion.records.sending import ItemState, SendItem, SendJob, SendState

__all__ = [
    "FORM",
    "Access",
    "AccessCard",
    "AccessState",
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
    "ItemState",
    "Letter",
    "LetterState",
    "LinkRoute",
    "PasscodeRoute",
    "Person",
    "PlannedSession",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "SendItem",
    "SendJob",
    "SendState",
    "Series",
    "StandingInvite",
    "TapRecord",
    "forgotten",
]
