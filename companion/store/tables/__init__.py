"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from companion.store.tables.calls import call_places, call_tasks, held_calls
from companion.store.tables.columns import UtcTime, metadata
from companion.store.tables.dates import date_notes, feeds, link_checks, notices, reminders
from companion.store.tables.groups import access_answers, agreement_versions, groups, people
from companion.store.tables.letters import batches, gateways, letters, seen_reports
from companion.store.tables.live import connections, installations, live_sessions, session_keys, taps
from companion.store.tables.phone_line import line_callers, line_pins, line_tries
from companion.store.tables.plans import accesses, invites, series, sessions, standing_invites
from companion.store.tables.platforms import platforms
from companion.store.tables.safety import audit_entries, audit_heads, consents, cuts
from companion.store.tables.sending import send_items, send_jobs
from companion.store.tables.staff import (
    accounts,
    challenges,
    memberships,
    one_time_links,
    passkeys,
    recoveries,
    staff_sessions,
)

__all__ = [
    "UtcTime",
    "access_answers",
    "accesses",
    "accounts",
    "agreement_versions",
    "audit_entries",
    "audit_heads",
    "batches",
    "call_places",
    "call_tasks",
    "challenges",
    "connections",
    "consents",
    "cuts",
    "date_notes",
    "feeds",
    "gateways",
    "groups",
    "held_calls",
    "installations",
    "invites",
    "letters",
    "line_callers",
    "line_pins",
    "line_tries",
    "link_checks",
    "live_sessions",
    "memberships",
    "metadata",
    "notices",
    "one_time_links",
    "passkeys",
    "people",
    "platforms",
    "recoveries",
    "reminders",
    "seen_reports",
    "send_items",
    "send_jobs",
    "series",
    "session_keys",
    "sessions",
    "staff_sessions",
    "standing_invites",
    "taps",
]
