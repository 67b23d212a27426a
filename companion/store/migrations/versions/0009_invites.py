"""One link for every date of a series, who guessed at a link and when, and invitations for many at once."""

import sqlalchemy as sa
from alembic import op

revision = "0009_invites"
down_revision = "0008_people"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("invites") as invites:
        # Sealed cells cannot be filled here, where there is no key: an empty one reads as the record's default.
        for name in ("passcode_problem", "failed_at"):
            invites.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        for name in ("link_route", "passcode_route"):
            invites.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("accesses") as accesses:
        accesses.add_column(sa.Column("standing_id", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "standing_invites",
        *(_word(name) for name in ("id", "person_id", "series_id", "token_hash", "passcode_hash")),
        sa.Column("expires_at", TIME, nullable=False),
        _word("state"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        *(sa.Column(f"{what}_at", TIME, nullable=True) for what in ("used", "sent", "delivered", "opened")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("problem", "passcode_problem", "failed_at")),
        *(_word(name) for name in ("link_route", "passcode_route")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_standing_invites_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_standing_invites_series_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_invites"),
        sa.UniqueConstraint("token_hash", name="uq_standing_invites_token_hash"),
    )
    op.create_index("ix_standing_invites_series_id", "standing_invites", ["series_id"])
    op.create_index("ix_standing_invites_person_id", "standing_invites", ["person_id"])
    op.create_table(
        "send_jobs",
        *(_word(name) for name in ("id", "target", "state")),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_send_jobs"),
    )
    op.create_index("ix_send_jobs_state", "send_jobs", ["state"])
    op.create_index("ix_send_jobs_target", "send_jobs", ["target"])
    op.create_table(
        "send_items",
        *(_word(name) for name in ("id", "job_id", "person_id", "link_route", "passcode_route", "state", "reason")),
        sa.Column("taken_until", TIME, nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("forget_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["send_jobs.id"], name="fk_send_items_job_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_send_items_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_send_items"),
    )
    op.create_index("ix_send_items_job_id_state", "send_items", ["job_id", "state"])
    op.create_index("ix_send_items_person_id", "send_items", ["person_id"])
    op.create_index("ix_send_items_forget_at", "send_items", ["forget_at"])


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
