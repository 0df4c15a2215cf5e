"""A case in the words of a system's columns: its facts loaded for many cases at once, then text.

Only declared plain facts, parties, numbers and clocks; what `sources.NEVER` names is not there.
Outside systems speak Chinese, so values are Chinese whatever the reader's language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.decision import today_of
from workflows.cases.item_rows import stage_of
from workflows.cases.platform import Platform
from workflows.cases.queries.party_views import mask
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import (
    NORMAL,
    CaseKeyRow,
    CaseRecord,
    ClockRow,
    ExternalRef,
    Party,
    Run,
)
from workflows.catalogue.package import Package
from workflows.formspec.fields import Field, Widget
from workflows.messages import Message, say
from workflows.organisation.tables import Unit
from workflows.outside.known import parts_of
from workflows.outside.sources import ACCUSATION, Source, may_leave
from workflows.outside.systems import Column, System
from workflows.storage import Session
from workflows.storage.ids import decode_id

PETITION = "petition"
"""Process whose sealed cases are accusations until somebody proves otherwise."""
MASKED = frozenset({"id_number"})
NO_TEXT = frozenset({Widget.FILE, Widget.SIGNATURE, Widget.PARTIES})


@dataclass(frozen=True, slots=True)
class Material:
    """One case the actor sees whole. `sealed`: party → its sealed fields; `references`:
    (system, number), the oldest first."""

    case: CaseRecord
    unit: Unit
    sealed: Mapping[int, Mapping[str, Any]]
    references: Sequence[tuple[str, str]]
    clocks: Sequence[ClockRow]
    runs: Sequence[Run]
    package: Package | None
    is_accusation: bool

    @property
    def is_restricted(self) -> bool:
        """Whether only those who take part in person see it."""
        return self.case.access_class != NORMAL

    def parties(self, side: str) -> list[Mapping[str, Any]]:
        """The parties of a side (or all) that still are parties, in order, all fields."""
        return [
            {**self.sealed.get(decode_id(str(party["id"])), {}), **party}
            for party in self.case.parties
            if not party.get("ended") and side in ("", party.get("side"))
        ]


def load_materials(
    session: Session, platform: Platform, ids: Collection[int]
) -> dict[int, Material]:
    """Those of the cases the actor sees whole: seven statements for any number. An erased case is
    left out."""
    parts = parts_of(session, ids)
    whole = [one for one in ids if level_of(session.actor, parts.get(one, ())) is Level.FULL]
    parties = _grouped(session, Party, whole)
    clocks = _grouped(session, ClockRow, whole)
    runs = _grouped(session, Run, whole)
    references = _grouped(session, ExternalRef, whole)
    found = {}
    for case, wrapped, unit in session.execute(
        select(CaseRecord, CaseKeyRow.wrapped, Unit)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == CaseRecord.unit_code)
        .where(CaseRecord.id.in_(whole), CaseKeyRow.wrapped.is_not(None))
    ):
        key = platform.vault.open_key(wrapped)
        own_runs = sorted(runs.get(case.id, ()), key=lambda run: run.id)
        refs = sorted(references.get(case.id, ()), key=lambda ref: (ref.added_at, ref.number))
        package = platform.catalogue.load(session, own_runs[0].version_id) if own_runs else None
        found[case.id] = Material(
            case=case,
            unit=unit,
            sealed={p.id: open_party(key, p.id, p.sealed) for p in parties.get(case.id, ())},
            references=[(ref.system, ref.number) for ref in refs],
            clocks=[clock for clock in clocks.get(case.id, ()) if clock.is_open],
            runs=own_runs,
            package=package,
            is_accusation=_is_accusation(case, open_sealed(case, key)),
        )
    return found


def _is_accusation(case: CaseRecord, sealed: Mapping[str, Any]) -> bool:
    """检举控告: by what it holds, or because it is a petition that was sealed."""
    holds = any(sealed.get(name) for name in ACCUSATION)
    return holds or (case.process == PETITION and case.access_class == "sealed")


def _grouped(session: Session, table: Any, ids: Collection[int]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in session.scalars(select(table).where(table.case_id.in_(ids))):
        grouped.setdefault(row.case_id, []).append(row)
    return grouped


def row_values(
    system: System, material: Material, today: date, *, whole_numbers: Collection[int] = ()
) -> tuple[str, ...]:
    """The case's value of every column in order, "" for none. `whole_numbers`: cases whose ID
    numbers are written out; others' are masked."""
    whole = material.case.id in whole_numbers
    return tuple(_cell(system, column, material, today, whole) for column in system.columns)


def hides(column: Column) -> bool:
    """Whether a column's value is masked for most readers."""
    return column.source is not None and column.source.name in MASKED


def _cell(system: System, column: Column, material: Material, today: date, whole: bool) -> str:
    if column.feel is not None:
        return _plain(system, column.feel(_context(system, material, today)))
    if column.source is None:
        return ""
    return _SOURCES[column.source.kind](system, column, material, whole)


