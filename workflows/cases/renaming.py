"""What a case is called follows from its facts; lists and searches carry a copy."""

from __future__ import annotations

from sqlalchemy import select, update

from workflows.cases.decision import Facts
from workflows.cases.facts import case_title, parties_text
from workflows.cases.queries.filters import KIND_FIELD, kind_title
from workflows.cases.search import case_words, save_words
from workflows.cases.tables import CaseRecord, Run, WorkItem
from workflows.catalogue.package import Package
from workflows.storage import Session


def take_facts(case: CaseRecord, facts: Facts, package: Package) -> bool:
    """Lays the facts of a decision over the record. True if what lists and searches carry of the
    case has changed with them."""
    if facts.revision == case.facts_revision:
        return False
    before = _carried(case)
    case.facts, case.parties = dict(facts.case), [dict(party) for party in facts.parties]
    case.facts_revision = facts.revision
    name_case(case, package)
    return _carried(case) != before


def name_case(case: CaseRecord, package: Package) -> None:
    """Title, kind and the parties' names as they follow from the facts."""
    case.parties_text = parties_text(case.parties)
    case.kind = str(case.facts.get(KIND_FIELD) or package.manifest.case_kind)[:60]
    case.kind_title = dict(kind_title(package, case.kind))
    case.title = case_title(case.facts, case.parties, case.kind_title["zh"])


def _carried(case: CaseRecord) -> tuple[object, ...]:
    return case.title, case.kind, case.parties_text, (case.facts or {}).get("summary")


def index_case(session: Session, case: CaseRecord) -> None:
    """Makes the case findable under what it is called now: two statements."""
    runs = session.execute(select(Run.number, Run.unit_path).where(Run.case_id == case.id)).all()
    numbers = [run.number for run in runs if run.number]
    paths = [case.unit_path, *(run.unit_path for run in runs)]
    save_words(session, case.id, case_words(case, numbers, paths))


def rename_items(session: Session, case: CaseRecord) -> None:
    """Open work items of the case carry what it is called now: one statement."""
    session.execute(
        update(WorkItem)
        .where(WorkItem.case_id == case.id, WorkItem.state == "open")
        .values(case_title=case.title, case_kind=case.kind, parties_text=case.parties_text)
        .execution_options(synchronize_session=False)
    )
