"""One run to another version of its package, and back: everything in the caller's transaction.

The state goes over as it stands (`engine.migrate`); clocks are not touched, drafts and assignees
stay, early messages are offered again, and the state left behind is kept under the case's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from workflows.cases.access import Level, level_of
from workflows.cases.item_rows import save_items
from workflows.cases.journal_format import MIGRATED, REVERTED, version_entry
from workflows.cases.migrate_items import items_under
from workflows.cases.migration_tables import KeptState
from workflows.cases.moving import move
from workflows.cases.platform import Platform
from workflows.cases.save_decision import REDELIVER_TOPIC, journal_place
from workflows.cases.sealing import seal_json
from workflows.cases.snapshot import LoadedRun, load_run, state_place
from workflows.cases.tables import NORMAL, JournalEntry
from workflows.cases.timeline import Line, append
from workflows.catalogue.tables import PackageVersion
from workflows.engine.migrate_checks import Refusal
from workflows.errors import ConflictError, ForbiddenError, NotVisibleError
from workflows.messages import Message
from workflows.storage import Actor, Session, outbox


@dataclass(frozen=True, slots=True)
class Versions:
    """From where to where: ids for the records, numbers for people."""

    before: int
    after: int
    before_number: int
    after_number: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What is written: the kind of line, the way, the state at its end."""

    kind: str
    way: Versions
    state: bytes


_SENTENCES = {MIGRATED: "cases.did_migrate", REVERTED: "cases.did_revert"}


def may_migrate(actor: Actor, loaded: LoadedRun) -> Message | None:
    """None if the actor may take this run to another version, else why not: whoever publishes for
    its unit may; of a restricted case, only if they may also read it."""
    if actor.is_system:
        return None
    if not actor.may_in("publish", loaded.run.unit_path):
        return Message("cases.may_not_migrate", {"unit": loaded.unit.short_name})
    restricted = loaded.run.access_class != NORMAL or loaded.case.access_class != NORMAL
    if restricted and level_of(actor, loaded.parts, loaded.run.id) is not Level.FULL:
        return Message("cases.unknown_run")
    return None


def load_for_migration(session: Session, platform: Platform, run_id: int) -> LoadedRun:
    """The run, its case locked. Raises NotVisibleError (no such run, or a restricted one the actor
    may not read), ForbiddenError."""
    loaded = load_run(session, platform, run_id)
    why = may_migrate(session.actor, loaded)
    if why is not None:
        error = NotVisibleError if why.code == "cases.unknown_run" else ForbiddenError
        raise error(why.code, **why.params)
    return loaded


def look(
    session: Session, platform: Platform, loaded: LoadedRun, way: Versions, at: datetime
) -> bytes | Refusal:
    """What would become of the run: its state under the other version, or why it stays. Writes
    nothing."""
    run = loaded.run
    if run.status != "open":
        return Refusal(None, Message("engine.migrate_ended", {"element": ""}))
    if run.version_id != way.before:
        return Refusal(None, Message("cases.migrate_other_version"))
    old = platform.catalogue.load(session, way.before)
    new = platform.catalogue.load(session, way.after)
    state = loaded.key.open(run.state, state_place(run.id).encode())
    return move(state, old.process, new.process, loaded.facts(), at)


def migrate_run(
    session: Session, platform: Platform, loaded: LoadedRun, way: Versions, at: datetime
) -> Refusal | None:
    """Takes the run over; None, or why it stays: nothing is written then."""
    found = look(session, platform, loaded, way, at)
    if isinstance(found, Refusal):
        return found
    _keep(session, loaded, way, at)
    _write(session, platform, loaded, _Step(MIGRATED, way, found), at)
    return None


def revert_run(session: Session, platform: Platform, loaded: LoadedRun, at: datetime) -> None:
    """Takes the run back to where it was before it went over.

    Raises ConflictError where there is nothing to go back to (`cases.nothing_to_revert`) or
    something was done since (`cases.revert_overtaken`); nothing is changed then.
    """
    run = loaded.run
    kept = session.get(KeptState, run.id)
    if kept is None:
        raise ConflictError("cases.nothing_to_revert")
    if run.status != "open" or kept.revision != run.revision:
        raise ConflictError("cases.revert_overtaken")
    state = loaded.key.open(kept.state, _kept_place(run.id).encode())
    way = _way(session, run.version_id, kept.version_id)
    session.delete(kept)
    _write(session, platform, loaded, _Step(REVERTED, way, state), at)


def _way(session: Session, before: int, after: int) -> Versions:
    numbers = [session.get_one(PackageVersion, version).number for version in (before, after)]
    return Versions(before, after, *numbers)


def _kept_place(run_id: int) -> str:
    return f"kept/{run_id}"


def _keep(session: Session, loaded: LoadedRun, way: Versions, at: datetime) -> None:
    run, key = loaded.run, loaded.key
    plain = key.open(run.state, state_place(run.id).encode())
    kept = KeptState(
        run_id=run.id,
        case_id=run.case_id,
        version_id=way.before,
        revision=run.revision + 1,
        state=key.seal(plain, _kept_place(run.id).encode()),
        moved_at=at,
        moved_by=session.actor.name,
    )
    session.merge(kept)


def _write(
    session: Session, platform: Platform, loaded: LoadedRun, step: _Step, at: datetime
) -> None:
    """Run, journal, record and work items; flushed."""
    run, way = loaded.run, step.way
    old = platform.catalogue.load(session, way.before)
    new = platform.catalogue.load(session, way.after)
    run.version_id, run.revision = way.after, run.revision + 1
    run.state = loaded.key.seal(step.state, state_place(run.id).encode())
    elements = new.process.elements
    run.active = [[elements[element].process, element] for _process, element in run.active]
    _note(session, loaded, step, at)
    rows = items_under(session, loaded, old, new, at)
    if run.waiting_messages:
        payload = orjson.dumps({"run": run.id})
        outbox.add(session, REDELIVER_TOPIC, payload=payload, ids=platform.ids, now=at)
    session.flush()
    save_items(session, rows)


def _note(session: Session, loaded: LoadedRun, step: _Step, at: datetime) -> None:
    """The lines of journal and record."""
    run, facts_revision = loaded.run, loaded.case.facts_revision
    entry = version_entry(
        step.kind,
        revision=run.revision - 1,
        facts_revision=facts_revision,
        at=at,
        before=step.way.before,
        after=step.way.after,
    )
    session.add(
        JournalEntry(
            run_id=run.id,
            number=run.revision,
            kind=step.kind,
            at=at,
            facts_revision=facts_revision,
            entry=seal_json(loaded.key, entry, journal_place(run.id, run.revision)),
        )
    )
    numbers = {"before": step.way.before_number, "after": step.way.after_number}
    sentence = Message(_SENTENCES[step.kind], numbers)
    line = Line(step.kind, sentence, at, "system", run_id=run.id)
    append(session, loaded.case, loaded.key, (line,), actor=session.actor, recorded_at=at)
