"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.dates import DateNote, Feed, LinkCheck, LinkState, Missed, Notice, NoticeKind, Reminder
from companion.records.groups import CrisisLine, Group, GroupSettings, SafeguardingPlan
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
from companion.records.people import AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import Access, AccessState, Invite, InviteState, PlannedSession, Series, forgotten

__all__ = [
    "FORM",
    "NOT_GONE",
    "Access",
    "AccessCard",
    "AccessState",
    "Attachment",
    "Batch",
    "BatchState",
    "Channel",
    "Connection",
    "CrisisLine",
    "DateNote",
    "Feed",
    "Gateway",
    "Group",
    "GroupSettings",
    "Hours",
    "Induction",
    "Invite",
    "InviteState",
    "Kind",
    "Letter",
    "LetterState",
    "LinkCheck",
    "LinkState",
    "Missed",
    "Notice",
    "NoticeKind",
    "Outcome",
    "Person",
    "PlannedSession",
    "Reminder",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "SeenReport",
    "Series",
    "TapRecord",
    "Trouble",
    "forgotten",
]
