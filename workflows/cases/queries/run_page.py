"""One run with its open work items, for the API and for pages that wait for a call's answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.queries.records import InboxRow, RunView
from workflows.cases.queries.run_views import read_run, run_view, select_runs
from workflows.cases.queries.views import Reading, item_view
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseRecord, Run
from workflows.errors import NotVisibleError
from workflows.storage import Actor
from workflows.storage.ids import decode_id, encode_id


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run, its case, its open work items, and whether remote calls are still open."""

    run: RunView
    case_id: str
    case_number: str
    case_title: str
    tasks: tuple[InboxRow, ...]
    pending_calls: int
    revision: int


def load_run_page(platform: Platform, actor: Actor, run: str) -> RunPage:
    """One run for one reader, three statements. Raises InvalidInputError, NotVisibleError."""
    run_id, now = decode_id(run), platform.clock.now()
    with platform.database.reading(actor) as session:
        found = session.execute(select_runs().where(Run.id == run_id)).one_or_none()
        if found is None:
            raise NotVisibleError("cases.unknown_run")
        row = read_run(found)
        parts = load_parts(session, row.run.case_id)
        if level_of(actor, parts) is Level.NONE:
            raise NotVisibleError("cases.unknown_run")
        case = session.execute(
            select(CaseRecord.id, CaseRecord.number, CaseRecord.title).where(
                CaseRecord.id == row.run.case_id
            )
        ).one()
        package = platform.catalogue.load(session, row.run.version_id)
        reading = Reading(actor, now, platform.rules(session))
    follows = level_of(actor, parts, run_id) >= Level.PROCESS
    granted = any(part.account_id == actor.account_id for part in parts)
    clocks = {clock["number"]: clock for clock in row.clocks}
    return RunPage(
        run=run_view(row, package, full=follows),
        case_id=encode_id(case.id),
        case_number=case.number,
        case_title=case.title,
        tasks=tuple(
            item_view(item, clocks.get(item["clock_number"]), reading, granted=granted)
            for item in row.items
            if follows or item["assignee"] == actor.username
        ),
        pending_calls=row.run.pending_calls if follows else 0,
        revision=row.run.revision,
    )
