"""Notices, e-mail addresses, calendars by address, and open work items by when they turn soon."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def only(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _notice()
    _feed_token()
    op.add_column("account", sa.Column("email", sa.String(254), nullable=True))
    op.add_column(
        "account",
        sa.Column("mail_notices", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "ix_item_warn", "work_item", ["warn_at", "run_id", "number"], **only("state = 'open'")
    )


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")


def _notice() -> None:
    told_once = ("account_id", "run_id", "number", "kind", "round")
    op.create_table(
        "notice",
        column("id", sa.BigInteger()),
        column("account_id", sa.BigInteger()),
        column("kind", sa.String(10)),
        column("run_id", sa.BigInteger()),
        column("number", sa.Integer()),
        column("round", sa.BigInteger()),
        column("case_number", sa.String(120)),
        column("title", sa.Text(), null=True),
        column("at", MOMENT),
        column("read_at", MOMENT, null=True),
        column("mail", sa.Integer()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_notice_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint(*told_once, name="uq_notice_" + "_".join(told_once)),
    )
    op.create_index("ix_notice_newest", "notice", ["account_id", "at", "id"])
    op.create_index("ix_notice_unread", "notice", ["account_id", "id"], **only("read_at IS NULL"))
    op.create_index("ix_notice_mail", "notice", ["id"], **only("mail = 1"))


def _feed_token() -> None:
    op.create_table(
        "feed_token",
        column("account_id", sa.BigInteger()),
        column("token_hash", sa.String(64)),
        column("created_at", MOMENT),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_feed_token_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_feed_token"),
        sa.UniqueConstraint("token_hash", name="uq_feed_token_token_hash"),
    )
