"""Opening a case: the start form makes the matter, its parties and its first run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.cases import answers
from workflows.cases.access import StartSubject, may
from workflows.cases.acting import act_on_run, tasks_of, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.item_rows import area_of
from workflows.cases.moments import check_occurred_at
from workflows.cases.numbers import CASE_FORMAT, CASE_SERIES, Office, issue
from workflows.cases.participation import join_person, join_unit
from workflows.cases.platform import Platform
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.views import Reading
from workflows.cases.renaming import name_case
from workflows.cases.snapshot import LoadedRun, UnitFacts
from workflows.cases.submission import Submission, save_submission, sort_values
from workflows.cases.tables import CaseKeyRow, CaseRecord, Run
from workflows.cases.timeline import Line, first_hash
from workflows.catalogue.manifest import StartForm
from workflows.catalogue.package import Package
from workflows.catalogue.versions import current_version
from workflows.errors import ForbiddenError, InvalidInputError, RuleError
from workflows.formspec import read_values
from workflows.messages import Message
from workflows.organisation.tables import Unit
from workflows.organisation.units import load_unit
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.types import Ciphertext

UNSTARTED = Ciphertext(b"")
"""Stands in the row until the first decision brings the engine's state."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A submitted start form. `process`: package key; `unit`: code, None = where the actor may
    start it; `form`: name of the start, None = the package's first one. The rest as in
    `CompleteTask`."""

    process: str
    raw: Mapping[str, Any]
    unit: str | None = None
    form: str | None = None
    occurred_at: datetime | None = None
    late_reason: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The new case: outside ids, its 受理号, the first work items."""

    case: str
    number: str
    run: str
    tasks: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and by which version a case begins."""

    unit: Unit
    version_id: int
    package: Package


def open_case(platform: Platform, actor: Actor, command: OpenCase) -> Opened:
    """Opens a case with its first run.

    Raises NotVisibleError (no such process), InvalidInputError (no such unit or start form),
    ForbiddenError, InvalidFormError with every wrong field, RuleError, ProcessFaultError,
    KeyReusedError; nothing is written then and no number is used.
    """
    now = platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, command.late_reason)
    asked = body_hash("open_case", _body(command))
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, now)
        if first is not None:
            return _from_json(first)
        place = _find_place(session, platform, actor, command)
        start = _find_start(place.package, command.form)
        values = read_values(
            place.package.forms[start.form], command.raw, now=now, known=_known(place.unit)
        )
        loaded = new_rows(session, platform, place, now, occurred_at or now)
        submission = sort_values(platform, loaded.case, values)
        begin = Command(
            CommandKind.START,
            now,
            occurred_at,
            data={**submission.data, "entry": start.name},
            facts=submission.change,
        )
        opened = _begin(session, platform, loaded, place, submission, begin, start, command)
        if command.idempotency_key:
            kept = answers.to_keep(_to_json(opened), loaded.case.access_class)
            keep_answer(session, command.idempotency_key, kept)
    return opened


def _body(command: OpenCase) -> Mapping[str, Any]:
    return {
        "process": command.process,
        "unit": command.unit,
        "form": command.form,
        "raw": command.raw,
        "occurred_at": command.occurred_at,
        "late_reason": command.late_reason,
    }


def _find_place(session: Session, platform: Platform, actor: Actor, command: OpenCase) -> Place:
    """The unit named, or the first of the actor's where the process may be started."""
    if command.unit is not None:
        codes = [command.unit]
    else:
        codes = list(dict.fromkeys(p.unit for p in actor.posts if "open_case" in p.abilities))
    refusal: Message | None = None
    for code in codes:
        unit = load_unit(session, code)
        version = current_version(session, command.process, unit.path)
        package = platform.catalogue.load(session, version.id)
        subject = StartSubject(unit.path, unit.short_name, package.manifest.start_roles)
        why = may(actor, "start", subject)
        if why is None:
            return Place(unit, version.id, package)
        refusal = refusal or why
    if refusal is None:
        raise ForbiddenError("cases.no_post_to_start")
    raise ForbiddenError(refusal.code, **refusal.params)


def _find_start(package: Package, name: str | None) -> StartForm:
    start = package.manifest.start(name)
    if start is None:
        known = ", ".join(start.name for start in package.manifest.own_starts)
        raise InvalidInputError("cases.unknown_start", known=known)
    if start.by_handoff is not None:
        raise RuleError("handoffs.only_by_handoff", title=start.title)
    return start


