"""Fingerprints of texts, scans that come back, and print jobs that count once they are opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.storage.types import Json

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def upgrade() -> None:
    op.add_column("document", sa.Column("text_mark", sa.String(12), nullable=True))
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_item_step",
        "work_item",
        ["process", "element", "due_at", "run_id", "number"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    _print_jobs()
    _scans()
    _document_scans()


def _print_jobs() -> None:
    """What was made so far counted when it was made."""
    op.add_column("print_job", sa.Column("key", sa.String(64), nullable=True))
    op.add_column("print_job", sa.Column("opened_at", MOMENT, nullable=True))
    op.create_index("ix_print_job_key", "print_job", ["key"], unique=True)
    op.add_column("print_packet", sa.Column("papers", Json(), nullable=True))
    op.execute("UPDATE print_job SET opened_at = made_at WHERE state = 'ready'")


def _scans() -> None:
    op.create_table(
        "scan_batch",
        _id(),
        _number("account_id"),
        sa.Column("sent_at", MOMENT, nullable=False),
        _number("document_id", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_batch")),
    )
    op.create_index("ix_scan_batch_account", "scan_batch", ["account_id", "id"])
    op.create_table(
        "scan_upload",
        _id(),
        _number("batch_id"),
        _number("account_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        _number("size_bytes"),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", Json(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_upload")),
    )
    op.create_index("ix_scan_upload_batch", "scan_upload", ["batch_id", "position"])
    op.create_table(
        "scan_page",
        _id(),
        _number("batch_id"),
        _number("upload_id"),
        _number("account_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _number("size_bytes"),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        _number("document_id", optional=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_page")),
    )
    op.create_index("ix_scan_page_upload", "scan_page", ["upload_id", "number"], unique=True)
    op.create_index("ix_scan_page_batch", "scan_page", ["batch_id", "id"])
    op.create_index("ix_scan_page_document", "scan_page", ["document_id", "page"])


def _document_scans() -> None:
    op.create_table(
        "document_scan",
        _id(),
        _number("document_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _number("case_id"),
        _number("run_id"),
        sa.Column("kind", sa.String(60), nullable=False),
        _number("file_id"),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        _number("filed_by"),
        sa.Column("filed_name", sa.String(80), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_scan")),
    )
    op.create_index(
        "ix_document_scan_document", "document_scan", ["document_id", "number"], unique=True
    )
    op.create_index("ix_document_scan_run", "document_scan", ["run_id", "kind", "id"])


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")
