"""Lists of other systems: files that came in, their rows, lists that went out."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
BYTES = sa.LargeBinary()
MOMENT = sa.DateTime(timezone=True)
ABILITY = "outside"
HOLDERS = (
    "窗口受理员", "调委会主任", "司法所", "法院联络员", "所长",
    "信访登记员", "信访负责人", "分流员", "中心主任",
)  # fmt: skip
"""Built-in roles that handle outside lists from now on."""


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_index("ix_party_name", "party", ["name"])
    _file()
    _row()
    _export()
    _give_ability()


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")


def _file() -> None:
    op.create_table(
        "outside_file",
        column("id", BIG),
        column("system", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("state", sa.String(10)),
        column("wrapped", BYTES, null=True),
        column("body", BYTES),
        column("content_index", sa.String(64)),
        column("row_count", sa.Integer()),
        column("created_at", MOMENT),
        column("created_by", BIG),
        column("created_by_name", sa.String(80)),
        column("applied_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id", name="pk_outside_file"),
    )
    op.create_index("ix_outside_file_unit", "outside_file", ["unit_code", "id"])
    op.create_index("ix_outside_file_content", "outside_file", ["content_index"])


def _row() -> None:
    op.create_table(
        "outside_row",
        column("file_id", BIG),
        column("line", sa.Integer()),
        column("system", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("state", sa.String(10)),
        column("finding", sa.String(12)),
        column("number_index", sa.String(64)),
        column("case_id", BIG, null=True),
        column("body", BYTES),
        column("changed_at", MOMENT),
        column("changed_by_name", sa.String(80)),
        sa.PrimaryKeyConstraint("file_id", "line", name="pk_outside_row"),
    )
    waiting = sa.text("state = 'open'")
    op.create_index(
        "ix_outside_row_open",
        "outside_row",
        ["unit_code", "file_id", "line"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_outside_row_number", "outside_row", ["number_index"])


def _export() -> None:
    op.create_table(
        "outside_export",
        column("id", BIG),
        column("system", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("format", sa.String(12)),
        column("filters", sa.Text()),
        column("cases", sa.Integer()),
        column("whole_numbers", sa.Integer()),
        column("reason", sa.String(500)),
        column("created_at", MOMENT),
        column("created_by", BIG),
        column("created_by_name", sa.String(80)),
        sa.PrimaryKeyConstraint("id", name="pk_outside_export"),
    )
    op.create_index("ix_outside_export_unit", "outside_export", ["unit_code", "id"])


def _give_ability() -> None:
    """Built-in roles of an installation get the new ability; an office's own roles stay."""
    role = sa.table(
        "role",
        sa.column("key", sa.String),
        sa.column("abilities", sa.Text),
        sa.column("built_in", sa.Boolean),
    )
    connection = op.get_bind()
    held = connection.execute(
        sa.select(role.c.key, role.c.abilities).where(
            role.c.key.in_(HOLDERS), role.c.built_in.is_(True)
        )
    ).all()
    for key, abilities in held:
        wanted = orjson.dumps(list(dict.fromkeys([*orjson.loads(abilities), ABILITY]))).decode()
        connection.execute(sa.update(role).where(role.c.key == key).values(abilities=wanted))
