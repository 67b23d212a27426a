"""The table of letters on their way."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import Letter
from companion.store.tables.columns import key, metadata, number, sealed, time, word

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
    Index(None, "state", "due_at"),
    Index(None, "about"),
    Index(None, "batch"),
    Index(None, "reference"),
    info={"record": Letter},
)
