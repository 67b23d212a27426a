"""Calls that are planned ahead, places in them, and what is to be asked of platforms."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0012_calls"
down_revision = "0011_platforms"


def upgrade() -> None:
    op.create_table(
        "held_calls",
        *_words("id", "platform_id", "state"),
        *_times("starts_at"),
        _number("minutes"),
        *_sealed("ref"),
        sa.PrimaryKeyConstraint("id", name="pk_held_calls"),
        sa.ForeignKeyConstraint(["id"], ["sessions.id"], name="fk_held_calls_id", ondelete="CASCADE"),
    )
    op.create_table(
        "call_places",
        *_words("id", "session_id", "seat_id"),
        *_times("made_at"),
        *_sealed("call", "ref", "url"),
        _number("adds"),
        sa.PrimaryKeyConstraint("id", name="pk_call_places"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_call_places_session_id", ondelete="CASCADE"),
    )
    op.create_table(
        "call_tasks",
        *_words("id", "platform_id", "session_id", "what", "state", "trouble"),
        *_times("due_at", "posted_at"),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        *_sealed("argument", "problem"),
        _number("attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_call_tasks"),
    )
    op.create_index("ix_held_calls_state", "held_calls", ["state"])
    op.create_index("ix_call_places_session_id", "call_places", ["session_id"])
    op.create_index("ix_call_places_made_at", "call_places", ["made_at"])
    op.create_index("ix_call_tasks_state_due_at", "call_tasks", ["state", "due_at"])
    op.create_index("ix_call_tasks_session_id", "call_tasks", ["session_id"])
    op.create_index("ix_call_tasks_posted_at", "call_tasks", ["posted_at"])


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _times(*names: str) -> list[sa.Column[datetime]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]


def _sealed(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
