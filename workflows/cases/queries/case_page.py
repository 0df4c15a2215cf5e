"""The case page: everything of one matter one reader may see, in eight statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.access import (
    CASE_ACTIONS,
    CaseSubject,
    Level,
    Part,
    allowed,
    level_of,
)
from workflows.cases.picture_tables import StoredPicture
from workflows.cases.platform import Platform
from workflows.cases.queries.party_views import party_views
from workflows.cases.queries.records import CasePage, ClockView, InboxRow, PartyView, RunView
from workflows.cases.queries.run_views import (
    RunRow,
    document_view,
    file_view,
    read_run,
    run_view,
    select_runs,
)
from workflows.cases.queries.timeline import TimelineQuery, line_views, select_lines
from workflows.cases.queries.views import Reading, clock_view, item_view
from workflows.cases.reading_log import record_reading
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import (
    NORMAL,
    CaseKeyRow,
    CaseRecord,
    Document,
    ExternalRef,
    Party,
    Run,
    StoredFile,
)
from workflows.errors import NotVisibleError
from workflows.organisation.tables import Unit
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey

NEWEST_LINES = 30


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case as far as its reader sees it."""

    case: CaseRecord
    key: CaseKey
    unit_name: str
    parts: Sequence[Part]
    runs: Sequence[RunRow]
    level: Level
    reading: Reading

    def level_in(self, run: Run) -> Level:
        return level_of(self.reading.actor, self.parts, run.id)

    def subject(self, run: Run | None = None) -> CaseSubject:
        return CaseSubject(
            unit_path=run.unit_path if run else self.case.unit_path,
            unit_name=self.unit_name,
            status=self.case.status,
            access_class=self.case.access_class,
            level=self.level_in(run) if run else self.level,
        )

    @property
    def granted(self) -> bool:
        """Whether the reader takes part in person."""
        return any(part.account_id == self.reading.actor.account_id for part in self.parts)


def load_case_page(platform: Platform, actor: Actor, case: str) -> CasePage:
    """One case for one reader. Reading a case that needs a grant is recorded.

    Raises InvalidInputError (malformed id), NotVisibleError, KeyDestroyedError (erased).
    """
    case_id, now = decode_id(case), platform.clock.now()
    with platform.database.reading(actor) as session:
        seen = _look(session, platform, actor, case_id, now)
        page = _page(session, platform, seen)
    if seen.case.access_class != NORMAL and not actor.is_system:
        record_reading(platform, actor, case_id)
    return page


def _look(session: Session, platform: Platform, actor: Actor, case_id: int, now: datetime) -> _Seen:
    found = session.execute(
        select(CaseRecord, CaseKeyRow.wrapped, Unit.short_name)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == CaseRecord.unit_code)
        .where(CaseRecord.id == case_id)
    ).one_or_none()
    parts = () if found is None else load_parts(session, case_id)
    level = level_of(actor, parts)
    if found is None or level is Level.NONE:
        raise NotVisibleError("cases.unknown_case")
    runs = [read_run(row) for row in session.execute(select_runs().where(Run.case_id == case_id))]
    return _Seen(
        case=found.CaseRecord,
        key=platform.vault.open_key(found.wrapped),
        unit_name=found.short_name,
        parts=parts,
        runs=runs,
        level=level,
        reading=Reading(actor, now, platform.rules(session)),
    )


