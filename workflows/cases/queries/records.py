"""What the pages, the API and the mails show: frozen records, one per page.

A query function fills one of these; page, JSON, PDF are renderings of it. Dates are local
(`date`), instants aware UTC, ids opaque text (`workflows.storage.ids`). `None` means “not known”
or “not for this reader”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from workflows.messages import Message

Titles: TypeAlias = Mapping[str, str]
"""{"zh": …, "en": …}"""


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock. `state`: ok | soon | over | paused | met | reached (a wait is over) | missed |
    none (uncomputable) | closed.

    `left`: whole days (or working days, by `unit`: "d" | "wd" | "mo") to the due date, negative
    when overdue. `article`: "民诉法第205条 · 30日". `status`: final | provisional | uncomputable |
    paused | met | missed. `steps`: why this date, one sentence a step. `used_share` 0..1 for the
    bar, None if uncomputable.
    """

    id: str
    rule: str
    title: Titles
    article: Titles
    base: str
    due_on: date | None
    due_at: datetime | None
    state: str
    status: str
    left: int | None
    unit: str
    rolled: bool
    excluded: tuple[tuple[date, date, str], ...]
    used_share: float | None
    steps: tuple[Message, ...]
    rule_version: str
    calendar_version: str
    run: str
    may: tuple[str, ...] = ()
    """Of "pause", "resume", "extend"."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One work item in a list. `parties`: names in order. `group`: over | soon | later."""

    id: str
    revision: int
    name: str
    title: Titles
    case_id: str
    case_number: str
    case_title: str
    parties: tuple[str, ...]
    run: str
    process: str
    stage: Titles
    instance_label: str | None
    role: str
    unit: str
    unit_name: str
    assignee: str | None
    assignee_name: str | None
    due_on: date | None
    due_at: datetime | None
    clock: ClockView | None
    priority: int
    state: str
    group: str
    may: tuple[str, ...]
    """Of "open", "claim", "release", "assign", "return", "complete"."""
    instance_key: str | None = None
    """Of a multi-instance task: its key, those of nested instances divided by `/`."""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view: `address` are its query parameters."""

    id: str
    name: str
    address: Mapping[str, str]
    is_first: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox. Counts stop at 100 (“99+”). `next`: keyset cursor or None."""

    rows: tuple[InboxRow, ...]
    counts: Mapping[str, int]
    """mine, claimable, soon, over."""
    next: str | None
    now: datetime
    kinds: tuple[tuple[str, Titles], ...] = ()
    """Dispute kinds and stages present, for the filters."""
    stages: tuple[tuple[str, Titles], ...] = ()
    views: tuple[ViewRow, ...] = ()
    """The reader's own, oldest first."""


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party; `id_masked` like 6209 •••• 1513."""

    id: str
    name: str
    kind: str
    side: str
    id_masked: str | None
    phone_masked: str | None
    facts: tuple[tuple[str, str], ...]
    represents: str | None
    guardian_of: str | None
    ended: str | None
    """Why this party is no longer one (death, replaced), or None."""


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of the strip: past | current | ahead."""

    key: str
    title: Titles
    state: str
    on: date | None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One line of the 办理记录. `sentence` is spoken in the reader's language; `detail` is what
    somebody wrote; `kind` chooses the icon (task, clock, document, message, system, person)."""

    seq: int
    at: datetime
    recorded_at: datetime
    actor: str
    action: str
    sentence: Message
    subject: str | None
    detail: str | None
    kind: str
    run: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document of a case. `state`: pending | ready | sealed | superseded | void."""

    id: str
    kind: str
    title: Titles
    number: str | None
    state: str
    sha256: str | None
    verify_code: str
    pages: int | None
    run: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FileView:
    """One uploaded file bound to the case (scan, proof, photo)."""

    id: str
    name: str
    media_type: str
    size: int
    field: str
    created_at: datetime
    has_thumbnail: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """One run. Another unit's run shows title, state and clock only (`full` False)."""

    id: str
    process: str
    title: Titles
    version: int
    number: str | None
    unit: str
    unit_name: str
    status: str
    end_state: str | None
    end_title: Titles | None
    stages: tuple[StageView, ...]
    active: tuple[tuple[str, str], ...]
    """(process id, element id) of everything that waits now: the position on the diagrams."""
    full: bool
    opened_at: datetime
    has_volume: bool = False
    """Whether its package says what a 卷宗 of it holds."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the case page shows to one reader. `level`: index (title, state and clocks only),
    process or full."""

    id: str
    number: str
    kind: str
    kind_title: Titles
    title: str
    status: str
    unit: str
    unit_name: str
    opened_at: datetime
    opened_by: str
    access_class: str
    summary: str | None
    amount: str | None
    external_refs: tuple[tuple[str, str], ...]
    parties: tuple[PartyView, ...]
    runs: tuple[RunView, ...]
    tasks: tuple[InboxRow, ...]
    clocks: tuple[ClockView, ...]
    documents: tuple[DocumentView, ...]
    files: tuple[FileView, ...]
    timeline: tuple[TimelineView, ...]
    """Newest first, at most 30; older ones by `list_timeline`."""
    timeline_more: bool
    may: tuple[str, ...]
    """Of `access.CASE_ACTIONS`."""
    now: datetime
    level: str = "full"
    merged_into: str | None = None
    """The case that goes on instead, or None."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list of cases."""

    id: str
    number: str
    title: str
    kind: str
    kind_title: Titles
    status: str
    stage: Titles
    parties: tuple[str, ...]
    unit: str
    unit_name: str
    opened_at: datetime
    closed_at: datetime | None
    clock: ClockView | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One work item with its form, as the form page and the API show it.

    `data`: prefilled values by field name (case facts, earlier process data), `draft` the saved
    unvalidated values (they win), `draft_revision` 0 where there is none.
    """

    row: InboxRow
    case: CaseRow
    instructions: str
    form_name: str | None
    form: Any
    """`workflows.formspec.Form` or None for a task without a form."""
    data: Mapping[str, Any]
    draft: Mapping[str, Any] | None
    draft_revision: int
    draft_by: str | None
    draft_at: datetime | None
    documents: Mapping[str, Titles]
    """Documents that can be printed as 草稿 before completing: kind → title."""
    clocks: tuple[ClockView, ...] = ()
    parties: tuple[PartyView, ...] = ()
    others: tuple[str, ...] = field(default=())
    """Names of others who have this item open."""
    notice: str = ""
    """What must be known before anything is typed, such as why the work came back."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Plain facts of the case, for questions that depend on them."""
