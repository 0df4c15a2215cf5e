"""The fingerprint of a document's text; none in rows from before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("text_mark", sa.String(12), nullable=True))


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
