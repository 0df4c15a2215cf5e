"""Tables of the cases room: the matter, its procedures, what waits for people, what was done.

One module, because every row here belongs to one case and leaves with it. Three kinds of rows:
the matter (case, key, parties, participation), its procedures (run, journal, work item, clock,
call, message), and the record (timeline, anchor, numbers, documents, files, search words).

Lists never join what they sort or filter by: a work item carries its case's number, title and
parties, its unit's path and its due date. “Never” is `FAR`, not NULL, because the two databases
sort NULL differently.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    String,
    Text,
    and_,
    event,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Actor, ActorScoped, Base
from workflows.storage.types import Ciphertext, Json, SealedBytes

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""Sentinel for “no due date” and “not ended”."""
NOBODY = 0
"""Sentinel account id: a participation of the whole unit, an item nobody has finished."""
NORMAL = "normal"
"""The access class that needs no grant."""

OPEN_ITEM = text("state = 'open'")
OPEN_CLOCK = text("is_open = 1")


def _open_index(name: str, *columns: str) -> Index:
    """An index over open work items only: finished ones never slow an inbox down."""
    return Index(name, *columns, sqlite_where=OPEN_ITEM, postgresql_where=OPEN_ITEM)


class OfCase(ActorScoped):
    """Rows of a case: seen by whoever takes part in it."""

    __abstract__ = True

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.is_system:
            return None
        table = cls.__table__
        case_id = table.c["id" if table.name == "case_record" else "case_id"]
        return takes_part(actor, case_id)


class CaseRecord(OfCase, Base):
    """One matter, as the citizen sees it."""

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case_record_unit", "unit_code", "id"),
        Index("ix_case_record_county", "county_code", "id"),
        Index("ix_case_record_number", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[str] = mapped_column(String(120))
    """受理号, given at opening."""
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(60))
    """Value of the case fact `dispute_kind`, else the package's case kind."""
    kind_title: Mapped[Any] = mapped_column(Json)
    """{"zh", "en"} of the kind when it was entered."""
    status: Mapped[str] = mapped_column(String(12))
    """open | closed | voided | merged"""
    process: Mapped[str] = mapped_column(String(60))
    """Package key of the first run."""
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    county_code: Mapped[str] = mapped_column(String(64))
    """Second segment of the path: the county, or the unit itself above counties."""
    access_class: Mapped[str] = mapped_column(String(16))
    """normal | sealed | psychology | minor"""
    facts: Mapped[Any] = mapped_column(Json)
    """Declared case fields by name; plain, because expressions and searches read them."""
    parties: Mapped[Any] = mapped_column(Json)
    """The parties in order with their plain fields: what expressions see."""
    parties_text: Mapped[str] = mapped_column(String(400))
    """Names in order, joined by 、, cut at 400 characters."""
    facts_revision: Mapped[int] = mapped_column(Integer)
    """Counts changes of facts and parties."""
    sealed: Mapped[Ciphertext | None] = mapped_column(SealedBytes)
    """Sealed facts: JSON object under the case's key."""
    head_seq: Mapped[int] = mapped_column(Integer)
    """Number of the newest timeline entry; also tells a snapshot that waited for a lock that it
    is out of date."""
    head_hash: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    """When the parties came, by the officer's word."""
    opened_by: Mapped[int] = mapped_column(BigInteger)
    opened_by_name: Mapped[str] = mapped_column(String(80))
    closed_at: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(BigInteger)


class CaseKeyRow(Base):
    """The wrapped data key of a case. Without it state, drafts, journal, sealed facts and
    timeline texts are noise: destroying it is erasure."""

    __tablename__ = "case_key"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    wrapped: Mapped[bytes | None]
    """None once destroyed."""


