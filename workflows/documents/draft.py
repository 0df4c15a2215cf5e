"""草稿: the document as it would read if the task were completed with what is typed now.

Nothing is checked, stored or numbered, so that people can correct it together at the table. What
cannot be read as a date or a number is left blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.queries.records import TaskPage
from workflows.cases.queries.task_page import load_task_page
from workflows.cases.snapshot import state_place
from workflows.cases.submission import open_sealed
from workflows.cases.tables import CaseKeyRow, CaseRecord, Run
from workflows.documents.compose import Composed, DocumentFacts, compose
from workflows.documents.context import named_keys
from workflows.documents.freeze import freeze
from workflows.documents.operations import whole_parties
from workflows.documents.rendering import Rendered, Renderer
from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.values import plain
from workflows.errors import RuleError
from workflows.formspec import Form, parse_submission
from workflows.formspec.fields import Store
from workflows.organisation.names import load_named
from workflows.organisation.tables import Unit
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_item


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's PDF and what it is called."""

    title: str
    rendered: Rendered


def make_draft(
    platform: Platform,
    actor: Actor,
    renderer: Renderer,
    item: str,
    kind: str,
    typed: Mapping[str, Sequence[str]],
) -> Draft:
    """The draft of `kind` for a work item, with the typed form laid over the record.

    `typed`: HTML names → values, as `parse_submission` takes them. Raises what `load_task_page`
    raises, RuleError where the task prints no such document, ProcessFaultError, RenderError.
    """
    page = load_task_page(platform, actor, item)
    if kind not in page.documents:
        raise RuleError("documents.not_printable", kind=kind)
    now = platform.clock.now()
    with platform.database.reading(SYSTEM) as session:
        composed = _compose(session, platform, page, kind, typed)
    rendered = renderer.render(
        composed.html, title=composed.title, created=now, author=composed.author
    )
    return Draft(composed.title, rendered)


def _compose(
    session: Session,
    platform: Platform,
    page: TaskPage,
    kind: str,
    typed: Mapping[str, Sequence[str]],
) -> Composed:
    run_id, number = decode_item(page.row.id)
    case, run, unit, wrapped = session.execute(
        select(CaseRecord, Run, Unit, CaseKeyRow.wrapped)
        .join(Run, Run.case_id == CaseRecord.id)
        .join(Unit, Unit.code == Run.unit_code)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .where(Run.id == run_id)
    ).one()
    key = platform.vault.open_key(wrapped)
    package = platform.catalogue.load(session, run.version_id)
    today = today_of(platform.clock.now())
    unit_facts = {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "county": unit.county_code,
    }
    world = World(case.facts, tuple(case.parties), unit_facts, today)
    with loaded(package.process, world, key.open(run.state, state_place(run.id).encode())) as live:
        task = live.standing().items.get(number)
        data = plain(task.data) if task is not None else {}
    facts = _Facts({**case.facts, **open_sealed(case, key)}, case.parties, data)
    facts = _lay_over(facts, page.form, typed)
    named = named_keys((facts.case, facts.data), package)
    frozen = freeze(
        case=facts.case,
        parties=whole_parties(session, key, case.id, facts.parties),
        unit=unit_facts,
        run={
            "number": run.number,
            "case_number": case.number,
            "opened_on": today_of(run.opened_at).isoformat(),
            "opened_by": case.opened_by_name,
        },
        data=facts.data,
        people=load_named(session, named) if named else {},
        today=today,
    )
    document = DocumentFacts(kind, run.number, today, verify_code=None)
    return compose(package, frozen, document)


@dataclass(frozen=True, slots=True)
class _Facts:
    case: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]]
    data: Mapping[str, Any]


def _lay_over(facts: _Facts, form: Form | None, typed: Mapping[str, Sequence[str]]) -> _Facts:
    """The record as it would be with the form as typed."""
    if form is None:
        return facts
    values = parse_submission(form, typed)
    case, data = dict(facts.case), dict(facts.data)
    for field in form.fields:
        if field.name not in values:
            continue
        if field.store is Store.PARTY:
            facts = replace(facts, parties=_named(values[field.name]))
        elif field.store is Store.PROCESS:
            data[field.name] = values[field.name]
        else:
            case[field.name] = values[field.name]
    return replace(facts, case=case, data=data)


def _named(parties: Any) -> list[Mapping[str, Any]]:
    """Typed parties that have a name already."""
    if not isinstance(parties, list):
        return []
    return [party for party in parties if isinstance(party, Mapping) and party.get("name")]
