"""Signatures on a screen: what was asked for, what was given, what looks odd."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.storage.types import Json

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("signer_name", sa.String(120), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=True),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(64), nullable=True),
        sa.Column("issued_by", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("shape", sa.String(64), nullable=True),
        sa.Column("rhythm", sa.String(64), nullable=True),
        sa.Column("signals", Json(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("looked_by", sa.String(80), nullable=True),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("looked_note", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index("ix_signature_item", "signature", ["run_id", "item_number", "field"])
    op.create_index("ix_signature_case", "signature", ["case_id"])
    op.create_index("ix_signature_document", "signature", ["document_id"])
    op.create_index("ix_signature_token", "signature", ["token_hash"], unique=True)
    op.create_index("ix_signature_shape", "signature", ["shape"])
    op.create_index("ix_signature_rhythm", "signature", ["rhythm"])
    op.create_index("ix_signature_device", "signature", ["device"])
    op.create_index(
        "ix_signature_flagged",
        "signature",
        ["id"],
        sqlite_where=sa.text("flagged = 1"),
        postgresql_where=sa.text("flagged = 1"),
    )


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
