"""Open work items in the order they came: lists of a whole county or city, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_item_opened",
        "work_item",
        ["opened_at", "run_id", "number"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_index("ix_item_opened", table_name="work_item")
