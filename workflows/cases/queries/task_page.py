"""The page of one work item: its form, filled with what is known, and the draft if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from workflows.cases.access import Level, Part, level_of, may
from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.queries.party_views import party_views, whole_party
from workflows.cases.queries.records import CaseRow, InboxRow, TaskPage, Titles
from workflows.cases.queries.scans import scans_for, with_scans
from workflows.cases.queries.views import Reading, clock_view, item_subject, item_view
from workflows.cases.rows_json import rows_as_json
from workflows.cases.save_draft import open_draft
from workflows.cases.snapshot import (
    CLOCK_COLUMNS,
    ITEM_COLUMNS,
    UnitFacts,
    load_parts,
    read_numbered,
    state_place,
)
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import CaseKeyRow, CaseRecord, Party, Run, WorkItem
from workflows.catalogue.package import Package
from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.values import kept, plain
from workflows.errors import NotVisibleError
from workflows.formspec.fields import Form, Store
from workflows.organisation.tables import Unit
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_id, decode_item, encode_id
from workflows.storage.vault import CaseKey

PRESENT = timedelta(minutes=10)
"""Whoever saved a draft within this time is shown as still at it."""

ITEM = {column.name: column for column in ITEM_COLUMNS}
CLOCK = {column.name: column for column in CLOCK_COLUMNS}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A work item with everything its page is made from."""

    item: Mapping[str, Any]
    draft: bytes | None
    clocks: Sequence[Mapping[str, Any]]
    case: CaseRecord
    run: Run
    unit: UnitFacts
    key: CaseKey
    parts: Sequence[Part]
    reading: Reading
    package: Package

    @property
    def clock(self) -> Mapping[str, Any] | None:
        """The clock the item is due by."""
        number = self.item["clock_number"]
        return next((row for row in self.clocks if row["number"] == number), None)


def load_task_page(platform: Platform, actor: Actor, item: str) -> TaskPage:
    """One work item for one reader, three statements and one for the parties.

    Raises InvalidInputError (malformed id), NotVisibleError: also where the reader could neither
    do the item nor sees its case.
    """
    run_id, number = decode_item(item)
    now = platform.clock.now()
    # As the system, because an item may be another unit's; `_check_sight` decides.
    with platform.database.reading(SYSTEM) as session:
        seen = _look(
            session, platform, Reading(actor, now, platform.rules(session)), run_id, number
        )
        return _page(session, seen)


def _look(
    session: Session, platform: Platform, reading: Reading, run_id: int, number: int
) -> _Seen:
    clocks = rows_as_json(CLOCK_COLUMNS, CLOCK["run_id"] == Run.id)
    row = session.execute(
        select(
            *ITEM_COLUMNS,
            WorkItem.draft,
            CaseRecord,
            Run,
            Unit,
            CaseKeyRow.wrapped,
            clocks.label("clocks"),
        )
        .join(Run, Run.id == ITEM["run_id"])
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .join(Unit, Unit.code == Run.unit_code)
        .join(CaseKeyRow, CaseKeyRow.case_id == Run.case_id)
        .where(ITEM["run_id"] == run_id, ITEM["number"] == number)
    ).one_or_none()
    if row is None:
        raise NotVisibleError("cases.unknown_item")
    unit: Unit = row.Unit
    seen = _Seen(
        item={column.name: row._mapping[column] for column in ITEM_COLUMNS},
        draft=row.draft,
        clocks=read_numbered(CLOCK_COLUMNS, row.clocks),
        case=row.CaseRecord,
        run=row.Run,
        unit=UnitFacts(
            unit.code, unit.name, unit.short_name, unit.kind, unit.path, unit.county_code
        ),
        key=platform.vault.open_key(row.wrapped),
        parts=load_parts(session, row.Run.case_id),
        reading=reading,
        package=platform.catalogue.load(session, row.Run.version_id),
    )
    _check_sight(seen)
    return seen


def _check_sight(seen: _Seen) -> None:
    actor = seen.reading.actor
    subject = item_subject(seen.item, granted=_granted(seen))
    sees = level_of(actor, seen.parts, seen.run.id) is Level.FULL
    if not sees and may(actor, "open", subject) is not None:
        raise NotVisibleError("cases.unknown_item")


def _granted(seen: _Seen) -> bool:
    return any(part.account_id == seen.reading.actor.account_id for part in seen.parts)


