"""What a case is linked to: its letters, and of the procedure at the other end where it stands.

The other side's run is read past the reader's scope, because that much of it is for both sides:
the title of the procedure, its state, how it ended, and its open clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from workflows.cases.platform import Platform
from workflows.cases.queries.records import ClockView, Titles
from workflows.cases.queries.run_views import end_title
from workflows.cases.queries.views import Reading, clock_view
from workflows.cases.rows_json import rows_as_json
from workflows.cases.snapshot import CLOCK_COLUMNS, read_numbered
from workflows.cases.tables import Run
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_id, encode_id

CLOCK = {column.name: column for column in CLOCK_COLUMNS}


@dataclass(frozen=True, slots=True)
class LinkedView:
    """One letter of a case. `direction`: out where this case sent it. `run_title`, `run_status`,
    `run_end`, `clock`: of the procedure at the other end, None before it began or where there is
    none here; `clock` is the open one that is due first."""

    id: str
    direction: str
    kind_title: Titles
    state: str
    outcome: str | None
    other: str
    other_number: str | None
    sent_at: datetime
    run_title: Titles | None
    run_status: str | None
    run_end: Titles | None
    clock: ClockView | None


def list_linked(platform: Platform, actor: Actor, case: str) -> tuple[LinkedView, ...]:
    """Letters of a case the actor may know of, oldest first; one statement, and one more where
    there are any. Whether they may see the case itself is for the caller to ask."""
    case_id = decode_id(case)
    with platform.database.reading(actor) as session:
        rows = session.scalars(
            select(Handoff)
            .where(or_(Handoff.from_case == case_id, Handoff.to_case == case_id))
            .order_by(Handoff.id)
        ).all()
    if not rows:
        return ()
    others = [row.to_run if row.from_case == case_id else row.from_run for row in rows]
    with platform.database.reading(SYSTEM) as session:
        runs = _runs(session, [one for one in others if one is not None])
        reading = Reading(actor, platform.clock.now(), platform.rules(session))
        return tuple(
            _view(session, platform, reading, row, case_id, runs.get(other or 0))
            for row, other in zip(rows, others, strict=True)
        )


def _runs(session: Session, wanted: Sequence[int]) -> Mapping[int, tuple[Run, Any]]:
    if not wanted:
        return {}
    clocks = rows_as_json(CLOCK_COLUMNS, and_(CLOCK["run_id"] == Run.id, CLOCK["is_open"] == 1))
    rows = session.execute(select(Run, clocks.label("clocks")).where(Run.id.in_(wanted)))
    return {row.Run.id: (row.Run, row.clocks) for row in rows}


def _view(
    session: Session,
    platform: Platform,
    reading: Reading,
    row: Handoff,
    case_id: int,
    other: tuple[Run, Any] | None,
) -> LinkedView:
    out = row.from_case == case_id
    package = None
    if other is not None:
        package = platform.catalogue.load(session, other[0].version_id)
    return LinkedView(
        id=encode_id(row.id),
        direction="out" if out else "in",
        kind_title=row.title,
        state=str(State(row.state)),
        outcome=row.outcome,
        other=row.to_name if out else row.from_name,
        other_number=(row.to_number if out else row.from_number) or None,
        sent_at=row.sent_at,
        run_title=package.manifest.title if package else None,
        run_status=other[0].status if other else None,
        run_end=end_title(other[0], package) if other and package else None,
        clock=_first_clock(other[1], reading) if other else None,
    )


def _first_clock(raw: Any, reading: Reading) -> ClockView | None:
    clocks = read_numbered(CLOCK_COLUMNS, raw)
    if not clocks:
        return None
    return clock_view(min(clocks, key=lambda clock: clock["due_at"]), reading)
