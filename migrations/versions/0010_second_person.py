"""Versions know who wrote and who approved them; what happened to them is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = (
    ("author_id", sa.BigInteger()),
    ("approver_id", sa.BigInteger()),
    ("approver", sa.String(120)),
    ("approved_at", sa.DateTime(timezone=True)),
    ("approved_digest", sa.String(64)),
    ("approved_against", sa.BigInteger()),
)


def upgrade() -> None:
    for name, kind in NEW:
        op.add_column("package_version", sa.Column(name, kind, nullable=True))
    op.create_table(
        "package_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("replaced_id", sa.BigInteger(), nullable=True),
        sa.Column("reasons", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_event")),
    )
    op.create_index("ix_package_event_version", "package_event", ["version_id"])


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
