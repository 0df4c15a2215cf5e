"""Loading a case and its runs for a writing use case: one SELECT, the case's row locked.

The lock on `case_record` orders everything that happens to a case: two people on one item, the
worker beside them, a correction. On PostgreSQL a SELECT that had to wait for the lock sees the
locked row fresh but all other rows as they were before it waited; `seen_head` tells, and the
SELECT is run again with the lock already held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, String, and_, bindparam, select
from sqlalchemy.orm import aliased

from workflows.cases.access import CaseSubject, Level, Part, level_of
from workflows.cases.decision import Facts, OpenClock, Snapshot
from workflows.cases.platform import Platform
from workflows.cases.rows_json import hex_of, read_rows, rows_as_json
from workflows.cases.tables import (
    FAR,
    CaseKeyRow,
    CaseRecord,
    ClockRow,
    Document,
    IdempotencyRow,
    Participation,
    Party,
    Run,
    WorkItem,
)
from workflows.catalogue.package import Package
from workflows.errors import NotVisibleError
from workflows.organisation.tables import Unit
from workflows.storage import Actor, Session
from workflows.storage.vault import CaseKey

ITEM_COLUMNS = tuple(column for column in WorkItem.__table__.c if column.name != "draft")
CLOCK_COLUMNS = tuple(ClockRow.__table__.c)
RUN_COLUMNS = tuple(
    Run.__table__.c[name] for name in ("id", "case_id", "version_id", "process", "status", "stage")
)
"""What a list of cases says of their runs."""
PART_COLUMNS = tuple(
    Participation.__table__.c[name]
    for name in ("run_id", "unit_code", "unit_path", "account_id", "level", "access_class")
)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The unit a run belongs to."""

    code: str
    name: str
    short_name: str
    kind: str
    path: str
    county: str

    def as_facts(self) -> Mapping[str, str]:
        """What expressions see as `unit`."""
        return {"code": self.code, "name": self.name, "kind": self.kind, "county": self.county}


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case for writing, and the unit it belongs to. `parts`: participations in force."""

    case: CaseRecord
    key: CaseKey
    unit: UnitFacts
    parts: tuple[Part, ...]

    def facts(self) -> Facts:
        """What expressions see of the matter."""
        case = self.case
        return Facts(case.facts, tuple(case.parties), self.unit.as_facts(), case.facts_revision)

    def subject(self, actor: Actor, run: Run | None = None) -> CaseSubject:
        """What the access rules look at."""
        return CaseSubject(
            unit_path=self.unit.path,
            unit_name=self.unit.short_name,
            status=self.case.status,
            access_class=self.case.access_class,
            level=level_of(actor, self.parts, run.id if run else None),
        )


@dataclass(frozen=True, slots=True)
class LoadedRun(LoadedCase):
    """One run with its open work items and clocks, as dicts by column name, in order of number.

    `answered`: (body hash, answer) under the caller's idempotency key, None if it is new.
    `sealed_parties`: row id of a party of the case → its sealed fields. `replaceable`: kinds of the
    run's documents that a newer one of the kind would replace.
    """

    run: Run
    items: tuple[Mapping[str, Any], ...]
    clocks: tuple[Mapping[str, Any], ...]
    answered: tuple[str, Any] | None
    sealed_parties: Mapping[int, bytes] = field(default_factory=dict)
    replaceable: frozenset[str] = frozenset()

    def snapshot(self, package: Package) -> Snapshot:
        """What the heart needs of this run."""
        state = self.key.open(self.run.state, state_place(self.run.id).encode())
        return Snapshot(
            version=package.process,
            revision=self.run.revision,
            state=state,
            facts=self.facts(),
            clocks=tuple(_open_clock(row) for row in self.clocks),
        )

    def find_item(self, number: int) -> Mapping[str, Any] | None:
        """The open work item of that number."""
        return next((row for row in self.items if row["number"] == number), None)


def state_place(run_id: int) -> str:
    """Where a run's state bytes belong (see `sealing`)."""
    return f"run/{run_id}/state"


