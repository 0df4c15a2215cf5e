"""Acts on a case outside its diagram: withdraw, void, correct. Each with a reason.

Merging, sealing and references to other systems stand in `case_bonds.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from workflows.cases.access import check
from workflows.cases.acting import act_on_run, writing
from workflows.cases.corrections import (
    Target,
    change_facts,
    check_mark,
    check_new,
    check_old,
    find_target,
    read_value,
)
from workflows.cases.decision import Command, CommandKind, Json
from workflows.cases.field_words import value_words
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.journal_format import changed_facts
from workflows.cases.moments import check_occurred_at, check_reason
from workflows.cases.numbers import void_numbers
from workflows.cases.platform import Platform
from workflows.cases.renaming import index_case, take_facts
from workflows.cases.sealing import seal_json
from workflows.cases.snapshot import LoadedCase, LoadedRun, load_open_runs, sees_nothing
from workflows.cases.submission import open_party, open_sealed, party_index, seal_party
from workflows.cases.tables import Document, Party, Run
from workflows.cases.timeline import Line, append
from workflows.catalogue.package import Package
from workflows.errors import AlreadyDoneError, NotVisibleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id


@dataclass(frozen=True, slots=True)
class CaseCommand:
    """An act on a case. `reason` is kept in the timeline; `occurred_at` as in `CompleteTask`."""

    case: str
    reason: str
    occurred_at: datetime | None = None
    late_reason: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectCase:
    """A corrected value. `path`: see `corrections`; `old`: what the actor saw there; or `mark`,
    where the actor saw only that (`corrections.value_mark`)."""

    case: str
    path: str
    old: Json
    new: Json
    reason: str
    idempotency_key: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """The case after the act: outside id, status, revision of its facts."""

    case: str
    status: str
    facts_revision: int


@dataclass(frozen=True, slots=True)
class InHand:
    """A case locked for an act, with its open runs."""

    session: Session
    platform: Platform
    loaded: LoadedCase
    runs: tuple[LoadedRun, ...]
    now: datetime


def withdraw(platform: Platform, actor: Actor, command: CaseCommand) -> CaseChanged:
    """The parties withdraw: every open run ends, through its diagram where that waits for it.

    Raises NotVisibleError, ForbiddenError, RuleError, KeyReusedError; so do the others below.
    """
    return _end_runs(platform, actor, command, CommandKind.WITHDRAW)


def void(platform: Platform, actor: Actor, command: CaseCommand) -> CaseChanged:
    """Registered in error: every open run is cancelled, numbers and documents are voided and
    stay on record."""
    return _end_runs(platform, actor, command, CommandKind.VOID)


def correct(platform: Platform, actor: Actor, command: CorrectCase) -> CaseChanged:
    """One value of the record is set right; conditions that watch it are looked at again.

    Also raises InvalidInputError (no such value), InvalidFormError (the new one is refused),
    StaleRevisionError (the old one is not what stands there).
    """
    reason = check_reason(command.reason)
    body = {
        "case": command.case,
        "path": command.path,
        "old": command.old,
        "new": command.new,
        "mark": command.mark,
        "reason": reason,
    }
    with writing(platform, actor) as session:
        asked = body_hash("correct", body)
        first = take_key(session, command.idempotency_key, asked, platform.clock.now())
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, "correct")
        _correct(hand, command, reason)
        session.flush()
        return answer(hand, command.idempotency_key)


def take_case(session: Session, platform: Platform, actor: Actor, case: str, action: str) -> InHand:
    """Loads and locks a case if the actor may do `action` to it."""
    loaded, runs = load_open_runs(session, platform, decode_id(case))
    if sees_nothing(actor, loaded):
        raise NotVisibleError("cases.unknown_case")
    check(actor, action, loaded.subject(actor))
    return InHand(session, platform, loaded, runs, platform.clock.now())


def answer(hand: InHand, key: str | None) -> CaseChanged:
    """The result of an act, kept under the idempotency key."""
    case = hand.loaded.case
    changed = {
        "case": encode_id(case.id),
        "status": case.status,
        "facts_revision": case.facts_revision,
    }
    keep_answer(hand.session, key, changed)
    return CaseChanged(**changed)  # type: ignore[arg-type]


def end_run(
    hand: InHand, run: LoadedRun, kind: CommandKind, occurred_at: datetime | None, reason: str
) -> None:
    """Ends one run by a command; its diagram may read `reason`."""
    package = hand.platform.catalogue.load(hand.session, run.run.version_id)
    command = Command(kind, hand.now, occurred_at, data={"reason": reason})
    act_on_run(hand.session, hand.platform, run, package, command)


def write_line(hand: InHand, line: Line) -> None:
    """One line about the whole case."""
    append(
        hand.session,
        hand.loaded.case,
        hand.loaded.key,
        (line,),
        actor=hand.session.actor,
        recorded_at=hand.now,
    )


def _end_runs(
    platform: Platform, actor: Actor, command: CaseCommand, kind: CommandKind
) -> CaseChanged:
    reason = check_reason(command.reason)
    now = platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, command.late_reason or reason)
    body = {"case": command.case, "reason": reason, "occurred_at": command.occurred_at}
    with writing(platform, actor) as session:
        first = take_key(
            session, command.idempotency_key, body_hash(str(kind), body), platform.clock.now()
        )
        if first is not None:
            return CaseChanged(**first)
        hand = take_case(session, platform, actor, command.case, str(kind))
        if not hand.runs:
            raise AlreadyDoneError("cases.case_not_open")
        sentence = Message(f"cases.did_{kind}")
        write_line(hand, Line(str(kind), sentence, occurred_at or now, "person", detail=reason))
        for run in hand.runs:
            end_run(hand, run, kind, occurred_at, reason)
        if kind is CommandKind.VOID:
            _void_record(hand, reason)
        session.flush()
        return answer(hand, command.idempotency_key)


def _void_record(hand: InHand, reason: str) -> None:
    case = hand.loaded.case
    case.status, case.closed_at = "voided", hand.now
    void_numbers(hand.session, case.id, at=hand.now, reason=reason)
    hand.session.execute(
        update(Document)
        .where(Document.case_id == case.id)
        .values(state="void")
        .execution_options(synchronize_session=False)
    )


def _correct(hand: InHand, command: CorrectCase, reason: str) -> None:
    case = hand.loaded.case
    package = _package(hand)
    target = find_target(package, case.parties, command.path)
    found = _stored(hand, target)
    if command.mark is None:
        check_old(found, command.old, target)
    else:
        index = hand.platform.vault.blind_index
        check_mark(found, command.mark, command.path, target, index)
    value = read_value(target, command.new, hand.now)
    check_new(found, value)
    _save_hidden(hand, target, value)
    change = change_facts(target, case.parties, value)
    write_line(hand, _correction_line(hand, target, found, value, reason))
    for run in hand.runs:
        act_on_run(
            hand.session,
            hand.platform,
            run,
            hand.platform.catalogue.load(hand.session, run.run.version_id),
            Command(CommandKind.CORRECT, hand.now, facts=change),
        )
    if not hand.runs:
        take_facts(case, changed_facts(hand.loaded.facts(), change), package)
        hand.session.flush()
        index_case(hand.session, case, hand.loaded.parts)


def _package(hand: InHand) -> Package:
    """The package that knows the case's fields: of an open run, else of its newest one."""
    session, case = hand.session, hand.loaded.case
    if hand.runs:
        version = hand.runs[0].run.version_id
    else:
        newest = select(Run.version_id).where(Run.case_id == case.id).order_by(Run.id.desc())
        version = session.scalars(newest.limit(1)).one()
    return hand.platform.catalogue.load(session, version)


