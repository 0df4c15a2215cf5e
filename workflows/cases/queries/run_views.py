"""One run as pages show it: where it stands, how it ended; for other units little more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select

from workflows.cases.item_rows import stage_of
from workflows.cases.queries.records import DocumentView, FileView, RunView, StageView
from workflows.cases.rows_json import rows_as_json
from workflows.cases.snapshot import CLOCK_COLUMNS, ITEM_COLUMNS, read_numbered
from workflows.cases.tables import Document, Run, StoredFile
from workflows.catalogue.package import Package
from workflows.catalogue.tables import PackageVersion
from workflows.organisation.tables import Unit
from workflows.storage.ids import encode_id

ITEM = {column.name: column for column in ITEM_COLUMNS}
CLOCK = {column.name: column for column in CLOCK_COLUMNS}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with what hangs on it: open work items and all its clocks, as dicts."""

    run: Run
    version: int
    unit_name: str
    items: tuple[Mapping[str, Any], ...]
    clocks: tuple[Mapping[str, Any], ...]


def select_runs() -> Select[Any]:
    """Runs the reader may know of, with items and clocks; read with `read_run`."""
    items = rows_as_json(ITEM_COLUMNS, and_(ITEM["run_id"] == Run.id, ITEM["state"] == "open"))
    clocks = rows_as_json(CLOCK_COLUMNS, CLOCK["run_id"] == Run.id)
    return (
        select(
            Run,
            PackageVersion.number.label("version"),
            Unit.short_name.label("unit_name"),
            items.label("items"),
            clocks.label("clocks"),
        )
        .join(PackageVersion, PackageVersion.id == Run.version_id)
        .join(Unit, Unit.code == Run.unit_code)
        .order_by(Run.id)
    )


def read_run(row: Any) -> RunRow:
    """A row of `select_runs`."""
    return RunRow(
        run=row.Run,
        version=row.version,
        unit_name=row.unit_name,
        items=read_numbered(ITEM_COLUMNS, row.items),
        clocks=read_numbered(CLOCK_COLUMNS, row.clocks),
    )


def run_view(row: RunRow, package: Package, *, full: bool) -> RunView:
    """The run; `full` False leaves out stages and position."""
    run = row.run
    return RunView(
        id=encode_id(run.id),
        process=run.process,
        title=package.manifest.title,
        version=row.version,
        number=run.number,
        unit=run.unit_code,
        unit_name=row.unit_name,
        status=run.status,
        end_state=run.end_state,
        end_title=end_title(run, package),
        stages=stage_views(run, package) if full else (),
        active=_position(run, package) if full else (),
        full=full,
        opened_at=run.opened_at,
        has_volume=full and package.manifest.volume is not None,
    )


def _position(run: Run, package: Package) -> tuple[tuple[str, str], ...]:
    """Where the run stands: tasks and the call activities around them. A boundary event that
    merely waits is no place where anybody stands."""
    drawn = package.process.elements
    return tuple(
        (process, element)
        for process, element in run.active
        if element in drawn and drawn[element].attached_to is None
    )


def end_title(run: Run, package: Package) -> Mapping[str, str] | None:
    """How the run ended, in words; None while it is open."""
    if run.end_state == "withdrawn":
        return {"zh": "已撤回", "en": "Withdrawn"}
    if run.end_state == "voided":
        return {"zh": "已作废", "en": "Voided"}
    return package.outcome_title(run.end_state)


def stage_views(run: Run, package: Package) -> tuple[StageView, ...]:
    """The strip. A stage that was entered is past, the one it stands in current, others ahead."""
    current, _title = stage_of(package.manifest, run.stage)
    return tuple(
        StageView(
            key=stage.key,
            title=stage.title,
            state=_stage_state(stage.key, current, run),
            on=date.fromisoformat(run.stages[stage.key]) if stage.key in run.stages else None,
        )
        for stage in package.manifest.stages
    )


def _stage_state(key: str, current: str, run: Run) -> str:
    if key == current and run.status == "open":
        return "current"
    return "past" if key in run.stages else "ahead"


def document_view(row: Document) -> DocumentView:
    """A document as lists show it."""
    return DocumentView(
        id=encode_id(row.id),
        kind=row.kind,
        title=row.title,
        number=row.number,
        state=row.state,
        sha256=row.sha256,
        verify_code=row.verify_code,
        pages=row.pages,
        run=encode_id(row.run_id),
        created_at=row.created_at,
    )


def file_view(row: StoredFile, *, has_thumbnail: bool = False) -> FileView:
    """A bound file as lists show it."""
    return FileView(
        id=encode_id(row.id),
        name=row.name,
        media_type=row.media_type,
        size=row.size_bytes,
        field=row.field,
        created_at=row.uploaded_at,
        has_thumbnail=has_thumbnail,
    )
