"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from companion.store.tables.columns import UtcTime, metadata
from companion.store.tables.dates import date_notes, feeds, link_checks, notices, reminders
from companion.store.tables.groups import groups, people
from companion.store.tables.letters import batches, gateways, letters, organisers, seen_reports
from companion.store.tables.live import connections, installations, live_sessions, session_keys, taps
from companion.store.tables.plans import accesses, invites, series, sessions

__all__ = [
    "UtcTime",
    "accesses",
    "batches",
    "connections",
    "date_notes",
    "feeds",
    "gateways",
    "groups",
    "installations",
    "invites",
    "letters",
    "link_checks",
    "live_sessions",
    "metadata",
    "notices",
    "organisers",
    "people",
    "reminders",
    "seen_reports",
    "series",
    "session_keys",
    "sessions",
    "taps",
]
