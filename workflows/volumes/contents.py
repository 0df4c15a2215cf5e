"""Which papers of a run stand in which line of its volume. Reads rows, makes nothing.

Only papers of this very run come in: those of other runs of the case (a counsellor's, say) never,
nor files of sealed fields, nor anything of a restricted case or run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.tables import NORMAL, CaseRecord, Document, Run, StoredFile
from workflows.catalogue.package import Package
from workflows.catalogue.volume import VolumeLine, VolumePlan
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import RuleError
from workflows.formspec import Store
from workflows.storage import Session
from workflows.storage.ids import encode_id

DOCUMENT, FILE = "document", "file"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document or file. `id`: document/… or file/… with its outside id; `sha256`: None of a
    document nobody has made yet; `media_type`: of a file, "" of a document."""

    id: str
    row: int
    title: str
    sha256: str | None
    media_type: str = ""

    @property
    def is_document(self) -> bool:
        """Whether it is one of our own."""
        return not self.media_type


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line and its papers in the order they are bound."""

    plan: VolumeLine
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All lines in order. `missing`: required ones without papers."""

    lines: tuple[FilledLine, ...]
    missing: tuple[VolumeLine, ...]

    @property
    def papers(self) -> tuple[Paper, ...]:
        """All of them in the order they are bound."""
        return tuple(paper for line in self.lines for paper in line.papers)


def plan_of(package: Package, case: CaseRecord, run: Run) -> VolumePlan:
    """The run's plan. Raises RuleError `volumes.none` (a package without a volume),
    `volumes.restricted`."""
    if case.access_class != NORMAL or run.access_class != NORMAL:
        raise RuleError("volumes.restricted")
    if package.manifest.volume is None or package.manifest.access_class != NORMAL:
        raise RuleError("volumes.none", process=dict(package.manifest.title))
    return package.manifest.volume


def gather(session: Session, package: Package, case: CaseRecord, run: Run) -> Contents:
    """What would be bound now; two statements. Raises what `plan_of` raises."""
    return fill(session, package, plan_of(package, case, run), case, run)


def fill(
    session: Session, package: Package, plan: VolumePlan, case: CaseRecord, run: Run
) -> Contents:
    """The papers of any plan of the package; two statements."""
    documents = session.scalars(
        select(Document)
        .where(Document.run_id == run.id, Document.case_id == case.id)
        .where(Document.state.not_in((SUPERSEDED, VOID)))
        .order_by(Document.id)
    ).all()
    files = session.scalars(
        select(StoredFile)
        .where(StoredFile.run_id == run.id, StoredFile.case_id == case.id)
        .order_by(StoredFile.id)
    ).all()
    sealed = _sealed_fields(package)
    usable = [file for file in files if file.field not in sealed]
    lines = tuple(_filled(plan, line, documents, usable) for line in plan.lines)
    missing = tuple(
        line.plan for line in lines if not line.papers and line.plan.must_be_there(run.end_state)
    )
    return Contents(lines, missing)


def _sealed_fields(package: Package) -> frozenset[str]:
    return frozenset(
        field.name
        for form in package.forms.values()
        for field in form.fields
        if field.store is Store.SEALED
    )


def _filled(
    plan: VolumePlan, line: VolumeLine, documents: Sequence[Document], files: Sequence[StoredFile]
) -> FilledLine:
    """Documents in the order the line names their kinds, then files; one content stands once."""
    ours = [row for row in documents if plan.line_of_document(row.kind) is line]
    ours.sort(key=lambda row: _place(line.documents, row.kind))
    theirs = [row for row in files if plan.line_of_field(row.field) is line]
    theirs.sort(key=lambda row: _place(line.fields, row.field))
    papers = [
        Paper(f"{DOCUMENT}/{encode_id(row.id)}", row.id, row.title["zh"], row.sha256)
        for row in ours
    ]
    seen: set[str] = set()
    for row in theirs:
        if row.sha256 not in seen:
            seen.add(row.sha256)
            papers.append(
                Paper(f"{FILE}/{encode_id(row.id)}", row.id, row.name, row.sha256, row.media_type)
            )
    return FilledLine(line, tuple(papers))


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else len(names)