def load_run(
    session: Session,
    platform: Platform,
    run_id: int,
    *,
    idempotency_key: str | None = None,
    unknown: str = "cases.unknown_run",
) -> LoadedRun:
    """One run, its case locked until the end of the transaction. Access is for the caller to
    check. Raises NotVisibleError if there is no such run, KeyDestroyedError for an erased case.

    `unknown`: code of that refusal: the caller's own one for what the actor may not see, or the
    two would tell whether there is something.
    """
    rows = _fetch(session, _run_by_id(), {"run": run_id, **_asker(session, idempotency_key)})
    if not rows:
        raise NotVisibleError(unknown)
    return _loaded(platform, rows[0])


def load_runs(
    session: Session, platform: Platform, run_ids: Sequence[int]
) -> tuple[LoadedRun, ...]:
    """Several runs whose cases this transaction has locked already, in the order asked for: one
    statement. Runs that are gone are left out. Raises like `load_run`."""
    rows = session.raw(_runs_by_id(), {"runs": list(run_ids), **_asker(session, None)}).all()
    found = {row.Run.id: row for row in rows}
    return tuple(_loaded(platform, found[run_id]) for run_id in run_ids if run_id in found)


def load_open_runs(
    session: Session, platform: Platform, case_id: int
) -> tuple[LoadedCase, tuple[LoadedRun, ...]]:
    """A case, locked, and its open runs, oldest first. Raises like `load_run`."""
    rows = _fetch(session, _case_by_id(), {"case": case_id})
    if not rows:
        raise NotVisibleError("cases.unknown_case")
    case = _loaded_case(platform, rows[0])
    if case.case.status != "open":
        return case, ()
    runs = session.raw(_open_runs(), {"case": case_id, **_asker(session, None)}).all()
    return case, tuple(_loaded(platform, row) for row in runs)


def _fetch(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> Any:
    rows = session.raw(statement, values).all()
    if any(row.CaseRecord.head_seq != row.seen_head for row in rows):
        rows = session.raw(statement, values).all()
    return rows


def _asker(session: Session, idempotency_key: str | None) -> Mapping[str, Any]:
    """By whom, and under which key: no key finds no answer."""
    return {"account": session.actor.account_id, "key": idempotency_key}


# The statements are made once: writing them anew takes longer than running them.


@cache
def _case_by_id() -> Select[Any]:
    """The case, its key, unit and participations."""
    return (
        select(*_case_columns())
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == CaseRecord.unit_code)
        .where(CaseRecord.id == bindparam("case"))
        .with_for_update(of=CaseRecord)
        .execution_options(populate_existing=True)
    )


@cache
def _run_by_id() -> Select[Any]:
    return (
        _select_runs().where(Run.id == bindparam("run")).execution_options(populate_existing=True)
    )


@cache
def _runs_by_id() -> Select[Any]:
    wanted = Run.id.in_(bindparam("runs", expanding=True))
    return _select_runs().where(wanted).execution_options(populate_existing=True)


@cache
def _open_runs() -> Select[Any]:
    condition = and_(Run.case_id == bindparam("case"), Run.status == "open")
    return _select_runs().where(condition).order_by(Run.id)


def _select_runs() -> Select[Any]:
    """Runs with their case; the unit is the run's."""
    item, clock = WorkItem.__table__.c, ClockRow.__table__.c
    items = rows_as_json(ITEM_COLUMNS, and_(item.run_id == Run.id, item.state == "open"))
    clocks = rows_as_json(CLOCK_COLUMNS, and_(clock.run_id == Run.id, clock.is_open == 1))
    return (
        select(
            *_case_columns(),
            Run,
            items.label("items"),
            clocks.label("clocks"),
            *_papers(),
            *_answered(),
        )
        .join(Run, Run.case_id == CaseRecord.id)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == Run.unit_code)
        .with_for_update(of=CaseRecord)
    )


