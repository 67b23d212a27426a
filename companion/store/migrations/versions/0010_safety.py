"""The audit, consents, browsers that are to be cut on every node, and keyed indexes of addresses and numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0010_safety"
down_revision = "0009_invites"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("what", "by", "about", "digest")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("base_digest", "last", "seal")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_heads"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id"])
    op.create_table(
        "cuts",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "accesses", "code")),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cuts"),
    )
    op.create_index("ix_cuts_at", "cuts", ["at"])
    with op.batch_alter_table("people") as people:
        # Filled at the next start, where there is a key.
        for name in ("email_index", "phone_index"):
            people.add_column(sa.Column(name, sa.Text(), nullable=True))
    for name in ("email_index", "phone_index"):
        op.create_index(f"ix_people_{name}", "people", [name])
