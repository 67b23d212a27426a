"""The tables of the audit, of consents, and of browsers that are to be cut."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import AuditEntry, AuditHead, Consent, Cut
from companion.store.tables.columns import child_of, key, metadata, number, time, word

# Codes and opaque ids alone, so nothing of it is sealed: somebody who has the database may read it, but not change it.
audit_entries = Table(
    "audit_entries",
    metadata,
    key(),
    time("at"),
    word("what"),
    word("by"),
    word("about"),
    word("digest"),
    Index(None, "at"),
    info={"record": AuditEntry},
)

audit_heads = Table(
    "audit_heads",
    metadata,
    key(),
    number("number"),
    word("digest"),
    number("base"),
    word("base_digest"),
    word("last"),
    word("seal"),
    info={"record": AuditHead},
)

consents = Table(
    "consents",
    metadata,
    key(),
    child_of("person_id", "people.id"),
    word("kind"),
    number("version"),
    time("given_at"),
    time("withdrawn_at", nullable=True),
    Index(None, "person_id"),
    info={"record": Consent},
)

cuts = Table(
    "cuts", metadata, key(), word("accesses"), word("code"), time("at"), Index(None, "at"), info={"record": Cut}
)