class Party(OfCase, Base):
    """One party. Plain fields stand in `case_record.parties`; here is what is looked up or
    hidden."""

    __tablename__ = "party"
    __table_args__ = (
        Index("ix_party_case", "case_id", "position"),
        Index("ix_party_id", "id_index"),
        Index("ix_party_name", "name"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(120))
    sealed: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """ID number, phone, address, birth date…: JSON object under the case's key."""
    id_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the ID number or credit code, "" without one."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(300))


class ExternalRef(OfCase, Base):
    """The case's number in another system (court, petition, 110, 12345)."""

    __tablename__ = "external_ref"
    __table_args__ = (Index("ix_external_ref_number", "system", "number"),)

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    system: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[str] = mapped_column(String(120), primary_key=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(BigInteger)


class Participation(Base):
    """Who sees a case, how much of it, since when and why.

    `account_id` = NOBODY: everybody of the unit by their abilities; else this person alone. Rows
    of a class other than normal only count for single persons.
    """

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_unit", "unit_code", "account_id", "case_id"),
        Index("ix_participation_person", "account_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    unit_path: Mapped[str] = mapped_column(String(300))
    level: Mapped[str] = mapped_column(String(10))
    """index | process | full"""
    access_class: Mapped[str] = mapped_column(String(16))
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(40))
    """open | task | claim | assign | grant | handoff"""


def takes_part(actor: Actor, case_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that some participation of the case covers the actor."""
    # Under a name of its own, so that a statement over participations does not correlate with it.
    part = Participation.__table__.alias("taking_part").c
    units = [post.unit for post in actor.posts if post.reach == "unit"]
    trees = [post.unit_path for post in actor.posts if post.reach == "subtree"]
    by_unit = [part.unit_path.startswith(path, autoescape=True) for path in sorted(set(trees))]
    if units:
        by_unit.append(part.unit_code.in_(sorted(set(units))))
    covered = or_(
        part.account_id == actor.account_id,
        (part.account_id == NOBODY) & (part.access_class == NORMAL) & or_(false(), *by_unit),
    )
    # Looked up by the case, one seek a row: a list of all visible cases would grow with the years.
    return select(1).where(part.case_id == case_id, part.to_at == FAR, covered).exists()


class Run(OfCase, Base):
    """One unit's procedure for a case, pinned to one package version."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_case", "case_id", "id"), Index("ix_run_version", "version_id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    process: Mapped[str] = mapped_column(String(60))
    version_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str | None] = mapped_column(String(120))
    """人调字…, once issued."""
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    access_class: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(12))
    """open | completed | cancelled | voided"""
    end_state: Mapped[str | None] = mapped_column(String(120))
    """Id of the end event reached, "withdrawn" or "voided"."""
    stage: Mapped[str] = mapped_column(String(120))
    """Id of the phase (called process) it stands in, "" before and after."""
    stages: Mapped[Any] = mapped_column(Json)
    """Stage key → local ISO date it was first entered, for the strip."""
    active: Mapped[Any] = mapped_column(Json)
    """[[process id, element id], …] of everything that waits: the position on the diagrams."""
    revision: Mapped[int] = mapped_column(Integer)
    """Counts decisions; also the number of the newest journal entry."""
    state: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """The engine's bytes under the case's key."""
    pending_calls: Mapped[int] = mapped_column(Integer)
    waiting_messages: Mapped[int] = mapped_column(Integer)
    """Early messages that nobody waited for yet."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class JournalEntry(Base):
    """What was submitted to a run and answered by its ports: enough to run it again."""

    __tablename__ = "journal_entry"

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """The run's revision after it."""
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    facts_revision: Mapped[int] = mapped_column(Integer)
    entry: Mapped[Ciphertext] = mapped_column(SealedBytes)


class WorkItem(Base):
    """One user task in an inbox, open or finished.

    Not actor-scoped: inboxes name their units and roles themselves, because a scope inside every
    branch would hide the index from the planner. `draft` stands last and is loaded only when asked
    for, so that lists stay narrow.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        _open_index("ix_item_post", "unit_code", "role", "assignee", "due_at", "run_id", "number"),
        _open_index("ix_item_unit", "unit_code", "due_at", "run_id", "number"),
        _open_index("ix_item_county", "county_code", "due_at", "run_id", "number"),
        _open_index("ix_item_due", "due_at", "run_id", "number"),
        _open_index("ix_item_opened", "opened_at", "run_id", "number"),
        _open_index("ix_item_warn", "warn_at", "run_id", "number"),
        _open_index("ix_item_person", "assignee", "due_at", "run_id", "number"),
        _open_index("ix_item_case", "case_id"),
        _open_index("ix_item_step", "process", "element", "due_at", "run_id", "number"),
        Index("ix_item_done", "done_by", "done_at", "run_id", "number"),
    )

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(Integer)
    """Changes on claim, release, assign, return, completion, migration."""
    state: Mapped[str] = mapped_column(String(10))
    """open | done | gone (left without being done)"""
    element: Mapped[str] = mapped_column(String(120))
    """BPMN element id."""
    process_id: Mapped[str] = mapped_column(String(120))
    """Id of the diagram it stands in."""
    process: Mapped[str] = mapped_column(String(60))
    """Package key."""
    title: Mapped[Any] = mapped_column(Json)
    stage: Mapped[str] = mapped_column(String(60))
    stage_title: Mapped[Any] = mapped_column(Json)
    case_number: Mapped[str] = mapped_column(String(120))
    case_title: Mapped[str] = mapped_column(String(300))
    case_kind: Mapped[str] = mapped_column(String(60))
    parties_text: Mapped[str] = mapped_column(String(400))
    access_class: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(60))
    acts_for_party: Mapped[int] = mapped_column(Integer)
    """1 where staff record what a citizen does."""
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    unit_name: Mapped[str] = mapped_column(String(120))
    county_code: Mapped[str] = mapped_column(String(64))
    assignee: Mapped[str] = mapped_column(String(80))
    """Username, "" while nobody has it."""
    assignee_name: Mapped[str] = mapped_column(String(80))
    instance: Mapped[Any] = mapped_column(Json)
    """Multi-instance keys from outside in."""
    instance_label: Mapped[str | None] = mapped_column(String(200))
    form: Mapped[str | None] = mapped_column(String(120))
    """File name of the form, None for a task without one."""
    priority: Mapped[int] = mapped_column(Integer)
    clock_number: Mapped[int | None] = mapped_column(Integer)
    due_at: Mapped[datetime]
    """When its clock ends; FAR without one or while paused."""
    warn_at: Mapped[datetime]
    """When it turns “soon”."""
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int] = mapped_column(BigInteger)
    draft_revision: Mapped[int] = mapped_column(Integer)
    """0 where nobody typed anything yet."""
    draft_by: Mapped[str | None] = mapped_column(String(80))
    draft_at: Mapped[datetime | None]
    draft: Mapped[Ciphertext | None] = mapped_column(SealedBytes, deferred=True)
    """Unvalidated values as typed: JSON under the case's key."""


class ClockRow(OfCase, Base):
    """One time limit that a diagram opened. The row alone knows the due date."""

    __tablename__ = "clock"
    __table_args__ = (
        Index("ix_clock_fires", "fires_at", "run_id"),
        Index("ix_clock_case", "case_id"),
        Index(
            "ix_clock_open",
            "due_at",
            "run_id",
            "number",
            sqlite_where=OPEN_CLOCK,
            postgresql_where=OPEN_CLOCK,
        ),
    )

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    unit_code: Mapped[str] = mapped_column(String(64))
    """Whose rule book and calendar count."""
    element: Mapped[str] = mapped_column(String(120))
    watches: Mapped[str] = mapped_column(String(120))
    interrupting: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(60))
    base: Mapped[str] = mapped_column(String(40))
    """ISO date or date-time."""
    status: Mapped[str] = mapped_column(String(14))
    """final | provisional | uncomputable | paused; closed: met | missed | cancelled"""
    is_open: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime]
    """FAR while uncomputable."""
    fires_at: Mapped[datetime]
    """When the worker shall wake the run: `due_at`, FAR while paused or closed, later after a
    wake that failed."""
    warn_at: Mapped[Any] = mapped_column(Json)
    """ISO instants at which it turns “soon”, ascending."""
    rolled: Mapped[int] = mapped_column(Integer)
    steps: Mapped[Any] = mapped_column(Json)
    """Why this date: [[code, params], …]."""
    rule_version: Mapped[str] = mapped_column(String(40))
    calendar_version: Mapped[str] = mapped_column(String(80))
    excluded: Mapped[Any] = mapped_column(Json)
    """[[first day, last day or null while paused, reason], …], ISO dates, both included."""
    extended_days: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CallRow(Base):
    """A remote operation the diagram asked for; it stays open until it is answered."""

    __tablename__ = "call"

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    element: Mapped[str] = mapped_column(String(120))
    operation: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[Ciphertext] = mapped_column(SealedBytes)
    state: Mapped[str] = mapped_column(String(10))
    """open | answered | failed | gone"""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class InboundMessage(Base):
    """A message from an outside sender. The id makes it arrive once."""

    __tablename__ = "inbound_message"
    __table_args__ = (Index("ix_inbound_message_run", "run_id", "state"),)

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120))
    payload: Mapped[Ciphertext] = mapped_column(SealedBytes)
    body_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    """delivered | waiting | dead"""
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]


