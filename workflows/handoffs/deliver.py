"""A handoff reaches the other side: a case and run of its own, with what the parcel holds.

One transaction opens the case, binds it to the handoff and tells the sender's record. A crash
before its commit leaves nothing; a crash after it finds the case there. What cannot be delivered
is dead and waits for a person (`resend.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.open_case import Place, new_rows
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json, open_json, seal_json
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.submission import save_submission, sort_values
from workflows.cases.tables import NORMAL
from workflows.cases.timeline import Line, append
from workflows.catalogue.handoffs import NAME
from workflows.catalogue.manifest import StartForm
from workflows.catalogue.versions import current_version
from workflows.documents.rendering import RETRY_CODES, Renderer
from workflows.errors import ConflictError, FengqiaoError, InvalidFormError, RuleError
from workflows.formspec import Values, read_values
from workflows.handoffs.papers import Paper, There, copy_files, copy_papers, make_all, renamed
from workflows.handoffs.parcel import Parcel, unpack
from workflows.handoffs.places import received_place, sent_place
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff
from workflows.messages import Message
from workflows.organisation.units import load_unit
from workflows.storage import SYSTEM, Session
from workflows.storage.ids import encode_id


@dataclass(frozen=True, slots=True)
class _Order:
    """A delivery: which handoff, whose, with which documents."""

    id: int
    from_run: int
    documents: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A handoff under way: its row, and the sender's run, both locked."""

    row: Handoff
    sender: LoadedRun
    parcel: Parcel


def deliver(platform: Platform, renderer: Renderer, handoff_id: int) -> str:
    """Opens the other side's case. Returns done | late (there before, or no longer wanted) |
    dead (refused for good; the row says why).

    Raises what may be gone in a moment: ConflictError, RenderError of a busy renderer.
    """
    order = _read_order(platform, handoff_id)
    if order is None:
        return "late"
    try:
        papers = make_all(platform, renderer, order.documents)
        return _deliver(platform, order, papers)
    except FengqiaoError as error:
        if is_passing(error):
            raise
        return put_aside(platform, handoff_id, why_refused(error))


def is_passing(error: FengqiaoError) -> bool:
    """Whether the same may go well in a moment."""
    return isinstance(error, ConflictError) or error.message.code in RETRY_CODES


def why_refused(error: FengqiaoError) -> Message:
    """The sentence a person needs: of a form the first wrong field."""
    if isinstance(error, InvalidFormError) and error.errors:
        first = error.errors[0]
        return Message("handoffs.field", {"path": first.path or "/", "why": first.message})
    return error.message


def put_aside(platform: Platform, handoff_id: int, why: Message) -> str:
    """The handoff waits for a person from now on."""
    with writing(platform, SYSTEM) as session:
        row = session.get_one(Handoff, handoff_id, with_for_update=True)
        row.state, row.problem = State.DEAD, message_to_json(_plain(row, why))
        session.flush()
    return "dead"


def _plain(row: Handoff, why: Message) -> Message:
    """The sentence that may stand in the row: it may quote what was typed, which nobody keeps in
    clear of a restricted matter."""
    return why if row.access_class == NORMAL else Message("handoffs.problem_sealed")


def _read_order(platform: Platform, handoff_id: int) -> _Order | None:
    """What is to be done, None where nothing is to be delivered any more."""
    with platform.database.reading(SYSTEM) as session:
        row = session.get(Handoff, handoff_id)
        waits = row is not None and row.to_run is None and row.state in (State.SENT, State.DEAD)
        return _Order(row.id, row.from_run, row.documents) if row is not None and waits else None


def _deliver(platform: Platform, order: _Order, papers: Sequence[Paper]) -> str:
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        # Always the case before the handoff, so that two workers never wait for each other.
        sender = load_run(session, platform, order.from_run)
        row = session.get_one(Handoff, order.id, with_for_update=True, populate_existing=True)
        if row.to_run is not None or row.state not in (State.SENT, State.DEAD):
            return "late"
        if sender.run.status != "open":
            row.state, row.problem, row.withdrawn_at = State.WITHDRAWN, None, now
            session.flush()
            return "late"
        parcel = open_json(sender.key, row.manifest, sent_place(row.id))
        _open(session, platform, _Sent(row, sender, parcel), papers, now)
        session.flush()
    return "done"


