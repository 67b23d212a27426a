"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from companion.store.tables.columns import UtcTime, metadata
from companion.store.tables.groups import groups, people
from companion.store.tables.letters import letters, organisers
from companion.store.tables.live import connections, installations, live_sessions, session_keys, taps
from companion.store.tables.plans import accesses, invites, series, sessions
from companion.store.tables.safety import audit_entries, audit_heads, consents, cuts

__all__ = [
    "UtcTime",
    "accesses",
    "audit_entries",
    "audit_heads",
    "connections",
    "consents",
    "cuts",
    "groups",
    "installations",
    "invites",
    "letters",
    "live_sessions",
    "metadata",
    "organisers",
    "people",
    "series",
    "session_keys",
    "sessions",
    "taps",
]
