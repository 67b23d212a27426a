"""Accounts of staff, in place of organisers with a pass phrase; those are made anew by a link from the terminal."""

import sqlalchemy as sa
from alembic import op

revision = "0007_staff"
down_revision = "0006_dates"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        *_texts("id", "name_index"),
        *_sealed("name", "password_hash"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("keeper", sa.Boolean(), nullable=False),
        *_sealed("totp_secret"),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_table(
        "memberships",
        *_texts("id", "account_id", "group_id", "role", "person_id"),
        _child("memberships", "account_id", "accounts"),
        _child("memberships", "group_id", "groups"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
    )
    op.create_table(
        "passkeys",
        *_texts("id", "account_id"),
        *_sealed("public_key", "label"),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _child("passkeys", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
    )
    op.create_table(
        "staff_sessions",
        *_texts("id", "account_id", "token_hash", "stage", "browser", "proof_hash"),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "seen_at", "expires_at")),
        sa.Column("proved_at", TIME, nullable=True),
        _child("staff_sessions", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_staff_sessions_token_hash"),
    )
    op.create_table(
        "challenges",
        *_texts("id", "session_id", "purpose"),
        sa.Column("expires_at", TIME, nullable=False),
        _child("challenges", "session_id", "staff_sessions"),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
    )
    op.create_table(
        "one_time_links",
        *_texts("id", "token_hash", "kind", "made_by", "account_id"),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("keeper", sa.Boolean(), nullable=False),
        *_sealed("name", "grants"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_links"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_links_token_hash"),
    )
    op.create_table(
        "recoveries",
        *_texts("id", "account_id"),
        *(sa.Column(name, TIME, nullable=False) for name in ("asked_at", "expires_at")),
        *_sealed("agreed"),
        _child("recoveries", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_recoveries"),
    )
    for table, column in (
        ("accounts", "name_index"),
        ("memberships", "account_id"),
        ("memberships", "group_id"),
        ("passkeys", "account_id"),
        ("staff_sessions", "account_id"),
        ("challenges", "expires_at"),
        ("one_time_links", "account_id"),
        ("recoveries", "account_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.drop_table("organisers")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _sealed(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _child(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
