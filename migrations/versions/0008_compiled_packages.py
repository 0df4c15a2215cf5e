"""Package versions keep their compiled process beside its source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("package_version", sa.Column("compiled", sa.LargeBinary(), nullable=True))
    op.add_column("package_version", sa.Column("compiled_by", sa.String(64), nullable=True))


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
