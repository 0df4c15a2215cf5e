"""An office's own way of a package remembers which version it goes by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("package_version", sa.Column("parent_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
