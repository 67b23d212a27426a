"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from companion.store.tables.columns import UtcTime, metadata
from companion.store.tables.groups import access_answers, agreement_versions, groups, people
from companion.store.tables.letters import batches, gateways, letters, organisers, seen_reports
from companion.store.tables.live import connections, installations, live_sessions, session_keys, taps
from companion.store.tables.plans import accesses, invites, series, sessions, standing_invites
from companion.store.tables.sending import send_items, send_jobs

__all__ = [
    "UtcTime",
    "access_answers",
    "accesses",
    "agreement_versions",
    "batches",
    "connections",
    "gateways",
    "groups",
    "installations",
    "invites",
    "letters",
    "live_sessions",
    "metadata",
    "organisers",
    "people",
    "seen_reports",
    "send_items",
    "send_jobs",
    "series",
    "session_keys",
    "sessions",
    "standing_invites",
    "taps",
]