def _known(unit: Unit) -> Mapping[str, Any]:
    facts = unit_facts(unit).as_facts()
    return {"case": {}, "parties": [], "unit": facts}


def unit_facts(unit: Unit) -> UnitFacts:
    return UnitFacts(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        path=unit.path,
        county=unit.county_code,
    )


def new_rows(
    session: Session,
    platform: Platform,
    place: Place,
    now: datetime,
    occurred_at: datetime,
    *,
    access_class: str | None = None,
    why: str = "open",
) -> LoadedRun:
    """The rows of a case before its first decision; two statements, the rest with the flush.

    `access_class`: None = the package's. `why`: what the unit takes part by.
    """
    actor, unit = session.actor, place.unit
    wrapped = platform.vault.new_case_key()
    case = _new_case(session, platform, place, now, occurred_at, access_class)
    case_id = case.id
    name_case(case, place.package)
    run = _new_run(platform, place, case, now)
    session.add_all([case, run, CaseKeyRow(case_id=case_id, wrapped=wrapped)])
    join_unit(
        session,
        run,
        (),
        unit_code=unit.code,
        unit_path=unit.path,
        level="full",
        why=why,
        at=now,
    )
    if not actor.is_system:
        join_person(session, case, (), account_id=actor.account_id, why="open", at=now)
    key = platform.vault.open_key(wrapped)
    return LoadedRun(
        case=case,
        key=key,
        unit=unit_facts(unit),
        parts=(),
        run=run,
        items=(),
        clocks=(),
        answered=None,
    )


def _new_case(
    session: Session,
    platform: Platform,
    place: Place,
    now: datetime,
    occurred_at: datetime,
    access_class: str | None,
) -> CaseRecord:
    actor, unit, case_id = session.actor, place.unit, platform.ids.next()
    office = Office(unit.code, unit.short_name)
    return CaseRecord(
        id=case_id,
        number=issue(session, CASE_SERIES, CASE_FORMAT, office=office, case_id=case_id, at=now),
        title="",
        kind="",
        kind_title={},
        status="open",
        process=place.package.manifest.key,
        unit_code=unit.code,
        unit_path=unit.path,
        county_code=area_of(unit.path),
        access_class=access_class or place.package.manifest.access_class,
        facts={},
        parties=[],
        parties_text="",
        facts_revision=0,
        sealed=None,
        head_seq=0,
        head_hash=first_hash(case_id),
        opened_at=now,
        occurred_at=occurred_at,
        opened_by=actor.account_id,
        opened_by_name=actor.name,
        closed_at=None,
        merged_into=None,
    )


def _new_run(platform: Platform, place: Place, case: CaseRecord, now: datetime) -> Run:
    return Run(
        id=platform.ids.next(),
        case_id=case.id,
        process=place.package.manifest.key,
        version_id=place.version_id,
        number=None,
        unit_code=place.unit.code,
        unit_path=place.unit.path,
        access_class=case.access_class,
        status="open",
        end_state=None,
        stage="",
        stages={},
        active=[],
        revision=0,
        state=UNSTARTED,
        pending_calls=0,
        waiting_messages=0,
        opened_at=now,
        closed_at=None,
    )


def _begin(
    session: Session,
    platform: Platform,
    loaded: LoadedRun,
    place: Place,
    submission: Submission,
    begin: Command,
    start: StartForm,
    command: OpenCase,
) -> Opened:
    save_submission(
        session,
        platform,
        loaded.case,
        loaded.key,
        submission,
        run_id=loaded.run.id,
        at=begin.at,
    )
    line = Line(
        action="open",
        sentence=Message("cases.did_open", {"title": start.title, "number": loaded.case.number}),
        occurred_at=begin.moment,
        subject=loaded.case.number,
        detail=(command.late_reason or "").strip() or None,
    )
    saved = act_on_run(session, platform, loaded, place.package, begin, (line,)).saved
    reading = Reading(session.actor, begin.at, platform.rules(session))
    return Opened(
        case=encode_id(loaded.case.id),
        number=loaded.case.number,
        run=encode_id(loaded.run.id),
        tasks=tasks_of(saved, reading),
    )


def _to_json(opened: Opened) -> dict[str, Any]:
    tasks = [answers.row_to_json(row) for row in opened.tasks]
    return {"case": opened.case, "number": opened.number, "run": opened.run, "tasks": tasks}


def _from_json(data: Mapping[str, Any]) -> Opened:
    tasks = tuple(answers.row_from_json(row) for row in data["tasks"])
    return Opened(case=data["case"], number=data["number"], run=data["run"], tasks=tasks)
