"""Runs as they really were, read from the journal, to be walked through another version.

Cases the actor knows of, and nothing of restricted ones. What comes of a replay names places of
the diagram, days and fields, never a fact or a person, so that whoever looks after a procedure may
replay cases whose facts are not theirs to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from workflows.cases.decision import Facts, Json
from workflows.cases.journal_format import changed_facts, command_from_journal
from workflows.cases.moving import is_move
from workflows.cases.open_case import unit_facts
from workflows.cases.platform import Platform
from workflows.cases.save_decision import journal_place
from workflows.cases.sealing import open_json
from workflows.cases.tables import (
    FAR,
    NOBODY,
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
from workflows.storage import Actor, Session
from workflows.storage.vault import CaseKey

SIGHT = frozenset({"see_full", "see_index"})
"""Abilities by which a post sees something of its units' cases."""


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
    session: Session, process: str, *, most: int, under: str = "/"
) -> list[tuple[int, int]]:
    """(run, case) row ids of the newest `most` runs of a procedure that the session's actor knows
    of, the newest first, without those of restricted cases. `under`: path of the unit whose runs
    they are, with all below it. One statement."""
    found = session.execute(
        unrestricted(select(Run.id, Run.case_id), session.actor)
        .where(
            Run.process == process,
            Run.revision > 0,
            Run.unit_path.startswith(under, autoescape=True),
        )
        .order_by(Run.id.desc())
        .limit(most)
    )
    return [(run_id, case_id) for run_id, case_id in found]


def unrestricted(asked: Any, actor: Actor) -> Any:
    """A statement over `Run`, narrowed to runs the actor knows of in cases that are not
    restricted; `CaseRecord` is joined."""
    return asked.join(CaseRecord, CaseRecord.id == Run.case_id).where(
        Run.access_class == NORMAL, CaseRecord.access_class == NORMAL, knows_run(actor)
    )


def knows_run(actor: Actor) -> ColumnElement[bool]:
    """The condition that `access.level_of` finds anything for a row of `Run`, for lists."""
    if actor.is_system:
        return true()
    part = Participation.__table__.alias("knowing").c
    seeing = [post for post in actor.posts if post.abilities & SIGHT]
    trees = sorted({post.unit_path for post in seeing if post.reach == "subtree"})
    units = sorted({post.unit for post in seeing if post.reach == "unit"})
    covered = [part.unit_path.startswith(path, autoescape=True) for path in trees]
    of_unit = (part.account_id == NOBODY) & (part.access_class == NORMAL)
    return (
        select(1)
        .where(
            part.case_id == Run.case_id,
            part.run_id.in_((0, Run.id)),
            part.to_at == FAR,
            (part.account_id == actor.account_id)
            | (of_unit & or_(false(), part.unit_code.in_(units), *covered)),
        )
        .exists()
    )


def find_known_run(session: Session, run_id: int) -> KnownRun | None:
    """None: there is no such run, its case is restricted, or the session's actor does not know
    of it. One statement."""
    asked = (
        unrestricted(select(Run, CaseRecord, Unit, CaseKeyRow.wrapped), session.actor)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .join(Unit, Unit.code == Run.unit_code)
        .where(Run.id == run_id)
    )
    row = session.execute(asked).one_or_none()
    return None if row is None else KnownRun(*row)


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
