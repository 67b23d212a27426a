"""When a browser that has gone silent has to show its passcode again."""

import sqlalchemy as sa
from alembic import op

revision = "0003_locks"
down_revision = "0002_groups_and_invites"


def upgrade() -> None:
    with op.batch_alter_table("accesses") as accesses:
        accesses.add_column(sa.Column("locks_at", sa.DateTime(timezone=True), nullable=True))
