"""The tables: their names, columns, keys and indexes, and which columns are sealed."""

from __future__ import annotations

from companion.store.tables.columns import UtcTime, metadata
from companion.store.tables.groups import groups, people
from companion.store.tables.letters import letters
from companion.store.tables.live import connections, installations, live_sessions, session_keys, taps
from companion.store.tables.plans import accesses, invites, series, sessions
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
    "accesses",
    "accounts",
    "challenges",
    "connections",
    "groups",
    "installations",
    "invites",
    "letters",
    "live_sessions",
    "memberships",
    "metadata",
    "one_time_links",
    "passkeys",
    "people",
    "recoveries",
    "series",
    "session_keys",
    "sessions",
    "staff_sessions",
    "taps",
]