def _case_columns() -> tuple[Any, ...]:
    """The case, its key, its participations, the unit's facts, and the head as the statement's
    own snapshot shows it."""
    seen = aliased(CaseRecord)
    part = Participation.__table__.c
    head = select(seen.head_seq).where(seen.id == CaseRecord.id).scalar_subquery()
    parts = rows_as_json(PART_COLUMNS, and_(part.case_id == CaseRecord.id, part.to_at == FAR))
    return (
        CaseRecord,
        CaseKeyRow.wrapped,
        head.label("seen_head"),
        parts.label("parts"),
        Unit.code.label("unit_code"),
        Unit.name.label("unit_name"),
        Unit.short_name.label("unit_short"),
        Unit.kind.label("unit_kind"),
        Unit.path.label("unit_path"),
        Unit.county_code.label("unit_county"),
    )


def _papers() -> tuple[Any, ...]:
    """What a new document needs: the sealed fields of the parties, and what it may replace."""
    party, paper = Party.__table__.c, Document.__table__.c
    sealed = rows_as_json((party.id, hex_of(party.sealed)), party.case_id == CaseRecord.id)
    unsealed = and_(
        paper.case_id == CaseRecord.id,
        paper.run_id == Run.id,
        paper.state.in_(("pending", "ready")),
    )
    replaceable = rows_as_json((paper.kind,), unsealed)
    return sealed.label("sealed_parties"), replaceable.label("replaceable")


def _answered() -> tuple[ColumnElement[Any], ...]:
    """Body hash and answer stored under the caller's idempotency key."""
    mine = and_(
        IdempotencyRow.account_id == bindparam("account"),
        IdempotencyRow.key == bindparam("key", type_=String()),
    )
    return (
        select(IdempotencyRow.body_hash).where(mine).scalar_subquery().label("body_hash"),
        select(IdempotencyRow.answer).where(mine).scalar_subquery().label("answer"),
    )


def _loaded_case(platform: Platform, row: Any) -> LoadedCase:
    return LoadedCase(
        case=row.CaseRecord,
        key=platform.vault.open_key(row.wrapped),
        unit=_unit(row),
        parts=read_parts(row.parts),
    )


def _loaded(platform: Platform, row: Any) -> LoadedRun:
    return LoadedRun(
        case=row.CaseRecord,
        key=platform.vault.open_key(row.wrapped),
        unit=_unit(row),
        parts=read_parts(row.parts),
        run=row.Run,
        items=read_numbered(ITEM_COLUMNS, row.items),
        clocks=read_numbered(CLOCK_COLUMNS, row.clocks),
        answered=None if row.body_hash is None else (row.body_hash, row.answer),
        sealed_parties={
            number: bytes.fromhex(sealed)
            for number, sealed in orjson.loads(row.sealed_parties or "[]")
        },
        replaceable=frozenset(kind for (kind,) in orjson.loads(row.replaceable or "[]")),
    )


def _unit(row: Any) -> UnitFacts:
    return UnitFacts(
        code=row.unit_code,
        name=row.unit_name,
        short_name=row.unit_short,
        kind=row.unit_kind,
        path=row.unit_path,
        county=row.unit_county,
    )


def read_parts(raw: str | None) -> tuple[Part, ...]:
    """Participations from `rows_as_json(PART_COLUMNS, …)`."""
    return tuple(Part(**row) for row in read_rows(PART_COLUMNS, raw))


def load_parts(session: Session, case_id: int) -> tuple[Part, ...]:
    """Participations of a case in force: one statement."""
    rows = session.execute(
        select(*PART_COLUMNS).where(Participation.case_id == case_id, Participation.to_at == FAR)
    )
    return tuple(Part(**row._mapping) for row in rows)


def read_numbered(columns: Any, raw: str | None) -> tuple[Mapping[str, Any], ...]:
    """Work items or clocks from `rows_as_json`, in order of their number."""
    return tuple(sorted(read_rows(columns, raw), key=lambda row: int(row["number"])))


def _open_clock(row: Mapping[str, Any]) -> OpenClock:
    due_at = None if row["due_at"] == FAR else row["due_at"]
    return OpenClock(
        number=row["number"],
        rule=row["rule"],
        base=row["base"],
        due_at=due_at,
        paused=row["status"] == "paused",
    )


def sees_nothing(actor: Actor, loaded: LoadedCase) -> bool:
    """Whether the case does not exist for the actor."""
    return level_of(actor, loaded.parts) is Level.NONE