def _page(session: Session, platform: Platform, seen: _Seen) -> CasePage:
    case, whole = seen.case, seen.level is Level.FULL
    lines = select_lines(session, case.id, TimelineQuery("", limit=NEWEST_LINES))
    refs = session.execute(
        select(ExternalRef.system, ExternalRef.number)
        .where(ExternalRef.case_id == case.id)
        .order_by(ExternalRef.added_at, ExternalRef.number)
    )
    return CasePage(
        id=encode_id(case.id),
        number=case.number,
        kind=case.kind,
        kind_title=case.kind_title,
        title=case.title,
        status=case.status,
        unit=case.unit_code,
        unit_name=seen.unit_name,
        opened_at=case.opened_at,
        opened_by=case.opened_by_name,
        access_class=case.access_class,
        summary=_fact(case, "summary") if whole else None,
        amount=_fact(case, "amount") if whole else None,
        external_refs=tuple((system, number) for system, number in refs) if whole else (),
        parties=_parties(session, seen) if whole else (),
        runs=_runs(session, platform, seen),
        tasks=_tasks(seen),
        clocks=_clocks(seen),
        **_papers(session, seen),
        timeline=line_views(lines[:NEWEST_LINES], seen.key, seen.reading.actor, seen.parts),
        timeline_more=len(lines) > NEWEST_LINES,
        may=allowed(seen.reading.actor, seen.subject(), CASE_ACTIONS),
        now=seen.reading.now,
        level=seen.level.name.lower(),
        merged_into=None if case.merged_into is None else encode_id(case.merged_into),
    )


def _fact(case: CaseRecord, name: str) -> str | None:
    value = case.facts.get(name)
    return None if value in (None, "") else str(value)


def _parties(session: Session, seen: _Seen) -> tuple[PartyView, ...]:
    rows = session.scalars(select(Party).where(Party.case_id == seen.case.id)).all()
    return party_views(seen.case.parties, rows, seen.key, seen.reading.actor.language)


def _runs(session: Session, platform: Platform, seen: _Seen) -> tuple[RunView, ...]:
    return tuple(
        run_view(
            row,
            platform.catalogue.load(session, row.run.version_id),
            full=seen.level_in(row.run) >= Level.PROCESS,
        )
        for row in seen.runs
    )


def _tasks(seen: _Seen) -> tuple[InboxRow, ...]:
    """Open work items of runs the reader may follow, and what they may do themselves everywhere."""
    shown = []
    for row in seen.runs:
        clocks = {clock["number"]: clock for clock in row.clocks}
        follows = seen.level_in(row.run) >= Level.PROCESS
        for item in row.items:
            clock = clocks.get(item["clock_number"])
            view = item_view(item, clock, seen.reading, granted=seen.granted)
            if follows or view.may:
                shown.append(view)
    return tuple(sorted(shown, key=lambda item: (item.due_at is None, item.due_at, item.id)))


def _clocks(seen: _Seen) -> tuple[ClockView, ...]:
    """Open clocks first, the soonest due on top; then closed ones, the latest first."""
    pairs = [(row.run, clock) for row in seen.runs for clock in row.clocks]
    open_ones = sorted(
        (pair for pair in pairs if pair[1]["is_open"]), key=lambda pair: pair[1]["due_at"]
    )
    closed = sorted(
        (pair for pair in pairs if not pair[1]["is_open"]),
        key=lambda pair: pair[1]["closed_at"],
        reverse=True,
    )
    return tuple(
        clock_view(clock, seen.reading, seen.subject(run)) for run, clock in [*open_ones, *closed]
    )


def _papers(session: Session, seen: _Seen) -> Mapping[str, Any]:
    """Documents of runs the reader may follow; files for who sees everything."""
    follows = {row.run.id for row in seen.runs if seen.level_in(row.run) >= Level.PROCESS}
    documents = session.scalars(
        select(Document).where(Document.case_id == seen.case.id).order_by(Document.id.desc())
    )
    small = select(StoredPicture.sha256).where(StoredPicture.sha256 == StoredFile.sha256).exists()
    files = session.execute(
        select(StoredFile, small.label("small"))
        .where(StoredFile.case_id == seen.case.id)
        .order_by(StoredFile.id)
    )
    whole = seen.level is Level.FULL
    return {
        "documents": tuple(document_view(row) for row in documents if row.run_id in follows),
        "files": tuple(file_view(f, has_thumbnail=small) for f, small in files) if whole else (),
    }
