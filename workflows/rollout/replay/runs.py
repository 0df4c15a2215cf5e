"""Runs as they really were, read from the journal, to be walked through another version.

Cases the actor knows of, and nothing of restricted ones. What comes of a replay names places of
the diagram, days and fields, never a fact or a person, so that whoever looks after a procedure may
replay cases whose facts are not theirs to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from workflows.cases.access import Level, level_of
from workflows.cases.decision import Facts, Json
from workflows.cases.journal_format import changed_facts, command_from_journal
from workflows.cases.moving import is_move
from workflows.cases.open_case import unit_facts
from workflows.cases.platform import Platform
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import NORMAL, CaseKeyRow, CaseRecord, JournalEntry, Run
from workflows.errors import ConflictError, NotVisibleError
from workflows.organisation.tables import Unit
from workflows.rollout.replay.walk import DueOf, RecordedRun
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.vault import CaseKey


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run. `case`, `run`: outside ids; `due`: how rules count in its unit today."""

    case: str
    case_number: str
    run: str
    recorded: RecordedRun
    due: DueOf


def list_past_runs(
    session: Session, process: str, *, most: int, before: int | None = None
) -> list[int]:
    """Row ids of runs of a procedure, the newest first, without those of restricted cases.
    `before`: the last one of the page before. Sight of each is checked when it is loaded."""
    wanted: list[ColumnElement[bool]] = [
        Run.process == process,
        Run.access_class == NORMAL,
        CaseRecord.access_class == NORMAL,
        Run.revision > 0,
    ]
    if before is not None:
        wanted.append(Run.id < before)
    found = (
        select(Run.id)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .where(*wanted)
        .order_by(Run.id.desc())
        .limit(most)
    )
    return list(session.scalars(found))


def load_past_run(session: Session, platform: Platform, actor: Actor, run_id: int) -> PastRun:
    """A run with its whole journal; four statements.

    NotVisibleError: no such run, a restricted one, or one the actor does not know of.
    ConflictError: its facts changed in a way the journal does not tell. KeyDestroyedError: erased.
    """
    row = session.execute(
        select(Run, CaseRecord, CaseKeyRow.wrapped, Unit)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == Run.unit_code)
        .where(Run.id == run_id)
    ).one_or_none()
    if row is None or row.Run.access_class != NORMAL or row.CaseRecord.access_class != NORMAL:
        raise NotVisibleError("cases.unknown_run")
    run, case, unit = row.Run, row.CaseRecord, row.Unit
    if level_of(actor, load_parts(session, case.id), run.id) is Level.NONE:
        raise NotVisibleError("cases.unknown_run")
    lines = _lines(session, platform.vault.open_key(row.wrapped), case.id)
    entries = tuple(entry for of, entry in lines if of == run.id)
    first = next((entry["from"] for entry in entries if is_move(entry)), run.version_id)
    book = platform.rules(session)

    def due(rule: str, base: str) -> Any:
        return book.due(rule, base, unit.code)

    return PastRun(
        case=encode_id(case.id),
        case_number=case.number,
        run=encode_id(run.id),
        recorded=RecordedRun(
            package=platform.catalogue.load(session, first),
            entries=entries,
            facts_at=facts_history((entry for _of, entry in lines), unit_facts(unit).as_facts()),
            due=due,
            packages={
                entry["to"]: platform.catalogue.load(session, entry["to"])
                for entry in entries
                if is_move(entry)
            },
        ),
        due=due,
    )


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
