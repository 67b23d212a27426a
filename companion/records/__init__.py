"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.groups import AgreementVersion, CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import (
    NOT_GONE,
    Attachment,
    Batch,
    BatchState,
    Gateway,
    Kind,
    Letter,
    LetterState,
    Outcome,
    SeenReport,
    Trouble,
)
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessAnswers, AccessCard, Channel, Hours, Induction, Person, SafeContact
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
    "NOT_GONE",
    "Access",
    "AccessAnswers",
    "AccessCard",
    "AccessState",
    "AgreementVersion",
    "Attachment",
    "Batch",
    "BatchState",
    "Channel",
    "Connection",
    "CrisisLine",
    "Gateway",
    "Group",
    "GroupSettings",
    "Hours",
    "Induction",
    "Invite",
    "InviteState",
    "ItemState",
    "Kind",
    "Letter",
    "LetterState",
    "LinkRoute",
    "Outcome",
    "PasscodeRoute",
    "Person",
    "PlannedSession",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "SeenReport",
    "SendItem",
    "SendJob",
    "SendState",
    "Series",
    "StandingInvite",
    "TapRecord",
    "Trouble",
    "forgotten",
]