def _stored(hand: InHand, target: Target) -> Json:
    """What stands at the target now."""
    case, key = hand.loaded.case, hand.loaded.key
    name = target.field.name
    if target.party is None:
        return (open_sealed(case, key) if target.is_sealed else case.facts).get(name)
    if not target.is_sealed:
        return target.party.get(name)
    row = _party_row(hand, target)
    return open_party(key, row.id, row.sealed).get(name)


def _party_row(hand: InHand, target: Target) -> Party:
    assert target.party is not None
    row = hand.session.get(Party, decode_id(str(target.party["id"])))
    if row is None:
        raise NotVisibleError("cases.unknown_case")
    return row


def _save_hidden(hand: InHand, target: Target, value: Json) -> None:
    """Sealed values, and what the party table keeps beside the plain list."""
    case, key, name = hand.loaded.case, hand.loaded.key, target.field.name
    if target.party is None:
        if target.is_sealed:
            known = {**open_sealed(case, key), name: value}
            case.sealed = seal_json(key, known, f"case/{case.id}/sealed")
        return
    row = _party_row(hand, target)
    sealed = open_party(key, row.id, row.sealed)
    if target.is_sealed:
        sealed = {**sealed, name: value}
        row.sealed = seal_party(key, row.id, sealed)
    plain: Mapping[str, Any] = {**target.party, name: value}
    row.name = str(plain.get("name", ""))[:120]
    row.id_index = party_index(hand.platform, plain, sealed)
    if name == "ended":
        row.ended_why, row.ended_at = value, hand.now if value else None


def _correction_line(hand: InHand, target: Target, found: Json, value: Json, reason: str) -> Line:
    params: dict[str, object] = {"field": target.title}
    code = "cases.did_correct_sealed"
    if not target.is_sealed:
        code = "cases.did_correct"
        field = target.field
        params |= {"old": value_words(field, found), "new": value_words(field, value)}
    return Line("correct", Message(code, params), hand.now, "person", detail=reason)
