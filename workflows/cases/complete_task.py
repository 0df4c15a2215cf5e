"""Completing a work item: the trip every case makes again and again.

Arguments → snapshot (one SELECT, the case locked) → access and revision → form → heart → save. One
transaction, one commit, no network inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases import answers
from workflows.cases.access import check, knows_of
from workflows.cases.acting import act_on_run, tasks_of, writing
from workflows.cases.barred import check_not_barred
from workflows.cases.decision import Command, CommandKind
from workflows.cases.idempotency import add_answer, body_hash, check_key, same_body
from workflows.cases.moments import check_occurred_at
from workflows.cases.participation import join_person
from workflows.cases.platform import Platform
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.views import Reading, item_subject
from workflows.cases.save_decision import Saved
from workflows.cases.signatures import count_signatures
from workflows.cases.snapshot import LoadedRun, load_run, sees_nothing
from workflows.cases.submission import NOTHING, Submission, save_submission, sort_values
from workflows.cases.tables import WorkItem
from workflows.cases.timeline import Line
from workflows.catalogue.package import Package
from workflows.errors import (
    AlreadyDoneError,
    FieldError,
    InvalidFormError,
    NotVisibleError,
    StaleRevisionError,
)
from workflows.formspec import Values, read_values
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_item, encode_id


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A submitted form. `item`: outside id; `revision`: the item's, as the form was shown.

    `raw`: values by field name, unchecked. `occurred_at`: when the act took place, None = now;
    `late_reason`: why it is entered more than three days later.
    """

    item: str
    revision: int
    raw: Mapping[str, Any]
    occurred_at: datetime | None = None
    late_reason: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """What stands after it: outside ids, the run's open work items, its revision."""

    case: str
    run: str
    tasks: tuple[InboxRow, ...]
    pending_calls: int
    revision: int


def complete_task(platform: Platform, actor: Actor, command: CompleteTask) -> Completed:
    """Completes one work item.

    Raises InvalidInputError, NotVisibleError, ForbiddenError, StaleRevisionError (its message has
    both revisions), AlreadyDoneError, InvalidFormError with every wrong field, RuleError,
    ProcessFaultError, KeyReusedError; nothing is written then.
    """
    run_id, number = decode_item(command.item)
    check_key(command.idempotency_key)
    now = platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, command.late_reason)
    asked = body_hash("complete", _body(command))
    with writing(platform, actor) as session:
        loaded = load_run(
            session,
            platform,
            run_id,
            idempotency_key=command.idempotency_key,
            unknown="cases.unknown_item",
        )
        if loaded.answered is not None:
            same_body(loaded.answered[0], asked)
            return _from_json(loaded.answered[1])
        item = _open_item(session, loaded, number, command, actor)
        package = platform.catalogue.load(session, loaded.run.version_id)
        values = _read_form(loaded, package, item, command, now)
        submission = NOTHING if values is None else sort_values(platform, loaded.case, values)
        signed_at = _signed_at(session, package, item, values)
        done = Command(
            CommandKind.COMPLETE,
            now,
            signed_at or occurred_at,
            number,
            submission.data,
            submission.change,
        )
        saved = _do(session, platform, loaded, package, item, submission, done, command)
        reading = Reading(actor, now, platform.rules(session))
        completed = _completed(loaded, saved, reading)
        answer = _to_json(completed) if command.idempotency_key else None
        kept = answers.to_keep(answer, loaded.case.access_class)
        add_answer(session, command.idempotency_key, asked, kept, now)
    return completed


def _body(command: CompleteTask) -> Mapping[str, Any]:
    return {
        "item": command.item,
        "revision": command.revision,
        "raw": command.raw,
        "occurred_at": command.occurred_at,
        "late_reason": command.late_reason,
    }


