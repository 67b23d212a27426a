"""Accounts with those who hold calls."""

import sqlalchemy as sa
from alembic import op

revision = "0011_platforms"
down_revision = "0010_safety"


SEALED = ("name", "address", "account", "secret", "more")


def upgrade() -> None:
    op.create_table(
        "platforms",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "kind")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in SEALED),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_platforms"),
    )
