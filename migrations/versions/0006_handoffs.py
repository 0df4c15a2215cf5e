"""Handoffs between organisations, and the words that come back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
BYTES = sa.LargeBinary()
MOMENT = sa.DateTime(timezone=True)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def upgrade() -> None:
    _handoff()
    _handoff_answer()


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")


def _handoff() -> None:
    op.create_table(
        "handoff",
        column("id", BIG),
        column("message_id", sa.String(80)),
        column("kind", sa.String(60)),
        column("title", sa.Text()),
        column("process", sa.String(60)),
        column("start", sa.String(60)),
        column("element", sa.String(120)),
        column("from_case", BIG),
        column("from_run", BIG),
        column("from_unit", sa.String(64)),
        column("from_path", sa.String(300)),
        column("from_name", sa.String(120)),
        column("from_number", sa.String(120)),
        column("to_unit", sa.String(64)),
        column("to_path", sa.String(300)),
        column("to_name", sa.String(120)),
        column("to_case", BIG, null=True),
        column("to_run", BIG, null=True),
        column("to_number", sa.String(120)),
        column("access_class", sa.String(16)),
        column("state", sa.String(10)),
        column("outcome", sa.String(60), null=True),
        column("reason", sa.String(60), null=True),
        column("returns", sa.Integer()),
        column("letter_out", BIG, null=True),
        column("letter_back", BIG, null=True),
        column("documents", sa.Text()),
        column("manifest", BYTES),
        column("received", BYTES, null=True),
        column("answers", sa.Integer()),
        column("problem", sa.Text(), null=True),
        column("sent_at", MOMENT),
        column("recorded_at", MOMENT),
        column("received_at", MOMENT, null=True),
        column("answered_at", MOMENT, null=True),
        column("withdrawn_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
    )
    op.create_index("ix_handoff_message", "handoff", ["message_id"], unique=True)
    op.create_index("ix_handoff_from_case", "handoff", ["from_case"])
    op.create_index("ix_handoff_to_case", "handoff", ["to_case"])
    op.create_index("ix_handoff_out", "handoff", ["from_unit", "sent_at", "id"])
    op.create_index("ix_handoff_in", "handoff", ["to_unit", "sent_at", "id"])
    op.create_index("ix_handoff_sent", "handoff", ["sent_at", "id"])
    dead = sa.text("state = 'dead'")
    op.create_index(
        "ix_handoff_dead",
        "handoff",
        ["sent_at", "id"],
        sqlite_where=dead,
        postgresql_where=dead,
    )


def _handoff_answer() -> None:
    op.create_table(
        "handoff_answer",
        column("handoff_id", BIG),
        column("number", sa.Integer()),
        column("outcome", sa.String(60)),
        column("reason", sa.String(60), null=True),
        column("case_id", BIG),
        column("body", BYTES),
        column("documents", sa.Text()),
        column("files", sa.Text()),
        column("state", sa.String(10)),
        column("by_account", BIG),
        column("by_name", sa.String(80)),
        column("occurred_at", MOMENT),
        column("recorded_at", MOMENT),
        sa.PrimaryKeyConstraint("handoff_id", "number", name="pk_handoff_answer"),
    )
