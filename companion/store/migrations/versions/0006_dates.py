"""Notices of changed dates, answered warnings, reminders, looks at the call's address, calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0006_dates"
down_revision = "0005_outbox"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        _text("id"),
        _text("group_id"),
        _text("session_id"),
        _text("series_id"),
        _text("kind"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _time("was_at"),
        _time("starts_at"),
        _time("at"),
        _sealed("by"),
        _sealed("posted"),
        _sealed("missed"),
        _time("posted_at", nullable=True),
        _belongs("notices", "group_id", "groups.id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_table(
        "date_notes",
        _text("id"),
        _text("group_id"),
        _text("session_id"),
        _text("kind"),
        _sealed("by"),
        _time("at"),
        _belongs("date_notes", "group_id", "groups.id"),
        _belongs("date_notes", "session_id", "sessions.id"),
        sa.PrimaryKeyConstraint("id", name="pk_date_notes"),
    )
    op.create_table(
        "reminders",
        _text("id"),
        _text("session_id"),
        _time("at"),
        _time("posted_at", nullable=True),
        _belongs("reminders", "session_id", "sessions.id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
    )
    op.create_table(
        "link_checks",
        _text("id"),
        _text("session_id"),
        _time("at"),
        _text("result"),
        _belongs("link_checks", "session_id", "sessions.id"),
        sa.PrimaryKeyConstraint("id", name="pk_link_checks"),
    )
    op.create_table(
        "feeds",
        _text("id"),
        _text("token_hash"),
        _time("made_at"),
        _belongs("feeds", "id", "people.id"),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
    )
    for table, columns in {
        "notices": ("group_id", "session_id", "posted_at"),
        "date_notes": ("group_id", "session_id"),
        "reminders": ("session_id",),
        "link_checks": ("session_id",),
    }.items():
        for name in columns:
            op.create_index(f"ix_{table}_{name}", table, [name])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIME, nullable=nullable)


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _belongs(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [parent], name=f"fk_{table}_{column}", ondelete="CASCADE")
