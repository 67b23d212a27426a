"""The telephone and text line: people's digits, who called tonight, tries that did not fit."""

import sqlalchemy as sa
from alembic import op

revision = "0013_phone_line"
down_revision = "0012_calls"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "line_pins",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "person_id", "digest")),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_line_pins_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_line_pins"),
        sa.UniqueConstraint("digest", name="uq_line_pins_digest"),
    )
    op.create_index("ix_line_pins_person_id", "line_pins", ["person_id"])
    op.create_table(
        "line_callers",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "invite_id", "session_id", "device")),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["invite_id"], ["invites.id"], name="fk_line_callers_invite_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_line_callers"),
    )
    for name in ("invite_id", "session_id"):
        op.create_index(f"ix_line_callers_{name}", "line_callers", [name])
    op.create_table(
        "line_tries",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "caller")),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_line_tries"),
    )
    op.create_index("ix_line_tries_at", "line_tries", ["at"])