def _open(
    session: Session, platform: Platform, sent: _Sent, papers: Sequence[Paper], now: datetime
) -> None:
    row = sent.row
    place = _place(session, platform, row)
    start = _start(place, row)
    form = place.package.forms[start.form]
    known = {"case": {}, "parties": [], "unit": {"code": place.unit.code}}
    values = read_values(form, unpack(sent.parcel, form), now=now, known=known)
    loaded = new_rows(
        session,
        platform,
        place,
        now,
        row.sent_at,
        access_class=_class_of(sent),
        why="handoff",
    )
    loaded.case.opened_by_name = row.from_name[:80]
    values = _bring_papers(session, platform, sent, loaded, values, papers, now)
    submission = sort_values(platform, loaded.case, values)
    save_submission(
        session, platform, loaded.case, loaded.key, submission, run_id=loaded.run.id, at=now
    )
    command = Command(
        CommandKind.START,
        now,
        row.sent_at,
        data={**submission.data, "entry": start.name, NAME: told(row)},
        facts=submission.change,
    )
    # Before the heart decides, so that one flush writes both sides.
    _bind(session, sent, loaded, now)
    act_on_run(session, platform, loaded, place.package, command, (_arrival(row, loaded),))


def _class_of(sent: _Sent) -> str | None:
    """The class the new case begins with, None for its package's own: the sender's case as it is
    now, which may have been closed off since the letter was written."""
    sent.row.access_class = sent.sender.case.access_class
    return None if sent.row.access_class == NORMAL else sent.row.access_class


def told(row: Handoff) -> dict[str, Any]:
    """What the receiving diagram knows of its handoff, under the process name `handoff`."""
    return {
        "handoff": encode_id(row.id),
        "kind": row.kind,
        "from": row.from_unit,
        "from_name": row.from_name,
        "returns": row.returns,
    }


def _place(session: Session, platform: Platform, row: Handoff) -> Place:
    unit = load_unit(session, row.to_unit)
    version = current_version(session, row.process, unit.path)
    return Place(unit, version.id, platform.catalogue.load(session, version.id))


def _start(place: Place, row: Handoff) -> StartForm:
    start = place.package.manifest.start(row.start)
    if start is None or start.by_handoff != row.kind:
        raise RuleError("handoffs.no_start", start=row.start, unit=place.unit.short_name)
    return start


def _bring_papers(
    session: Session,
    platform: Platform,
    sent: _Sent,
    loaded: LoadedRun,
    values: Values,
    papers: Sequence[Paper],
    now: datetime,
) -> Values:
    """Files of the form's fields and documents, as files of the new case."""
    there = There(loaded.case.id, loaded.run.id, now)
    copies = copy_files(session, platform, values.files, there, from_case=sent.row.from_case)
    copy_papers(session, platform, papers, there)
    if copies:
        session.flush()
    return renamed(values, copies)


def _arrival(row: Handoff, loaded: LoadedRun) -> Line:
    return Line(
        action="handoff.receive",
        sentence=Message(
            "handoffs.did_receive",
            {"title": row.title, "from": row.from_name, "number": loaded.case.number},
        ),
        occurred_at=row.sent_at,
        kind="message",
        subject=loaded.case.number,
        run_id=loaded.run.id,
    )


def _bind(session: Session, sent: _Sent, loaded: LoadedRun, now: datetime) -> None:
    """The two cases know of each other, and the sender's record says that it has arrived."""
    row, sender = sent.row, sent.sender
    row.to_case, row.to_run, row.to_number = loaded.case.id, loaded.run.id, loaded.case.number
    row.state, row.problem, row.received_at = State.RECEIVED, None, now
    row.received = seal_json(loaded.key, sent.parcel, received_place(row.id))
    line = Line(
        action="handoff.arrive",
        sentence=Message("handoffs.did_arrive", {"title": row.title, "to": row.to_name}),
        occurred_at=now,
        kind="message",
        subject=row.to_number,
        run_id=row.from_run,
    )
    append(session, sender.case, sender.key, (line,), actor=SYSTEM, recorded_at=now)