def _context(system: System, material: Material, today: date) -> dict[str, Any]:
    """What an expression sees: as conditions in diagrams do, without what never leaves."""
    case, unit = material.case, material.unit
    return {
        "case": may_leave(case.facts),
        "parties": [dict(party) for party in case.parties],
        "unit": {"code": unit.code, "name": unit.name, "kind": unit.kind},
        "today": today,
        "number": case.number,
        "reference": _reference(system.names, material),
        "status": case.status,
        "clocks": {one.rule: _due(system, one) for one in material.clocks},
    }


def _word(system: System, column: Column, material: Material, _whole: bool) -> str:
    assert column.source is not None
    value = _words(system, material)[column.source.name]
    return column.words.get(value, value)


def _words(system: System, material: Material) -> dict[str, str]:
    case, runs = material.case, material.runs
    numbers = [run.number for run in runs if run.number]
    return {
        "number": case.number,
        "title": case.title,
        "kind": str(case.kind_title.get("zh", case.kind)),
        "status": case.status,
        "stage": _stage(material),
        "unit": material.unit.name,
        "unit_code": case.unit_code,
        "process": case.process,
        "opened_on": _day(system, case.opened_at),
        "occurred_on": _day(system, case.occurred_at),
        "closed_on": "" if case.closed_at is None else _day(system, case.closed_at),
        "opened_by": case.opened_by_name,
        "run_number": numbers[0] if numbers else "",
        "reference": _reference(system.names, material),
        "outcome": _outcome(material),
        "days": _days(case),
    }


def _outcome(material: Material) -> str:
    """How the first procedure ended, "" while it is open."""
    if material.package is None:
        return ""
    title = material.package.outcome_title(material.runs[0].end_state)
    return "" if title is None else str(title["zh"])


def _days(case: CaseRecord) -> str:
    if case.closed_at is None:
        return ""
    return str((today_of(case.closed_at) - today_of(case.opened_at)).days)


def _stage(material: Material) -> str:
    if material.package is None or material.runs[0].status != "open":
        return ""
    return str(stage_of(material.package.manifest, material.runs[0].stage)[1]["zh"])


def _fact(system: System, column: Column, material: Material, _whole: bool) -> str:
    assert column.source is not None
    name = column.source.name
    value = material.case.facts.get(name)
    field = _field(material.package, name)
    if value in (None, "", []) or field is None or field.repeats or field.widget in NO_TEXT:
        return "" if field is not None else _plain(system, value)
    if field.choices:
        picked = value if isinstance(value, list) else [value]
        return "、".join(column.words.get(str(one)) or _title(field, one) for one in picked)
    if field.widget is Widget.DATE:
        return _plain(system, date.fromisoformat(str(value)))
    return _plain(system, value)


def _field(package: Package | None, name: str) -> Field | None:
    for form in package.forms.values() if package else ():
        field = form.find(name)
        if field is not None and field.store == "case":
            return field
    return None


def _title(field: Field, value: Any) -> str:
    return next((one.title["zh"] for one in field.choices if one.value == value), str(value))


def _party(system: System, column: Column, material: Material, whole: bool) -> str:
    assert column.source is not None
    source = column.source
    values = [party.get(source.name) for party in material.parties(source.side)]
    texts = [_plain(system, value) for value in values if value not in (None, "")]
    if source.name in MASKED and not whole:
        texts = [mask(one) or "" for one in texts]
    return "、".join(column.words.get(one, one) for one in texts)


def _other(_system: System, column: Column, material: Material, _whole: bool) -> str:
    assert column.source is not None
    return _reference((column.source.name,), material)


def _clock(system: System, column: Column, material: Material, _whole: bool) -> str:
    assert column.source is not None
    source: Source = column.source
    clock = next((one for one in material.clocks if one.rule == source.name), None)
    if clock is None:
        return ""
    if source.part == "status":
        return clock.status
    due = _due(system, clock)
    return "" if due is None else _plain(system, due)


def _due(system: System, clock: ClockRow) -> date | str | None:
    """When it ends: a date only where that is final. A date of a year without a calendar is
    nowhere given as if it were sure; None where there is none."""
    if clock.status == "paused":
        return say(Message("outside.clock_paused"))
    if clock.due_on is None or clock.status == "final":
        return clock.due_on
    return say(Message("outside.not_final", {"day": system.dates.format(clock.due_on)}))


_SOURCES = {"word": _word, "fact": _fact, "party": _party, "reference": _other, "clock": _clock}


def _reference(names: Sequence[str], material: Material) -> str:
    return next((number for system, number in material.references if system in names), "")


def _day(system: System, at: datetime) -> str:
    return system.dates.format(today_of(at))


def _plain(system: System, value: Any) -> str:
    """A FEEL or JSON value as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return _day(system, value)
    if isinstance(value, date):
        return system.dates.format(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return "、".join(_plain(system, one) for one in value)
    return "" if isinstance(value, Mapping) else str(value)
