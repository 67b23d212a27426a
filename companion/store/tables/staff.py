"""The tables of staff accounts. A database that was altered opens nobody's door: what opens it is sealed to its row."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import Account, Challenge, Membership, OneTimeLink, Passkey, Recovery, StaffSession
from companion.store.tables.columns import child_of, key, metadata, number, sealed, time, word, yes

accounts = Table(
    "accounts",
    metadata,
    key(),
    word("name_index"),
    sealed("name"),
    sealed("password_hash"),
    time("created_at"),
    yes("keeper"),
    sealed("totp_secret"),
    number("totp_step"),
    time("closed_at", nullable=True),
    Index(None, "name_index"),
    info={"record": Account},
)

memberships = Table(
    "memberships",
    metadata,
    key(),
    child_of("account_id", "accounts.id"),
    child_of("group_id", "groups.id"),
    word("role"),
    word("person_id"),
    Index(None, "account_id"),
    Index(None, "group_id"),
    info={"record": Membership},
)

passkeys = Table(
    "passkeys",
    metadata,
    key(),
    child_of("account_id", "accounts.id"),
    sealed("public_key"),
    number("sign_count"),
    sealed("label"),
    time("created_at"),
    Index(None, "account_id"),
    info={"record": Passkey},
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    key(),
    child_of("account_id", "accounts.id"),
    word("token_hash", unique=True),
    word("stage"),
    word("browser"),
    time("created_at"),
    time("seen_at"),
    time("expires_at"),
    word("proof_hash"),
    time("proved_at", nullable=True),
    Index(None, "account_id"),
    info={"record": StaffSession},
)

challenges = Table(
    "challenges",
    metadata,
    key(),
    child_of("session_id", "staff_sessions.id"),
    word("purpose"),
    time("expires_at"),
    Index(None, "expires_at"),
    info={"record": Challenge},
)

one_time_links = Table(
    "one_time_links",
    metadata,
    key(),
    word("token_hash", unique=True),
    word("kind"),
    time("expires_at"),
    word("made_by"),
    word("account_id"),
    sealed("name"),
    yes("keeper"),
    sealed("grants"),
    Index(None, "account_id"),
    info={"record": OneTimeLink},
)

recoveries = Table(
    "recoveries",
    metadata,
    key(),
    child_of("account_id", "accounts.id"),
    time("asked_at"),
    time("expires_at"),
    sealed("agreed"),
    Index(None, "account_id"),
    info={"record": Recovery},
)
