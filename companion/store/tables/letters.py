"""The tables of letters on their way, of what is sent together, and of the first organisers."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import Batch, Gateway, Letter, SeenReport
from companion.store.tables.columns import key, metadata, number, sealed, time, word

# The name is found by a keyed index of it, since it may be somebody's real name.
organisers = Table("organisers", metadata, key("name_index"), word("password_hash"))

letters = Table(
    "letters",
    metadata,
    key(),
    word("kind"),
    sealed("to"),
    sealed("subject"),
    sealed("body"),
    time("due_at"),
    word("state"),
    number("attempts"),
    sealed("problem"),
    sealed("attachments", nullable=True),
    word("about", server_default=""),
    word("batch", server_default=""),
    time("not_after", nullable=True),
    word("reference", server_default=""),
    time("sent_at", nullable=True),
    word("trouble", server_default=""),
    time("posted_at", nullable=True),
    time("tried_at", nullable=True),
    Index(None, "state", "due_at"),
    Index(None, "about"),
    Index(None, "batch"),
    Index(None, "reference"),
    info={"record": Letter},
)

batches = Table(
    "batches",
    metadata,
    key(),
    time("begun_at"),
    word("group_id"),
    word("state"),
    Index(None, "begun_at"),
    info={"record": Batch},
)

gateways = Table(
    "gateways",
    metadata,
    key(),
    number("failures"),
    word("trouble"),
    time("shut_until", nullable=True),
    time("counted_at", nullable=True),
    number("second_left"),
    number("minute_left"),
    number("day_used"),
    info={"record": Gateway},
)

seen_reports = Table(
    "seen_reports",
    metadata,
    key(),
    time("seen_at"),
    Index(None, "seen_at"),
    info={"record": SeenReport},
)
