"""The first tables: settings, outbox, organisation, rules and calendars, packages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
BYTES = sa.LargeBinary()
MOMENT = sa.DateTime(timezone=True)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def only(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _calendar_day()
    _calendar_year()
    _deadline_rule()
    _installation_setting()
    _outbox()
    _package_version()
    _person()
    _role()
    _unit()
    _account()
    _delegation()
    _post()
    _api_token()


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")


def _calendar_day() -> None:
    op.create_table(
        "calendar_day",
        column("unit_code", sa.String(60)),
        column("day", sa.Date()),
        column("kind", sa.String(10)),
        column("name", sa.String(60)),
        sa.PrimaryKeyConstraint("unit_code", "day", name="pk_calendar_day"),
    )


def _calendar_year() -> None:
    op.create_table(
        "calendar_year",
        column("unit_code", sa.String(60)),
        column("year", sa.Integer()),
        column("version", sa.String(60)),
        column("source", sa.String(300)),
        column("entered_at", MOMENT),
        sa.PrimaryKeyConstraint("unit_code", "year", name="pk_calendar_year"),
    )


def _deadline_rule() -> None:
    op.create_table(
        "deadline_rule",
        column("unit_code", sa.String(60)),
        column("key", sa.String(60)),
        column("effective_on", sa.Date()),
        column("body", sa.Text()),
        column("entered_at", MOMENT),
        sa.PrimaryKeyConstraint("unit_code", "key", "effective_on", name="pk_deadline_rule"),
    )


def _installation_setting() -> None:
    op.create_table(
        "installation_setting",
        column("key", sa.String(100)),
        column("value", sa.Text()),
        sa.PrimaryKeyConstraint("key", name="pk_installation_setting"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        column("id", BIG),
        column("topic", sa.String(60)),
        column("payload", BYTES),
        column("state", sa.String(10)),
        column("created_at", MOMENT),
        column("available_at", MOMENT),
        column("attempts", sa.Integer()),
        column("claimed_by", sa.String(100), null=True),
        column("last_error", sa.Text(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_open", "outbox", ["available_at", "id"], **only("state = 'open'"))


def _package_version() -> None:
    op.create_table(
        "package_version",
        column("id", BIG),
        column("key", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("number", sa.Integer()),
        column("state", sa.String(16)),
        column("digest", sa.String(64)),
        column("source", BYTES),
        column("notes", sa.Text()),
        column("author", sa.String(120)),
        column("created_at", MOMENT),
        column("published_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id", name="pk_package_version"),
        sa.UniqueConstraint(
            "key", "unit_code", "number", name="uq_package_version_key_unit_code_number"
        ),
    )
    op.create_index("ix_package_version_current", "package_version", ["key", "state"])


def _person() -> None:
    op.create_table(
        "person",
        column("id", BIG),
        column("name", sa.String(80)),
        column("gender", sa.String(4), null=True),
        column("ethnicity", sa.String(20), null=True),
        column("birth_date", sa.Date(), null=True),
        column("phone", sa.String(20), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )


def _role() -> None:
    op.create_table(
        "role",
        column("key", sa.String(40)),
        column("title_en", sa.String(80)),
        column("reach", sa.String(10)),
        column("acts", sa.String(10)),
        column("abilities", sa.Text()),
        column("built_in", sa.Boolean()),
        sa.PrimaryKeyConstraint("key", name="pk_role"),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        column("code", sa.String(64)),
        column("name", sa.String(120)),
        column("short_name", sa.String(60)),
        column("kind", sa.String(30)),
        column("level", sa.String(10)),
        column("parent_code", sa.String(64), null=True),
        column("path", sa.String(300)),
        column("county_code", sa.String(64)),
        column("grid_level", sa.Integer(), null=True),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date()),
        column("extra", sa.Text()),
        sa.PrimaryKeyConstraint("code", name="pk_unit"),
        sa.ForeignKeyConstraint(["parent_code"], ["unit.code"], name="fk_unit_parent_code"),
    )
    op.create_index("ix_unit_county_kind", "unit", ["county_code", "kind"])
    op.create_index("ix_unit_parent", "unit", ["parent_code"])
    op.create_index("ix_unit_path", "unit", ["path"])


def _account() -> None:
    op.create_table(
        "account",
        column("id", BIG),
        column("username", sa.String(80)),
        column("person_id", BIG),
        column("password_hash", sa.String(200)),
        column("language", sa.String(12)),
        column("active", sa.Boolean()),
        column("failed_count", sa.Integer()),
        column("locked_until", MOMENT, null=True),
        column("created_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_account_person_id"),
        sa.UniqueConstraint("username", name="uq_account_username"),
    )
    op.create_index("ix_account_person_id", "account", ["person_id"])


def _delegation() -> None:
    op.create_table(
        "delegation",
        column("id", BIG),
        column("from_person", BIG),
        column("to_person", BIG),
        column("role", sa.String(40), null=True),
        column("unit_code", sa.String(64), null=True),
        column("from_on", sa.Date()),
        column("to_on", sa.Date()),
        column("reason", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
        sa.ForeignKeyConstraint(["from_person"], ["person.id"], name="fk_delegation_from_person"),
        sa.ForeignKeyConstraint(["role"], ["role.key"], name="fk_delegation_role"),
        sa.ForeignKeyConstraint(["to_person"], ["person.id"], name="fk_delegation_to_person"),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name="fk_delegation_unit_code"),
    )
    op.create_index("ix_delegation_from_person", "delegation", ["from_person"])
    op.create_index("ix_delegation_to_person", "delegation", ["to_person"])


def _post() -> None:
    op.create_table(
        "post",
        column("id", BIG),
        column("person_id", BIG),
        column("role", sa.String(40)),
        column("unit_code", sa.String(64)),
        column("from_on", sa.Date()),
        column("to_on", sa.Date()),
        column("kind", sa.String(10)),
        column("home_unit", sa.String(64), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.ForeignKeyConstraint(["home_unit"], ["unit.code"], name="fk_post_home_unit"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_post_person_id"),
        sa.ForeignKeyConstraint(["role"], ["role.key"], name="fk_post_role"),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name="fk_post_unit_code"),
    )
    op.create_index("ix_post_person_id", "post", ["person_id"])
    op.create_index("ix_post_unit_role", "post", ["unit_code", "role"])


def _api_token() -> None:
    op.create_table(
        "api_token",
        column("id", BIG),
        column("token_hash", sa.String(64)),
        column("account_id", BIG),
        column("created_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_api_token_account_id"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"])
