"""Past cases walk through another version: orders, what became of each run, where they differ."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "replay_job",
        column("id", BIG),
        column("key", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("version_id", BIG),
        column("number", sa.Integer()),
        column("most", sa.Integer()),
        column("state", sa.String(10)),
        column("account_id", BIG),
        column("ordered_by", sa.String(80)),
        column("ordered_at", MOMENT),
        column("done_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_replay_job_version", "replay_job", ["version_id", "id"])
    op.create_table(
        "replay_case",
        column("job_id", BIG),
        column("run_id", BIG),
        column("case_id", BIG),
        column("verdict", sa.String(16)),
        column("steps", sa.Integer()),
        column("reason", sa.Text(), null=True),
        column("decided_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("job_id", "run_id"),
    )
    op.create_index("ix_replay_case_verdict", "replay_case", ["job_id", "verdict", "run_id"])
    op.create_table(
        "replay_difference",
        column("job_id", BIG),
        column("run_id", BIG),
        column("position", sa.Integer()),
        column("case_id", BIG),
        column("verdict", sa.String(16)),
        column("step", sa.Integer()),
        column("at", MOMENT),
        column("element", sa.String(120)),
        column("diagram", sa.String(120)),
        column("title", sa.Text()),
        column("message", sa.Text()),
        sa.PrimaryKeyConstraint("job_id", "run_id", "position"),
    )
    op.create_index(
        "ix_replay_difference_element",
        "replay_difference",
        ["job_id", "element", "verdict", "run_id"],
    )


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