def _open_item(
    session: Session, loaded: LoadedRun, number: int, command: CompleteTask, actor: Actor
) -> Mapping[str, Any]:
    """The item, if it is open, the actor's to do, and as the actor saw it."""
    row = loaded.find_item(number)
    if row is None:
        raise _gone(session, loaded, number, actor)
    granted = any(part.account_id == actor.account_id for part in loaded.parts)
    subject = item_subject(row, granted=granted)
    if sees_nothing(actor, loaded) and not knows_of(actor, subject):
        raise NotVisibleError("cases.unknown_item")
    check(actor, "complete", subject)
    check_not_barred(session, row["case_id"], row["role"], actor.account_id)
    if row["revision"] != command.revision:
        raise StaleRevisionError(
            "cases.item_changed", expected=command.revision, found=row["revision"]
        )
    return row


def _gone(session: Session, loaded: LoadedRun, number: int, actor: Actor) -> Exception:
    """Why an item is not among the open ones."""
    found = session.execute(
        select(WorkItem.state, WorkItem.done_at).where(
            WorkItem.run_id == loaded.run.id, WorkItem.number == number
        )
    ).one_or_none()
    if found is None or sees_nothing(actor, loaded):
        return NotVisibleError("cases.unknown_item")
    return AlreadyDoneError(f"cases.item_{found.state}")


def _read_form(
    loaded: LoadedRun,
    package: Package,
    item: Mapping[str, Any],
    command: CompleteTask,
    now: datetime,
) -> Values | None:
    """What the form gave; None for a task without one."""
    form = package.form_of(item["form"])
    if form is None:
        extra = [
            FieldError(f"/{name}", Message("cases.no_form", {"name": name})) for name in command.raw
        ]
        if extra:
            raise InvalidFormError(extra)
        return None
    return read_values(form, command.raw, now=now, known=known_names(loaded))


def _signed_at(
    session: Session, package: Package, item: Mapping[str, Any], values: Values | None
) -> datetime | None:
    """When a task took place that somebody signed on a screen: with the last signature."""
    form = package.form_of(item["form"])
    if form is None or values is None:
        return None
    return count_signatures(session, form, values, run_id=item["run_id"], item=item["number"])


def known_names(loaded: LoadedRun) -> Mapping[str, Any]:
    """What conditions of a form may read besides its own fields."""
    facts = loaded.facts()
    return {"case": facts.case, "parties": list(facts.parties), "unit": facts.unit}


def _do(
    session: Session,
    platform: Platform,
    loaded: LoadedRun,
    package: Package,
    item: Mapping[str, Any],
    submission: Submission,
    done: Command,
    command: CompleteTask,
) -> Saved:
    """Stores what the form brought, lets the heart decide and saves it."""
    actor = session.actor
    save_submission(
        session,
        platform,
        loaded.case,
        loaded.key,
        submission,
        run_id=loaded.run.id,
        at=done.at,
    )
    join_person(
        session, loaded.case, loaded.parts, account_id=actor.account_id, why="task", at=done.at
    )
    line = _line(item, done, command)
    return act_on_run(session, platform, loaded, package, done, (line,)).saved


def _line(item: Mapping[str, Any], done: Command, command: CompleteTask) -> Line:
    return Line(
        action="complete",
        sentence=Message("cases.did_complete", {"title": item["title"]}),
        occurred_at=done.moment,
        subject=item["title"]["zh"],
        detail=(command.late_reason or "").strip() or None,
    )


def _completed(loaded: LoadedRun, saved: Saved, reading: Reading) -> Completed:
    return Completed(
        case=encode_id(loaded.case.id),
        run=encode_id(loaded.run.id),
        tasks=tasks_of(saved, reading),
        pending_calls=loaded.run.pending_calls,
        revision=loaded.run.revision,
    )


def _to_json(completed: Completed) -> dict[str, Any]:
    return {
        "case": completed.case,
        "run": completed.run,
        "tasks": [answers.row_to_json(row) for row in completed.tasks],
        "pending_calls": completed.pending_calls,
        "revision": completed.revision,
    }


def _from_json(data: Mapping[str, Any]) -> Completed:
    return Completed(
        case=data["case"],
        run=data["run"],
        tasks=tuple(answers.row_from_json(row) for row in data["tasks"]),
        pending_calls=data["pending_calls"],
        revision=data["revision"],
    )
