"""What the API answers, as types. The published description is made from them.

Every key is always there; None means “not known” or “not for this reader”. Instants are RFC 3339
with offset, days `YYYY-MM-DD`, ids opaque text. Titles are in the caller's language.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from typing_extensions import TypedDict

ItemState = Literal["open", "done", "gone"]
CaseStatus = Literal["open", "closed", "voided", "merged"]

Post = TypedDict("Post", {"role": str, "unit": str, "from": date, "to": date | None})
Excluded = TypedDict("Excluded", {"from": date, "to": date, "why": str})


class User(TypedDict):
    username: str
    name: str


class Me(TypedDict):
    user: User
    posts: list[Post]
    language: str
    now: datetime


class StartForm(TypedDict):
    name: str
    title: str


class Process(TypedDict):
    key: str
    title: str
    version: int
    unit: str
    start_forms: list[StartForm]


class ProcessList(TypedDict):
    items: list[Process]
    next: str | None


class CaseRef(TypedDict):
    id: str
    number: str
    title: str


class Instance(TypedDict):
    key: str
    label: str | None


class WorkItem(TypedDict):
    id: str
    revision: int
    name: str
    title: str
    case: CaseRef
    run: str
    process: str
    instance: Instance | None
    role: str
    unit: str
    assignee: str | None
    due_on: date | None
    due_at: datetime | None
    clock_status: str | None
    priority: int
    state: ItemState
    may: list[str]


class TaskList(TypedDict):
    items: list[WorkItem]
    next: str | None


class Form(TypedDict):
    schema: dict[str, Any]
    ui: dict[str, Any]


class Task(WorkItem):
    instructions: str
    form: Form | None
    data: dict[str, Any]
    draft: dict[str, Any] | None
    draft_revision: int


class Opened(TypedDict):
    case: str
    number: str
    run: str
    tasks: list[WorkItem]


class Completed(TypedDict):
    case: str
    run: str
    tasks: list[WorkItem]
    pending_calls: int
    next_url: str


class Reason(TypedDict):
    code: str
    message: str


class BulkItem(TypedDict):
    id: str
    task: WorkItem | None
    error: Reason | None


class BulkAnswer(TypedDict):
    items: list[BulkItem]


class DraftSaved(TypedDict):
    draft_revision: int
    saved_at: datetime


class ExternalRef(TypedDict):
    system: str
    number: str


class Party(TypedDict):
    id: str
    name: str
    kind: str
    side: str
    id_number: str | None
    phone: str | None
    represents: str | None
    guardian_of: str | None
    ended: str | None


class Run(TypedDict):
    id: str
    process: str
    version: int
    number: str | None
    unit: str
    status: Literal["open", "completed", "cancelled", "voided"]
    end_state: str | None


class RunPage(Run):
    case: CaseRef
    tasks: list[WorkItem]
    pending_calls: int


class Clock(TypedDict):
    id: str
    rule: str
    title: str
    article: str
    base: str
    due_on: date | None
    due_at: datetime | None
    status: Literal["final", "provisional", "uncomputable", "paused", "met", "missed"]
    excluded: list[Excluded]
    rolled: bool
    rule_version: str
    calendar_version: str
    run: str
    may: list[str]


class Document(TypedDict):
    id: str
    kind: str
    title: str
    number: str | None
    state: Literal["pending", "ready", "sealed", "superseded", "void"]
    sha256: str | None
    verify_code: str
    run: str
    created_at: datetime


class DocumentList(TypedDict):
    items: list[Document]
    next: str | None


class CaseRow(TypedDict):
    id: str
    number: str
    kind: str
    title: str
    status: CaseStatus
    unit: str
    parties: list[str]
    opened_at: datetime
    closed_at: datetime | None


class CaseList(TypedDict):
    items: list[CaseRow]
    next: str | None


class Case(TypedDict):
    id: str
    number: str
    kind: str
    title: str
    status: CaseStatus
    unit: str
    opened_at: datetime
    merged_into: str | None
    external_refs: list[ExternalRef]
    parties: list[Party]
    runs: list[Run]
    tasks: list[WorkItem]
    clocks: list[Clock]
    documents: list[Document]
    may: list[str]


class CaseChanged(TypedDict):
    case: str
    status: CaseStatus


class TimelineEntry(TypedDict):
    at: datetime
    recorded_at: datetime
    actor: str
    action: str
    sentence: str
    subject: str | None
    detail: str | None
    run: str | None
    hash: str


class Timeline(TypedDict):
    items: list[TimelineEntry]
    next: str | None


class Notice(TypedDict):
    id: str
    kind: Literal["assigned", "taken", "soon", "over", "approval", "approved"]
    number: str
    title: str | None
    case: str | None
    task: str | None
    package: str | None
    version: int | None
    at: datetime
    is_unread: bool


class NoticeList(TypedDict):
    items: list[Notice]
    next: str | None
    unread: int


class NoticesRead(TypedDict):
    unread: int


class Received(TypedDict):
    outcome: Literal["delivered", "waiting", "dead"]


class StoredFile(TypedDict):
    id: str
    sha256: str
    size: int
    media_type: str


class Version(TypedDict):
    version: int
    state: Literal["draft", "published", "retired"]
    author: str
    approver: str | None
    notes: str
    digest: str
    created_at: datetime
    published_at: datetime | None


class VersionList(TypedDict):
    items: list[Version]
    next: str | None


class Finding(TypedDict):
    severity: Literal["error", "warning"]
    file: str | None
    element: str | None
    line: int | None
    code: str
    message: str


class Drafted(TypedDict):
    version: int
    findings: list[Finding]


class Now(TypedDict):
    now: datetime


class WrongField(TypedDict):
    path: str
    code: str
    message: str


class Problem(TypedDict):
    """RFC 9457. Only refusals with status 422 have `errors`; other members depend on the code."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    reference: str