def _page(session: Session, seen: _Seen) -> TaskPage:
    item, actor = seen.item, seen.reading.actor
    form = seen.package.form_of(item["form"])
    rows = session.scalars(select(Party).where(Party.case_id == seen.case.id)).all()
    row = item_view(item, seen.clock, seen.reading, granted=_granted(seen))
    element = seen.package.process.elements.get(item["element"])
    data, notice = _first_values(seen, form, rows) if item["state"] == "open" else ({}, "")
    scans = scans_for(session, seen.run.id, form) if item["state"] == "open" else {}
    return TaskPage(
        row=row,
        case=_case_row(seen, row),
        instructions=element.instructions if element else "",
        form_name=form.name if form else None,
        form=form,
        data={**data, **scans},
        draft=with_scans(_draft(seen), scans),
        draft_revision=item["draft_revision"] if seen.draft is not None else 0,
        draft_by=item["draft_by"],
        draft_at=item["draft_at"],
        documents=_documents(seen, element.properties if element else {}),
        clocks=tuple(clock_view(clock, seen.reading) for clock in seen.clocks if clock["is_open"]),
        parties=party_views(seen.case.parties, rows, seen.key, actor.language),
        others=_others(seen),
        notice=notice,
        facts=seen.case.facts,
    )


def _first_values(
    seen: _Seen, form: Form | None, rows: Sequence[Party]
) -> tuple[dict[str, Any], str]:
    """What the form shows before anybody typed, and what must be known first.

    A task that is done again and again (a session) says itself what each time begins with, by its
    property `begins`: FEEL that gives a context, `{}` for an empty form. Its property `notice` is
    FEEL that gives a sentence, null for none.
    """
    element = seen.package.process.elements.get(seen.item["element"])
    properties = element.properties if element else {}
    with _at_item(seen) as ask:
        notice = ask(properties.get("notice", ""))
        values = ask(properties.get("begins", ""))
        if form is not None and values is None:
            values = _known_values(seen, form, rows, ask(None) or {})
    fields = {field.name for field in form.fields} if form else frozenset()
    shown = {name: value for name, value in (values or {}).items() if name in fields}
    return {k: v for k, v in shown.items() if v is not None}, str(notice or "")


def _case_row(seen: _Seen, row: InboxRow) -> CaseRow:
    case = seen.case
    return CaseRow(
        id=encode_id(case.id),
        number=case.number,
        title=case.title,
        kind=case.kind,
        kind_title=case.kind_title,
        status=case.status,
        stage=row.stage,
        parties=row.parties,
        unit=case.unit_code,
        unit_name=seen.unit.short_name,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        clock=row.clock,
    )


def _draft(seen: _Seen) -> Mapping[str, Any] | None:
    if seen.draft is None:
        return None
    return open_draft(seen.key, seen.item["run_id"], seen.item["number"], seen.draft)


def _documents(seen: _Seen, properties: Mapping[str, str]) -> Mapping[str, Titles]:
    """Kinds the element names in its property `document`, apart by commas."""
    kinds = [kind.strip() for kind in properties.get("document", "").split(",")]
    return {kind: seen.package.document_title(kind) for kind in kinds if kind}


def _others(seen: _Seen) -> tuple[str, ...]:
    """Who else is at this form: whoever saved its draft a moment ago."""
    by, at = seen.item["draft_by"], seen.item["draft_at"]
    if by is None or by == seen.reading.actor.name or at < seen.reading.now - PRESENT:
        return ()
    return (by,)


def _known_values(
    seen: _Seen, form: Form, rows: Sequence[Party], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What the record and the run know already, by field name: nothing is asked twice."""
    known: dict[str, Any] = {}
    sealed = open_sealed(seen.case, seen.key)
    for field in form.fields:
        if field.store is Store.PARTY:
            known[field.name] = _whole_parties(seen, rows)
        elif field.store is Store.PROCESS:
            known[field.name] = data.get(field.name)
        else:
            facts = seen.case.facts if field.store is Store.CASE else sealed
            known[field.name] = facts.get(field.name)
    return known


def _whole_parties(seen: _Seen, rows: Sequence[Party]) -> list[dict[str, Any]]:
    sealed = {row.id: open_party(seen.key, row.id, row.sealed) for row in rows}
    return [
        whole_party(party, sealed.get(decode_id(str(party["id"])), {}))
        for party in seen.case.parties
        if not party.get("ended")
    ]


@contextmanager
def _at_item(seen: _Seen) -> Iterator[Callable[[str | None], Any]]:
    """Asks the run where the item stands: FEEL → its plain value, None → all process values.

    An empty text, or an item the engine no longer has, gives None.
    """
    state = seen.key.open(seen.run.state, state_place(seen.run.id).encode())
    facts = seen.case
    world = World(
        facts.facts, tuple(facts.parties), seen.unit.as_facts(), today_of(seen.reading.now)
    )
    with loaded(seen.package.process, world, state) as live:
        task = live.standing().items.get(seen.item["number"])

        def ask(text: str | None) -> Any:
            if task is None or text == "":
                return None
            if text is None:
                return plain(task.data)
            return plain(kept(live.environment.value(text, task.data)))

        yield ask
