"""Durable things as plain values; the sentence above each says what it is."""

from __future__ import annotations

from companion.records.dates import DateNote, Feed, LinkCheck, LinkState, Missed, Notice, NoticeKind, Reminder
from companion.records.groups import CrisisLine, Group, GroupSettings, SafeguardingPlan
from companion.records.letters import Attachment, Letter, LetterState
from companion.records.live import FORM, Connection, Saved, TapRecord
from companion.records.people import AccessCard, Channel, Hours, Induction, Person, SafeContact
from companion.records.plans import Access, AccessState, Invite, InviteState, PlannedSession, Series, forgotten

__all__ = [
    "FORM",
    "Access",
    "AccessCard",
    "AccessState",
    "Attachment",
    "Channel",
    "Connection",
    "CrisisLine",
    "DateNote",
    "Feed",
    "Group",
    "GroupSettings",
    "Hours",
    "Induction",
    "Invite",
    "InviteState",
    "Letter",
    "LetterState",
    "LinkCheck",
    "LinkState",
    "Missed",
    "Notice",
    "NoticeKind",
    "Person",
    "PlannedSession",
    "Reminder",
    "SafeContact",
    "SafeguardingPlan",
    "Saved",
    "Series",
    "TapRecord",
    "forgotten",
]
