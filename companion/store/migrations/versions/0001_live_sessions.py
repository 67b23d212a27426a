"""The live sessions, what belongs to them, and the one row of the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0001_live_sessions"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("ballast", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
    )
    op.create_table(
        "live_sessions",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_live_sessions"),
    )
    op.create_index("ix_live_sessions_due_at", "live_sessions", ["due_at"])
    op.create_table(
        "session_keys",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_sessions.session_id"], name="fk_session_keys_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_keys"),
    )
    op.create_table(
        "taps",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_sessions.session_id"], name="fk_taps_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "mark", name="pk_taps"),
    )
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("access_id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
    )
    op.create_index("ix_connections_expires_at", "connections", ["expires_at"])
    op.create_index("ix_connections_node", "connections", ["node"])
    op.create_index("ix_connections_session_id_seat_id", "connections", ["session_id", "seat_id"])
    if op.get_context().dialect.name == "postgresql":
        # Sealed bytes do not get smaller: spare the hot path the attempt.
        op.execute("ALTER TABLE live_sessions ALTER COLUMN document SET STORAGE EXTERNAL")
