"""The tables of the cases room: the matter, its procedures, its record, full-text search.

Long, and one function of it too, because it lists every column as it was first stored. What has
landed is never edited: later changes are migrations of their own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()
BYTES = sa.LargeBinary()
MOMENT = sa.DateTime(timezone=True)
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, autoincrement=False)


def only(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _call()
    _case_key()
    _case_record()
    _case_search()
    _clock()
    _document()
    _external_ref()
    _idempotency()
    _inbound_message()
    _issued_number()
    _journal_entry()
    _number_series()
    _participation()
    _party()
    _run()
    _stored_file()
    _timeline_anchor()
    _timeline_entry()
    _work_item()
    _full_text()


def downgrade() -> None:
    raise RuntimeError("there is no way back: restore the backup made before the upgrade")


def _call() -> None:
    op.create_table(
        "call",
        column("run_id", BIG),
        column("number", sa.Integer()),
        column("case_id", BIG),
        column("element", sa.String(120)),
        column("operation", sa.String(60)),
        column("parameters", BYTES),
        column("state", sa.String(10)),
        column("opened_at", MOMENT),
        column("closed_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_call"),
    )


def _case_key() -> None:
    op.create_table(
        "case_key",
        column("case_id", BIG),
        column("wrapped", BYTES, null=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_key"),
    )


def _case_record() -> None:
    op.create_table(
        "case_record",
        column("id", BIG),
        column("number", sa.String(120)),
        column("title", sa.String(300)),
        column("kind", sa.String(60)),
        column("kind_title", sa.Text()),
        column("status", sa.String(12)),
        column("process", sa.String(60)),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("county_code", sa.String(64)),
        column("access_class", sa.String(16)),
        column("facts", sa.Text()),
        column("parties", sa.Text()),
        column("parties_text", sa.String(400)),
        column("facts_revision", sa.Integer()),
        column("sealed", BYTES, null=True),
        column("head_seq", sa.Integer()),
        column("head_hash", sa.String(64)),
        column("opened_at", MOMENT),
        column("occurred_at", MOMENT),
        column("opened_by", BIG),
        column("opened_by_name", sa.String(80)),
        column("closed_at", MOMENT, null=True),
        column("merged_into", BIG, null=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_record"),
    )
    op.create_index("ix_case_record_county", "case_record", ["county_code", "id"])
    op.create_index("ix_case_record_number", "case_record", ["number"], unique=True)
    op.create_index("ix_case_record_unit", "case_record", ["unit_code", "id"])


def _case_search() -> None:
    op.create_table(
        "case_search",
        column("case_id", BIG),
        column("words", WORDS),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_search"),
    )


def _clock() -> None:
    op.create_table(
        "clock",
        column("run_id", BIG),
        column("number", sa.Integer()),
        column("case_id", BIG),
        column("unit_code", sa.String(64)),
        column("element", sa.String(120)),
        column("watches", sa.String(120)),
        column("interrupting", sa.Integer()),
        column("rule", sa.String(60)),
        column("base", sa.String(40)),
        column("status", sa.String(14)),
        column("is_open", sa.Integer()),
        column("due_on", sa.Date(), null=True),
        column("due_at", MOMENT),
        column("fires_at", MOMENT),
        column("warn_at", sa.Text()),
        column("rolled", sa.Integer()),
        column("steps", sa.Text()),
        column("rule_version", sa.String(40)),
        column("calendar_version", sa.String(80)),
        column("excluded", sa.Text()),
        column("extended_days", sa.Integer()),
        column("opened_at", MOMENT),
        column("closed_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_clock"),
    )
    op.create_index("ix_clock_case", "clock", ["case_id"])
    op.create_index("ix_clock_fires", "clock", ["fires_at", "run_id"])


def _document() -> None:
    op.create_table(
        "document",
        column("id", BIG),
        column("case_id", BIG),
        column("run_id", BIG),
        column("version_id", BIG),
        column("kind", sa.String(60)),
        column("title", sa.Text()),
        column("number", sa.String(120), null=True),
        column("state", sa.String(12)),
        column("facts", BYTES),
        column("verify_code", sa.String(40)),
        column("sha256", sa.String(64), null=True),
        column("size_bytes", BIG, null=True),
        column("pages", sa.Integer(), null=True),
        column("created_at", MOMENT),
        column("ready_at", MOMENT, null=True),
        column("superseded_by", BIG, null=True),
        column("available_at", MOMENT),
        column("attempts", sa.Integer()),
        column("last_error", sa.Text(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_case", "document", ["case_id", "id"])
    op.create_index(
        "ix_document_pending", "document", ["available_at", "id"], **only("state = 'pending'")
    )
    op.create_index("ix_document_verify", "document", ["verify_code"], unique=True)


def _external_ref() -> None:
    op.create_table(
        "external_ref",
        column("case_id", BIG),
        column("system", sa.String(60)),
        column("number", sa.String(120)),
        column("added_at", MOMENT),
        column("added_by", BIG),
        sa.PrimaryKeyConstraint("case_id", "system", "number", name="pk_external_ref"),
    )
    op.create_index("ix_external_ref_number", "external_ref", ["system", "number"])


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        column("account_id", BIG),
        column("key", sa.String(200)),
        column("body_hash", sa.String(64)),
        column("answer", sa.Text()),
        column("created_at", MOMENT),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_idempotency"),
    )


def _inbound_message() -> None:
    op.create_table(
        "inbound_message",
        column("case_id", BIG),
        column("message_id", sa.String(120)),
        column("run_id", BIG),
        column("name", sa.String(120)),
        column("payload", BYTES),
        column("body_hash", sa.String(64)),
        column("state", sa.String(10)),
        column("occurred_at", MOMENT),
        column("received_at", MOMENT),
        sa.PrimaryKeyConstraint("case_id", "message_id", name="pk_inbound_message"),
    )
    op.create_index("ix_inbound_message_run", "inbound_message", ["run_id", "state"])


def _issued_number() -> None:
    op.create_table(
        "issued_number",
        column("series", sa.String(160)),
        column("n", sa.Integer()),
        column("written", sa.String(120)),
        column("case_id", BIG),
        column("issued_at", MOMENT),
        column("voided_at", MOMENT, null=True),
        column("void_reason", sa.String(300), null=True),
        sa.PrimaryKeyConstraint("series", "n", name="pk_issued_number"),
    )
    op.create_index("ix_issued_number_case", "issued_number", ["case_id"])


def _journal_entry() -> None:
    op.create_table(
        "journal_entry",
        column("run_id", BIG),
        column("number", sa.Integer()),
        column("kind", sa.String(16)),
        column("at", MOMENT),
        column("facts_revision", sa.Integer()),
        column("entry", BYTES),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_journal_entry"),
    )


def _number_series() -> None:
    op.create_table(
        "number_series",
        column("series", sa.String(160)),
        column("last", sa.Integer()),
        sa.PrimaryKeyConstraint("series", name="pk_number_series"),
    )


def _participation() -> None:
    op.create_table(
        "participation",
        column("case_id", BIG),
        column("run_id", BIG),
        column("unit_code", sa.String(64)),
        column("account_id", BIG),
        column("unit_path", sa.String(300)),
        column("level", sa.String(10)),
        column("access_class", sa.String(16)),
        column("from_at", MOMENT),
        column("to_at", MOMENT),
        column("why", sa.String(40)),
        sa.PrimaryKeyConstraint(
            "case_id", "run_id", "unit_code", "account_id", name="pk_participation"
        ),
    )
    op.create_index("ix_participation_person", "participation", ["account_id", "case_id"])
    op.create_index(
        "ix_participation_unit", "participation", ["unit_code", "account_id", "case_id"]
    )


def _party() -> None:
    op.create_table(
        "party",
        column("id", BIG),
        column("case_id", BIG),
        column("position", sa.Integer()),
        column("name", sa.String(120)),
        column("sealed", BYTES),
        column("id_index", sa.String(64)),
        column("ended_at", MOMENT, null=True),
        column("ended_why", sa.String(300), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
    )
    op.create_index("ix_party_case", "party", ["case_id", "position"])
    op.create_index("ix_party_id", "party", ["id_index"])


def _run() -> None:
    op.create_table(
        "run",
        column("id", BIG),
        column("case_id", BIG),
        column("process", sa.String(60)),
        column("version_id", BIG),
        column("number", sa.String(120), null=True),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("access_class", sa.String(16)),
        column("status", sa.String(12)),
        column("end_state", sa.String(120), null=True),
        column("stage", sa.String(120)),
        column("stages", sa.Text()),
        column("active", sa.Text()),
        column("revision", sa.Integer()),
        column("state", BYTES),
        column("pending_calls", sa.Integer()),
        column("waiting_messages", sa.Integer()),
        column("opened_at", MOMENT),
        column("closed_at", MOMENT, null=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_case", "run", ["case_id", "id"])
    op.create_index("ix_run_version", "run", ["version_id"])


def _stored_file() -> None:
    op.create_table(
        "stored_file",
        column("id", BIG),
        column("sha256", sa.String(64)),
        column("size_bytes", BIG),
        column("name", sa.String(200)),
        column("media_type", sa.String(100)),
        column("uploaded_by", BIG),
        column("uploaded_at", MOMENT),
        column("case_id", BIG, null=True),
        column("run_id", BIG, null=True),
        column("field", sa.String(120)),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
    )
    op.create_index("ix_stored_file_case", "stored_file", ["case_id", "id"])


def _timeline_anchor() -> None:
    op.create_table(
        "timeline_anchor",
        column("until", MOMENT),
        column("cases", sa.Integer()),
        column("digest", sa.String(64)),
        sa.PrimaryKeyConstraint("until", name="pk_timeline_anchor"),
    )


def _timeline_entry() -> None:
    op.create_table(
        "timeline_entry",
        column("case_id", BIG),
        column("seq", sa.Integer()),
        column("run_id", BIG, null=True),
        column("occurred_at", MOMENT),
        column("recorded_at", MOMENT),
        column("account_id", BIG),
        column("action", sa.String(60)),
        column("kind", sa.String(12)),
        column("body", BYTES),
        column("hash", sa.String(64)),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_timeline_entry"),
    )
    op.create_index("ix_timeline_entry_recorded", "timeline_entry", ["recorded_at"])


def _work_item() -> None:
    op.create_table(
        "work_item",
        column("run_id", BIG),
        column("number", sa.Integer()),
        column("case_id", BIG),
        column("revision", sa.Integer()),
        column("state", sa.String(10)),
        column("element", sa.String(120)),
        column("process_id", sa.String(120)),
        column("process", sa.String(60)),
        column("title", sa.Text()),
        column("stage", sa.String(60)),
        column("stage_title", sa.Text()),
        column("case_number", sa.String(120)),
        column("case_title", sa.String(300)),
        column("case_kind", sa.String(60)),
        column("parties_text", sa.String(400)),
        column("access_class", sa.String(16)),
        column("role", sa.String(60)),
        column("acts_for_party", sa.Integer()),
        column("unit_code", sa.String(64)),
        column("unit_path", sa.String(300)),
        column("unit_name", sa.String(120)),
        column("county_code", sa.String(64)),
        column("assignee", sa.String(80)),
        column("assignee_name", sa.String(80)),
        column("instance", sa.Text()),
        column("instance_label", sa.String(200), null=True),
        column("form", sa.String(120), null=True),
        column("priority", sa.Integer()),
        column("clock_number", sa.Integer(), null=True),
        column("due_at", MOMENT),
        column("warn_at", MOMENT),
        column("opened_at", MOMENT),
        column("done_at", MOMENT, null=True),
        column("done_by", BIG),
        column("draft_revision", sa.Integer()),
        column("draft_by", sa.String(80), null=True),
        column("draft_at", MOMENT, null=True),
        column("draft", BYTES, null=True),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_work_item"),
    )
    op.create_index("ix_item_case", "work_item", ["case_id"], **only("state = 'open'"))
    op.create_index(
        "ix_item_county",
        "work_item",
        ["county_code", "due_at", "run_id", "number"],
        **only("state = 'open'"),
    )
    op.create_index("ix_item_done", "work_item", ["done_by", "done_at", "run_id", "number"])
    op.create_index(
        "ix_item_due", "work_item", ["due_at", "run_id", "number"], **only("state = 'open'")
    )
    op.create_index(
        "ix_item_person",
        "work_item",
        ["assignee", "due_at", "run_id", "number"],
        **only("state = 'open'"),
    )
    op.create_index(
        "ix_item_post",
        "work_item",
        ["unit_code", "role", "assignee", "due_at", "run_id", "number"],
        **only("state = 'open'"),
    )
    op.create_index(
        "ix_item_unit",
        "work_item",
        ["unit_code", "due_at", "run_id", "number"],
        **only("state = 'open'"),
    )


FULL_TEXT = (
    "CREATE VIRTUAL TABLE case_search_fts USING fts5(words, content='case_search', "
    "content_rowid='case_id', tokenize='unicode61')",
    "CREATE TRIGGER case_search_added AFTER INSERT ON case_search BEGIN INSERT INTO "
    "case_search_fts(rowid, words) VALUES (new.case_id, new.words); END",
    "CREATE TRIGGER case_search_changed AFTER UPDATE ON case_search BEGIN INSERT INTO "
    "case_search_fts(case_search_fts, rowid, words) VALUES ('delete', old.case_id, old.words); "
    "INSERT INTO case_search_fts(rowid, words) VALUES (new.case_id, new.words); END",
    "CREATE TRIGGER case_search_removed AFTER DELETE ON case_search BEGIN INSERT INTO "
    "case_search_fts(case_search_fts, rowid, words) VALUES ('delete', old.case_id, old.words); "
    "END",
)
"""SQLite's full-text index over `case_search`, kept equal by triggers (FTS5 documentation,
“External Content Tables”)."""


def _full_text() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)
    else:
        op.create_index("ix_case_search_words", "case_search", ["words"], postgresql_using="gin")
