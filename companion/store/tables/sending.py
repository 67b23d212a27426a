"""The tables of long sends: jobs, and each person in them."""

from __future__ import annotations

from sqlalchemy import Index, Table

from companion.records import SendItem, SendJob
from companion.store.tables.columns import child_of, key, metadata, sealed, time, word

send_jobs = Table(
    "send_jobs",
    metadata,
    key(),
    word("target"),
    word("state"),
    time("created_at"),
    Index(None, "state"),
    Index(None, "target"),
    info={"record": SendJob},
)

send_items = Table(
    "send_items",
    metadata,
    key(),
    child_of("job_id", "send_jobs.id"),
    child_of("person_id", "people.id"),
    word("link_route"),
    word("passcode_route"),
    word("state"),
    word("reason"),
    time("taken_until", nullable=True),
    sealed("secret"),
    time("forget_at", nullable=True),
    Index(None, "job_id", "state"),
    Index(None, "person_id"),
    Index(None, "forget_at"),
    info={"record": SendItem},
)
