"""Cases go out as a list in a system's columns: page by page, each reading left in the records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.decision import today_of
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.tables import CaseKeyRow, CaseRecord
from workflows.cases.timeline import Line, append
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.messages import Message
from workflows.organisation.tables import Unit
from workflows.organisation.units import load_unit
from workflows.outside.store import check_may
from workflows.outside.systems import System
from workflows.outside.tables import ABILITY, OutsideExport
from workflows.outside.values import Material, load_materials, row_values
from workflows.outside.writers import Writer, open_writer
from workflows.storage import Actor
from workflows.storage.ids import decode_id

PAGE = 100
"""Cases in memory at a time, and records written to in one transaction."""
MOST_CASES = 20_000
SEE_WHOLE = "see_id_number"


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """What to take along. `cases`: as the list of cases is asked; `unit`: of the actor's post, None
    = the first; `restricted`: also restricted cases the actor takes part in; `whole_numbers`: ID
    numbers written out where the actor may see them. Either needs a `reason`."""

    cases: CasesQuery
    format: str = "csv"
    unit: str | None = None
    restricted: bool = False
    whole_numbers: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """`cases`: rows of the list; `left_out`: cases the actor sees that must not leave this way."""

    cases: int
    left_out: int


def export_cases(
    platform: Platform,
    actor: Actor,
    system: System,
    query: ExportQuery,
    target: BinaryIO,
    *,
    page: int = PAGE,
) -> Exported:
    """Writes the list to `target` and a line into the record of every case in it, `page` at a time.

    Cases the actor does not see whole and accusations are never in it. Raises ForbiddenError,
    RuleError (no reason), InvalidInputError (format, filters, too many cases).
    """
    unit = _check(platform, actor, query)
    with open_writer(query.format, target) as writer:
        writer.write([column.header for column in system.columns])
        asked = replace(query, cases=replace(query.cases, page_size=page, cursor=None))
        done = _write_pages(platform, actor, system, asked, writer)
    _note(platform, actor, system, query, unit, done)
    return done


def _check(platform: Platform, actor: Actor, query: ExportQuery) -> Unit:
    codes = [post.unit for post in actor.posts if ABILITY in post.abilities]
    if query.unit is None and not codes:
        raise ForbiddenError("outside.no_post")
    if query.restricted or query.whole_numbers:
        check_reason(query.reason)
    if query.whole_numbers and SEE_WHOLE not in actor.abilities:
        raise ForbiddenError("outside.may_not_see_whole")
    with platform.database.reading(actor) as session:
        unit = load_unit(session, query.unit or codes[0])
    check_may(actor, unit.path, unit.short_name)
    return unit


def _write_pages(
    platform: Platform, actor: Actor, system: System, query: ExportQuery, writer: Writer
) -> Exported:
    asked, count, left_out = query.cases, 0, 0
    today = today_of(platform.clock.now())
    while True:
        page = list_cases(platform, actor, asked)
        ids = [decode_id(row.id) for row in page.rows]
        with platform.database.reading(actor) as session:
            found = load_materials(session, platform, ids)
        chosen = [found[one] for one in ids if one in found and _may_go(found[one], query)]
        left_out += len(ids) - len(chosen)
        count += len(chosen)
        if count > MOST_CASES:
            raise InvalidInputError("outside.too_many_cases", most=MOST_CASES)
        whole = whole_cases(actor, chosen) if query.whole_numbers else set()
        _log(platform, actor, system, query, chosen)
        for material in chosen:
            writer.write(row_values(system, material, today, whole_numbers=whole))
        if page.next is None:
            return Exported(count, left_out)
        asked = replace(asked, cursor=page.next)


def _may_go(material: Material, query: ExportQuery) -> bool:
    if material.is_accusation:
        return False
    return query.restricted or not material.is_restricted


def whole_cases(actor: Actor, materials: Collection[Material]) -> set[int]:
    """Cases whose ID numbers the actor may see whole."""
    return {
        one.case.id
        for one in materials
        if actor.is_system or actor.may_in(SEE_WHOLE, one.case.unit_path)
    }


def _log(
    platform: Platform,
    actor: Actor,
    system: System,
    query: ExportQuery,
    materials: Sequence[Material],
) -> None:
    """A line in the record of each case, before anything of it leaves."""
    if not materials:
        return
    now = platform.clock.now()
    code = "outside.did_export_whole" if query.whole_numbers else "outside.did_export"
    sentence = Message(code, {"system": system.name})
    line = Line("export", sentence, now, "person", detail=query.reason.strip() or None)
    with writing(platform, actor) as session:
        rows = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id.in_([one.case.id for one in materials]))
            .order_by(CaseRecord.id)
            .with_for_update(of=CaseRecord)
            .execution_options(populate_existing=True)
        ).all()
        for case, wrapped in rows:
            key = platform.vault.open_key(wrapped)
            append(session, case, key, (line,), actor=actor, recorded_at=now)


def _note(
    platform: Platform,
    actor: Actor,
    system: System,
    query: ExportQuery,
    unit: Unit,
    done: Exported,
) -> None:
    asked = query.cases
    days = {"from": asked.opened_from, "to": asked.opened_to}
    filters = {name: day.isoformat() for name, day in days.items() if day is not None}
    plain = {"status": asked.status, "kind": asked.kind, "process": asked.process}
    filters |= {name: value for name, value in plain.items() if value}
    with writing(platform, actor) as session:
        session.add(
            OutsideExport(
                id=platform.ids.next(),
                system=system.key,
                unit_code=unit.code,
                unit_path=unit.path,
                format=query.format,
                filters=filters,
                cases=done.cases,
                whole_numbers=int(query.whole_numbers),
                reason=query.reason.strip()[:500],
                created_at=platform.clock.now(),
                created_by=actor.account_id,
                created_by_name=actor.name,
            )
        )
