"""Versions of agreements, totals of answers about access, and who takes part by telephone alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006_people"
down_revision = "0005_outbox"


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("phone_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "agreement_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_agreement_versions_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_versions"),
    )
    op.create_index("ix_agreement_versions_group_id", "agreement_versions", ["group_id"])
    op.create_table(
        "access_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("yes", sa.LargeBinary(), nullable=False),
        sa.Column("answered", sa.LargeBinary(), nullable=False),
        sa.Column("heard", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["groups.id"], name="fk_access_answers_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_access_answers"),
    )