class TimelineEntry(OfCase, Base):
    """One line of the 办理记录; never changed, never removed. See `timeline.py` for the chain."""

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_recorded", "recorded_at"),)

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    """task | clock | document | message | system | person"""
    body: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """{"actor", "sentence": [code, params], "subject", "detail"} under the case's key."""
    hash: Mapped[str] = mapped_column(String(64))


class TimelineAnchor(Base):
    """One day's digest over the heads of all cases that changed since the anchor before."""

    __tablename__ = "timeline_anchor"

    until: Mapped[datetime] = mapped_column(primary_key=True)
    """Entries recorded before this instant are covered."""
    cases: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))


class NumberSeries(Base):
    """The counter behind official numbers of one office, kind and year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(160), primary_key=True)
    """`<kind>/<unit code>/<year>`"""
    last: Mapped[int] = mapped_column(Integer)


class IssuedNumber(Base):
    """One official number, issued once, kept when voided."""

    __tablename__ = "issued_number"
    __table_args__ = (Index("ix_issued_number_case", "case_id"),)

    series: Mapped[str] = mapped_column(String(160), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    written: Mapped[str] = mapped_column(String(120))
    case_id: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(300))


class IdempotencyRow(Base):
    """The first answer to a request that came with a key."""

    __tablename__ = "idempotency"

    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime]


class Document(OfCase, Base):
    """One legal document: its facts are frozen when it is asked for, its bytes made later."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_case", "case_id", "id"),
        Index("ix_document_verify", "verify_code", unique=True),
        Index("ix_document_sha256", "sha256"),
        Index(
            "ix_document_pending",
            "available_at",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[Any] = mapped_column(Json)
    number: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12))
    """pending | ready | sealed | superseded | void"""
    facts: Mapped[Ciphertext] = mapped_column(SealedBytes, deferred=True)
    """What the text is filled from: JSON under the case's key."""
    verify_code: Mapped[str] = mapped_column(String(40))
    text_mark: Mapped[str | None] = mapped_column(String(12))
    """文本指纹: first digits of the SHA-256 of facts and template; None in rows older than it."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    pages: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    available_at: Mapped[datetime]
    """From when the worker may (try again to) make the bytes."""
    attempts: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(Text)


class StoredFile(OfCase, Base):
    """An uploaded file. Only its uploader may use it until a form binds it to a case."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    uploaded_by: Mapped[int] = mapped_column(BigInteger)
    uploaded_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    run_id: Mapped[int | None] = mapped_column(BigInteger)
    field: Mapped[str] = mapped_column(String(120))
    """Name of the form field that bound it, "" before."""

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.is_system:
            return None
        file = cls.__table__.c
        own = and_(file.case_id.is_(None), file.uploaded_by == actor.account_id)
        return or_(own, takes_part(actor, file.case_id))


