"""Print jobs, their packets, and the log of printed papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.storage.types import Json

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "print_job",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("ordered_name", sa.String(80), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("problem", Json(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index("ix_print_job_account", "print_job", ["account_id", "id"])
    op.create_table(
        "print_packet",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("missing", Json(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_print_packet")),
    )
    op.create_index("ix_print_packet_run", "print_packet", ["run_id", "job_id"])
    op.create_table(
        "printed_paper",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper", sa.String(40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("is_reprint", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_paper")),
    )
    op.create_index("ix_printed_paper_paper", "printed_paper", ["paper", "id"])


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
