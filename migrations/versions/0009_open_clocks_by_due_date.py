"""The board of clocks walks open clocks by their due date: an index over open ones only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    still_open = sa.text("is_open = 1")
    op.create_index(
        "ix_clock_open",
        "clock",
        ["due_at", "run_id", "number"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
