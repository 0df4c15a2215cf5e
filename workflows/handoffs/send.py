"""`handoff.send`: a diagram hands its matter to another unit, in the transaction of the act.

What goes over is picked and sealed at this moment: a later correction does not change a letter
that has left. The other side's case is opened by the worker (`deliver.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import select

from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.platform import RunContext
from workflows.cases.sealing import seal_json
from workflows.cases.submission import open_sealed
from workflows.cases.tables import Document
from workflows.cases.timeline import Line, append
from workflows.catalogue.handoffs import NAME, HandoffKind
from workflows.catalogue.versions import current_version
from workflows.documents.operations import document_create, parties_now
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import NotVisibleError, ProcessFaultError, RuleError
from workflows.handoffs.parcel import held_ids, pack
from workflows.handoffs.places import DELIVER_TOPIC, sent_place
from workflows.handoffs.states import LIVE, State
from workflows.handoffs.tables import Handoff
from workflows.handoffs.withdraw import take_back
from workflows.messages import Message
from workflows.organisation.tables import Unit
from workflows.storage import Session, outbox
from workflows.storage.ids import encode_id


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets it: a unit with a desk here, or a name alone (`unit` and `path` empty)."""

    unit: str
    path: str
    name: str


def handoff_send(session: Session, context: RunContext) -> LocalOperation:
    """The factory the platform is given (`OperationFactory`)."""

    def send(asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        return _send(session, context, asked, parameters)

    return send


def _send(
    session: Session, context: RunContext, asked: Asked, parameters: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Raises ProcessFaultError for a kind nobody declared, RuleError for a receiver that is not
    there or has no such procedure; nothing leaves then."""
    kind = str(parameters.get("kind") or "")
    declared = context.package.manifest.handoff(kind)
    if declared is None:
        raise ProcessFaultError("handoffs.unknown_kind", kind=kind, element=asked.element)
    receiver = _find_receiver(session, declared, parameters)
    earlier = _earlier(session, context, kind)
    _leave_behind(session, context, asked, earlier)
    handoff_id = context.platform.ids.next()
    returns = sum(row.state == State.DECLINED for row in earlier)
    answer = {
        "handoff": encode_id(handoff_id),
        "kind": kind,
        "to": receiver.unit or receiver.name,
        "returns": returns,
    }
    letter = _make_letter(session, context, asked, declared, {**answer, "to_name": receiver.name})
    row = _row(session, context, asked, declared, receiver, handoff_id)
    row.letter_out, row.returns = letter, returns
    row.documents = _documents(session, context, declared, letter)
    session.add(row)
    if receiver.unit:
        payload = orjson.dumps({"handoff": handoff_id})
        platform = context.platform
        outbox.add(session, DELIVER_TOPIC, payload=payload, ids=platform.ids, now=context.at)
    _write_line(session, context, declared, receiver)
    return answer


def _find_receiver(
    session: Session, declared: HandoffKind, parameters: Mapping[str, Any]
) -> Receiver:
    code, name = (str(parameters.get(key) or "").strip() for key in ("to", "to_name"))
    if not code:
        if not name:
            raise RuleError("handoffs.nobody", title=declared.title)
        return Receiver("", "", name[:120])
    unit = session.get(Unit, code)
    if unit is None:
        raise RuleError("handoffs.unknown_unit", unit=code[:64])
    try:
        current_version(session, declared.package, unit.path)
    except NotVisibleError as error:
        raise RuleError(
            "handoffs.no_package", unit=unit.short_name, title=declared.title
        ) from error
    return Receiver(unit.code, unit.path, unit.short_name)


def _earlier(session: Session, context: RunContext, kind: str) -> Sequence[Handoff]:
    """Handoffs of this kind the matter has had, those of this very act included."""
    stored = (
        session.raw(
            select(Handoff).where(Handoff.from_case == context.case.id, Handoff.kind == kind)
        )
        .scalars()
        .all()
    )
    fresh = [row for row in session.new if isinstance(row, Handoff)]
    return [*stored, *(r for r in fresh if (r.from_case, r.kind) == (context.case.id, kind))]


def _leave_behind(
    session: Session, context: RunContext, asked: Asked, earlier: Sequence[Handoff]
) -> None:
    """A diagram that comes to the same element again has given up what it sent from there: the
    process data, which a branch or instance of its own does not share, say which one that was."""
    held = held_ids(asked.data)
    for row in earlier:
        same = (row.from_run, row.element) == (context.run.id, asked.element)
        if same and row.state in LIVE and encode_id(row.id) in held:
            take_back(session, context.platform, row, now=context.at)


def _make_letter(
    session: Session,
    context: RunContext,
    asked: Asked,
    declared: HandoffKind,
    told: Mapping[str, Any],
) -> int | None:
    """The letter, made like any document; its text may speak of `data.handoff`."""
    if declared.letter is None:
        return None
    told_now = replace(asked, data={**asked.data, NAME: told})
    document_create(session, context)(told_now, kind=declared.letter)
    return next(
        row.id for row in session.new if isinstance(row, Document) and _is(row, context, declared)
    )


def _is(row: Document, context: RunContext, declared: HandoffKind) -> bool:
    wanted = (context.run.id, declared.letter)
    return (row.run_id, row.kind) == wanted and row.state != SUPERSEDED


def _documents(
    session: Session, context: RunContext, declared: HandoffKind, letter: int | None
) -> list[int]:
    """Documents of the run that go over, the letter among them, oldest first."""
    found = {letter} - {None}
    if declared.documents:
        wanted = (
            Document.run_id == context.run.id,
            Document.kind.in_(declared.documents),
            Document.state.not_in((SUPERSEDED, VOID)),
        )
        found |= set(session.scalars(select(Document.id).where(*wanted)))
        found |= {
            row.id
            for row in session.new
            if isinstance(row, Document)
            and row.run_id == context.run.id
            and row.kind in declared.documents
            and row.state != SUPERSEDED
        }
    return sorted(one for one in found if one is not None)


def _row(
    session: Session,
    context: RunContext,
    asked: Asked,
    declared: HandoffKind,
    receiver: Receiver,
    handoff_id: int,
) -> Handoff:
    case, run = context.case, context.run
    parcel = pack(
        declared,
        case=asked.facts.case,
        sealed=open_sealed(case, context.key),
        data=asked.data,
        parties=parties_now(session, context, asked.facts.parties),
    )
    return Handoff(
        id=handoff_id,
        message_id=f"{encode_id(run.id)}-{asked.number}",
        kind=declared.kind,
        title=dict(declared.title),
        process=declared.package,
        start=declared.start,
        element=asked.element,
        from_case=case.id,
        from_run=run.id,
        from_unit=run.unit_code,
        from_path=run.unit_path,
        from_name=context.unit_short,
        from_number=case.number,
        to_unit=receiver.unit,
        to_path=receiver.path,
        to_name=receiver.name,
        to_case=None,
        to_run=None,
        to_number="",
        access_class=case.access_class,
        state=State.SENT,
        outcome=None,
        reason=None,
        letter_back=None,
        manifest=seal_json(context.key, parcel, sent_place(handoff_id)),
        received=None,
        answers=0,
        problem=None,
        sent_at=asked.occurred_at,
        recorded_at=context.at,
        received_at=None,
        answered_at=None,
        withdrawn_at=None,
    )


def _write_line(
    session: Session, context: RunContext, declared: HandoffKind, receiver: Receiver
) -> None:
    params = {"title": declared.title, "to": receiver.name}
    line = Line(
        action="handoff.send",
        sentence=Message("handoffs.did_send", params),
        occurred_at=context.occurred_at,
        kind="message",
        subject=receiver.name,
        run_id=context.run.id,
    )
    append(session, context.case, context.key, (line,), actor=context.actor, recorded_at=context.at)