class CaseSearch(Base):
    """What a case is found by: two-character words, see `search.py`.

    PostgreSQL keeps a tsvector under a GIN index; SQLite the plain text, mirrored into the FTS5
    table `case_search_fts` by triggers.
    """

    __tablename__ = "case_search"
    __table_args__ = (
        Index("ix_case_search_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


SEARCH_DDL = (
    "CREATE VIRTUAL TABLE case_search_fts USING fts5"
    "(words, content='case_search', content_rowid='case_id', tokenize='unicode61')",
    "CREATE TRIGGER case_search_added AFTER INSERT ON case_search BEGIN"
    " INSERT INTO case_search_fts(rowid, words) VALUES (new.case_id, new.words); END",
    "CREATE TRIGGER case_search_changed AFTER UPDATE ON case_search BEGIN"
    " INSERT INTO case_search_fts(case_search_fts, rowid, words)"
    " VALUES ('delete', old.case_id, old.words);"
    " INSERT INTO case_search_fts(rowid, words) VALUES (new.case_id, new.words); END",
    "CREATE TRIGGER case_search_removed AFTER DELETE ON case_search BEGIN"
    " INSERT INTO case_search_fts(case_search_fts, rowid, words)"
    " VALUES ('delete', old.case_id, old.words); END",
)
"""SQLite only: the full-text table and what keeps it equal to `case_search` (FTS5 documentation,
“External Content Tables”). The first migration runs the same statements."""


def _on_sqlite(moment: str, statement: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(CaseSearch.__table__, moment, ddl.execute_if(dialect="sqlite"))


for _statement in SEARCH_DDL:
    _on_sqlite("after_create", _statement)
_on_sqlite("before_drop", "DROP TABLE IF EXISTS case_search_fts")
