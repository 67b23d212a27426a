"""Letters that have left keep a row without words; batches, gateways, and reports that were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0005_outbox"
down_revision = "0004_before_the_call"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
        letters.add_column(sa.Column("posted_at", TIME, nullable=True))
        letters.add_column(sa.Column("tried_at", TIME, nullable=True))
    op.create_table(
        "batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("begun_at", TIME, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_begun_at", "batches", ["begun_at"])
    op.create_table(
        "gateways",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("shut_until", TIME, nullable=True),
        sa.Column("counted_at", TIME, nullable=True),
        sa.Column("second_left", sa.Integer(), nullable=False),
        sa.Column("minute_left", sa.Integer(), nullable=False),
        sa.Column("day_used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gateways"),
    )
    op.create_table(
        "seen_reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_reports"),
    )
    op.create_index("ix_seen_reports_seen_at", "seen_reports", ["seen_at"])
