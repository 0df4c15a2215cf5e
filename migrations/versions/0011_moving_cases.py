"""Running cases go to another version: orders, what became of each case, states left behind."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "kept_state",
        column("run_id", BIG),
        column("case_id", BIG),
        column("version_id", BIG),
        column("revision", sa.Integer()),
        column("state", sa.LargeBinary()),
        column("moved_at", MOMENT),
        column("moved_by", sa.String(80)),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_table(
        "migration_job",
        column("id", BIG),
        column("key", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("from_version", BIG),
        column("from_number", sa.Integer()),
        column("to_version", BIG),
        column("to_number", sa.Integer()),
        column("dry_run", sa.Integer()),
        column("state", sa.String(10)),
        column("account_id", BIG),
        column("ordered_by", sa.String(80)),
        column("ordered_at", MOMENT),
        column("done_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_migration_job_target", "migration_job", ["to_version", "id"])
    op.create_table(
        "migration_case",
        column("job_id", BIG),
        column("run_id", BIG),
        column("case_id", BIG),
        column("verdict", sa.String(10)),
        column("code", sa.String(60)),
        column("element", sa.String(120)),
        column("reason", sa.Text(), null=True),
        column("decided_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("job_id", "run_id"),
    )
    op.create_index("ix_migration_case_verdict", "migration_case", ["job_id", "verdict", "run_id"])


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
