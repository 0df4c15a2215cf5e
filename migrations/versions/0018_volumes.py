"""Volumes, their lines and scores, and holds on cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.storage.types import Json, LongBytes

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _volume()
    op.create_table(
        "volume_line",
        sa.Column("volume_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("papers", LongBytes(), nullable=False),
        sa.PrimaryKeyConstraint("volume_id", "position", name=op.f("pk_volume_line")),
    )
    op.create_table(
        "volume_review",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("volume_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("points", Json(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", LongBytes(), nullable=True),
        sa.Column("by_account", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_review")),
    )
    op.create_index("ix_volume_review_volume", "volume_review", ["volume_id", "id"])
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", LongBytes(), nullable=False),
        sa.Column("placed_by", sa.BigInteger(), nullable=False),
        sa.Column("placed_name", sa.String(80), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("lifted_name", sa.String(80), nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_case", "legal_hold", ["case_id", "id"])


def _volume() -> None:
    op.create_table(
        "volume",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(10), nullable=False),
        sa.Column("missing", Json(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("problem", Json(), nullable=True),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.Column("ordered_by", sa.BigInteger(), nullable=False),
        sa.Column("ordered_name", sa.String(80), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("accepted_by", sa.BigInteger(), nullable=True),
        sa.Column("accepted_name", sa.String(80), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume")),
    )
    op.create_index("ix_volume_run", "volume", ["run_id", "number"], unique=True)
    op.create_index("ix_volume_case", "volume", ["case_id", "id"])


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
