"""What a case is called follows from its facts; lists and searches carry a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.cases.access import Part
from workflows.cases.decision import Facts
from workflows.cases.facts import case_title, parties_text
from workflows.cases.queries.filters import KIND_FIELD, kind_title
from workflows.cases.search import case_words, save_words
from workflows.cases.tables import CaseRecord, Run, WorkItem
from workflows.catalogue.package import Package
from workflows.storage import Session


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change of facts means for copies of them: `named` for lists, `worded` for search."""

    named: bool = False
    worded: bool = False


NO_CHANGES = Changes()


def take_facts(case: CaseRecord, facts: Facts, package: Package) -> Changes:
    """Lays the facts of a decision over the record."""
    if facts.revision == case.facts_revision:
        return NO_CHANGES
    before, summary = _names(case), case.facts.get("summary")
    case.facts, case.parties = dict(facts.case), [dict(party) for party in facts.parties]
    case.facts_revision = facts.revision
    name_case(case, package)
    named = _names(case) != before
    return Changes(named, named or case.facts.get("summary") != summary)


def name_case(case: CaseRecord, package: Package) -> None:
    """Title, kind and the parties' names as they follow from the facts."""
    case.parties_text = parties_text(case.parties)
    case.kind = str(case.facts.get(KIND_FIELD) or package.manifest.case_kind)[:60]
    case.kind_title = dict(kind_title(package, case.kind))
    case.title = case_title(case.facts, case.parties, case.kind_title["zh"])


def _names(case: CaseRecord) -> tuple[str, ...]:
    return case.title, case.kind, case.parties_text


def index_case(
    session: Session, case: CaseRecord, parts: Sequence[Part], run: Run | None = None
) -> None:
    """Makes the case findable under what it is called now, for every unit that takes part.

    One statement; one more to read numbers where the case has other runs than `run`.
    """
    numbers = {run.number} if run else set[str | None]()
    if run is None or has_other_runs(parts, run):
        numbers |= set(session.scalars(select(Run.number).where(Run.case_id == case.id)))
    paths = {case.unit_path, *(part.unit_path for part in parts)}
    save_words(session, case.id, case_words(case, sorted(filter(None, numbers)), sorted(paths)))


def has_other_runs(parts: Sequence[Part], run: Run) -> bool:
    """Whether somebody takes part in another run of the case."""
    return any(part.run_id not in (0, run.id) for part in parts)


def rename_items(session: Session, case: CaseRecord) -> None:
    """Open work items of the case carry what it is called now: one statement."""
    session.execute(
        update(WorkItem)
        .where(WorkItem.case_id == case.id, WorkItem.state == "open")
        .values(case_title=case.title, case_kind=case.kind, parties_text=case.parties_text)
        .execution_options(synchronize_session=False)
    )
