"""Runs as they really were, read from the journal, to be walked through another version.

Cases the actor knows of, and nothing of restricted ones. What comes of a replay names places of
the diagram, days and fields, never a fact or a person, so that whoever looks after a procedure may
replay cases whose facts are not theirs to read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from workflows.cases.access import Level, Part, level_of
from workflows.cases.decision import Facts, Json
from workflows.cases.journal_format import changed_facts, command_from_journal
from workflows.cases.moving import is_move
from workflows.cases.open_case import unit_facts
from workflows.cases.platform import Platform
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import PART_COLUMNS, load_parts
from workflows.cases.tables import (
    FAR,
    NORMAL,
    CaseKeyRow,
    CaseRecord,
    JournalEntry,
    Participation,
    Run,
)
from workflows.errors import ConflictError
from workflows.organisation.tables import Unit
from workflows.rollout.replay.walk import DueOf, RecordedRun
from workflows.storage import Session
from workflows.storage.vault import CaseKey

PAGE = 200
"""Runs looked at together while a list is made."""


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run somebody knows of, its journal unread. `wrapped`: the case's key, None once erased."""

    run: Run
    case: CaseRecord
    unit: Unit
    wrapped: bytes | None


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as it was. `due`: how rules count in its unit today."""

    recorded: RecordedRun
    due: DueOf


def list_past_runs(
    session: Session, process: str, *, most: int, under: str = "/", before: int | None = None
) -> list[int]:
    """Row ids of runs of a procedure that the session's actor knows of, the newest first, without
    those of restricted cases. `under`: path of the unit whose runs they are, with all below it;
    `before`: only runs older than this one. Two statements for each `PAGE` runs."""
    found: list[int] = []
    while len(found) < most:
        page = session.execute(_page(process, under, before).limit(PAGE)).all()
        parts = load_parts_of(session, {case_id for _, case_id in page})
        found += [
            run_id
            for run_id, case_id in page
            if level_of(session.actor, parts.get(case_id, ()), run_id) is not Level.NONE
        ]
        if len(page) < PAGE:
            break
        before = page[-1][0]
    return found[:most]


def _page(process: str, under: str, before: int | None) -> Select[int, int]:
    wanted: list[ColumnElement[bool]] = [
        Run.process == process,
        Run.access_class == NORMAL,
        CaseRecord.access_class == NORMAL,
        Run.revision > 0,
        Run.unit_path.startswith(under, autoescape=True),
    ]
    if before is not None:
        wanted.append(Run.id < before)
    joined = select(Run.id, Run.case_id).join(CaseRecord, CaseRecord.id == Run.case_id)
    return joined.where(*wanted).order_by(Run.id.desc())


def load_parts_of(session: Session, cases: Collection[int]) -> Mapping[int, Sequence[Part]]:
    """Participations in force by case: one statement."""
    part = Participation.__table__.c
    rows = session.execute(
        select(part.case_id, *PART_COLUMNS).where(part.case_id.in_(cases), part.to_at == FAR)
    )
    found: dict[int, list[Part]] = {}
    for case_id, *columns in rows:
        found.setdefault(case_id, []).append(Part(*columns))
    return found


def find_known_run(session: Session, run_id: int) -> KnownRun | None:
    """None: there is no such run, its case is restricted, or the session's actor does not know
    of it. Two statements."""
    row = session.execute(
        select(Run, CaseRecord, Unit, CaseKeyRow.wrapped)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == Run.unit_code)
        .where(Run.id == run_id, Run.access_class == NORMAL, CaseRecord.access_class == NORMAL)
    ).one_or_none()
    if row is None:
        return None
    known = KnownRun(*row)
    level = level_of(session.actor, load_parts(session, known.case.id), run_id)
    return None if level is Level.NONE else known


def load_past_run(session: Session, platform: Platform, known: KnownRun) -> PastRun:
    """A run with its whole journal. ConflictError: its facts changed in a way the journal does not
    tell. KeyDestroyedError: erased. SealBrokenError: damaged."""
    run, unit = known.run, known.unit
    lines = _lines(session, platform.vault.open_key(known.wrapped), known.case.id)
    entries = tuple(entry for of, entry in lines if of == run.id)
    first = next((entry["from"] for entry in entries if is_move(entry)), run.version_id)
    book = platform.rules(session)

    def due(rule: str, base: str) -> Any:
        return book.due(rule, base, unit.code)

    recorded = RecordedRun(
        package=platform.catalogue.load(session, first),
        entries=entries,
        facts_at=facts_history((entry for _of, entry in lines), unit_facts(unit).as_facts()),
        due=due,
        packages={
            entry["to"]: platform.catalogue.load(session, entry["to"])
            for entry in entries
            if is_move(entry)
        },
    )
    return PastRun(recorded, due)


def facts_history(
    entries: Iterable[Mapping[str, Json]], unit: Mapping[str, Json]
) -> Callable[[int], Facts]:
    """The facts of a case at each revision, from the lines of all its runs. What it gives raises
    ConflictError for a revision no line leads to."""
    changes = {}
    for entry in entries:
        if is_move(entry):
            continue
        command, _answers = command_from_journal(entry)
        if command.facts.case or command.facts.parties is not None:
            changes[int(entry["facts_revision"])] = command.facts
    known = [Facts({}, (), unit, 0)]
    while (change := changes.get(known[-1].revision)) is not None:
        known.append(changed_facts(known[-1], change))

    def at(revision: int) -> Facts:
        if revision >= len(known):
            raise ConflictError("rollout.facts_lost", revision=revision)
        return known[revision]

    return at


def _lines(
    session: Session, key: CaseKey, case_id: int
) -> Sequence[tuple[int, Mapping[str, Json]]]:
    """(run, line) of every run of a case, each run's lines in their order."""
    rows = session.execute(
        select(JournalEntry.run_id, JournalEntry.number, JournalEntry.entry)
        .join(Run, Run.id == JournalEntry.run_id)
        .where(Run.case_id == case_id)
        .order_by(JournalEntry.run_id, JournalEntry.number)
    ).all()
    return [
        (run_id, open_json(key, sealed, journal_place(run_id, number)))
        for run_id, number, sealed in rows
    ]
