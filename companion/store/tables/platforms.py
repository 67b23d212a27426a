"""The table of accounts with those who hold calls: what opens them is sealed."""

from __future__ import annotations

from sqlalchemy import Table

from companion.records import Platform
from companion.store.tables.columns import key, metadata, sealed, time, word

platforms = Table(
    "platforms",
    metadata,
    key(),
    word("kind"),
    sealed("name"),
    sealed("address"),
    sealed("account"),
    sealed("secret"),
    time("made_at"),
    sealed("more"),
    info={"record": Platform},
)
