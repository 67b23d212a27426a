"""How people can be reached, dates that come again, and what became of invites and letters."""

import sqlalchemy as sa
from alembic import op

revision = "0004_before_the_call"
down_revision = "0003_locks"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        # Sealed cells cannot be filled here, where there is no key: an empty one reads as the record's default.
        for name in ("contact", "access_card", "induction", "preferred_supporter", "country"):
            people.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        people.add_column(sa.Column("left_at", TIME, nullable=True))
    op.create_table(
        "series",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("starts", sa.LargeBinary(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_series_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_group_id", "series", ["group_id"])
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("series_id", sa.Text(), nullable=False, server_default=""))
        sessions.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="90"))
        sessions.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        sessions.add_column(sa.Column("moved_from", TIME, nullable=True))
        sessions.add_column(sa.Column("cancelled_at", TIME, nullable=True))
    op.create_index("ix_sessions_series_id", "sessions", ["series_id"])
    with op.batch_alter_table("invites") as invites:
        for name in ("sent_at", "delivered_at", "opened_at"):
            invites.add_column(sa.Column(name, TIME, nullable=True))
        invites.add_column(sa.Column("problem", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("attachments", sa.LargeBinary(), nullable=True))
        for name in ("about", "batch", "reference"):
            letters.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in ("not_after", "sent_at"):
            letters.add_column(sa.Column(name, TIME, nullable=True))
    for name in ("about", "batch", "reference"):
        op.create_index(f"ix_letters_{name}", "letters", [name])
