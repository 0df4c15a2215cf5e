"""Who has a work item: claim, release, assign, return; one or many.

Every act changes the item's revision, so whoever still looks at the old one is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select

from workflows.cases import answers
from workflows.cases.access import check, knows_of, may
from workflows.cases.acting import writing
from workflows.cases.barred import check_not_barred, without_barred
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.item_rows import Row, save_items
from workflows.cases.moments import check_reason
from workflows.cases.news import given, taken
from workflows.cases.participation import join_person
from workflows.cases.platform import Platform
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.views import Reading, item_subject, item_view
from workflows.cases.snapshot import LoadedRun, load_run, sees_nothing
from workflows.cases.tables import WorkItem
from workflows.cases.timeline import Line, append
from workflows.deadlines.compute import local_day
from workflows.errors import (
    AlreadyDoneError,
    FengqiaoError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.messages import Message
from workflows.notices.tell import News, tell
from workflows.organisation.candidates import Candidate, find_candidates
from workflows.organisation.tables import Account
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_item

UNKNOWN = "cases.unknown_item"
MOST_AT_ONCE = 100
ACTIONS = ("claim", "release", "assign", "return")


@dataclass(frozen=True, slots=True)
class ItemCommand:
    """An act on one item. `revision`: as the actor saw it, None to act on whatever is there.
    `to`: username (assign); `reason`: asked of return, welcome with assign."""

    item: str
    revision: int | None = None
    to: str | None = None
    reason: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class BulkCommand:
    """One act on many items."""

    items: Sequence[str]
    action: str
    to: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """What became of one of them: its row, or why not."""

    item: str
    row: InboxRow | None = None
    refusal: Message | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    """An item in hand, locked with its case."""

    session: Session
    loaded: LoadedRun
    item: Mapping[str, Any]
    now: datetime
    command: ItemCommand
    changes: Row = field(default_factory=dict)


_Step: TypeAlias = Callable[[_Work], Line]


def claim(platform: Platform, actor: Actor, command: ItemCommand) -> InboxRow:
    """Takes an item nobody has. Raises NotVisibleError, ForbiddenError, StaleRevisionError,
    AlreadyDoneError, KeyReusedError; so do the three below."""
    return _act(platform, actor, command, "claim", _claim)


def release(platform: Platform, actor: Actor, command: ItemCommand) -> InboxRow:
    """Gives an item back to everybody who may claim it."""
    return _act(platform, actor, command, "release", _release)


def return_task(platform: Platform, actor: Actor, command: ItemCommand) -> InboxRow:
    """Gives an item back with a reason, which the timeline keeps. RuleError without one."""
    check_reason(command.reason)
    return _act(platform, actor, command, "return", _return)


def assign(platform: Platform, actor: Actor, command: ItemCommand) -> InboxRow:
    """Hands an item to somebody who may do its role there today. RuleError for anybody else."""
    if not command.to:
        raise InvalidInputError("cases.assign_to_missing")
    return _act(platform, actor, command, "assign", _assign)


def bulk(platform: Platform, actor: Actor, command: BulkCommand) -> tuple[BulkAnswer, ...]:
    """The same act on many items, each in its own transaction and with its own answer."""
    acts = {"claim": claim, "release": release, "assign": assign, "return": return_task}
    if command.action not in acts:
        raise InvalidInputError("cases.unknown_action", known=", ".join(ACTIONS))
    if not 1 <= len(command.items) <= MOST_AT_ONCE:
        raise InvalidInputError("cases.too_many_items", most=MOST_AT_ONCE)
    found = []
    for item in command.items:
        one = ItemCommand(item, to=command.to, reason=command.reason)
        try:
            found.append(BulkAnswer(item, row=acts[command.action](platform, actor, one)))
        except FengqiaoError as refused:
            found.append(BulkAnswer(item, refusal=refused.message))
    return tuple(found)


def list_assignable(platform: Platform, actor: Actor, item: str) -> tuple[Candidate, ...]:
    """Who may be given an item today, for the list to choose from."""
    run_id, number = decode_item(item)
    on = local_day(platform.clock.now())
    with platform.database.reading(actor) as session:
        row = session.execute(
            select(
                *(
                    WorkItem.__table__.c[name]
                    for name in (
                        "case_id",
                        "role",
                        "unit_code",
                        "unit_path",
                        "unit_name",
                        "assignee",
                        "assignee_name",
                        "state",
                        "access_class",
                    )
                )
            ).where(WorkItem.run_id == run_id, WorkItem.number == number)
        ).one_or_none()
        if row is None or may(actor, "assign", item_subject(dict(row._mapping))) is not None:
            raise NotVisibleError(UNKNOWN)
        people = find_candidates(session, row.role, row.unit_code, on)
        return without_barred(session, row.case_id, row.role, people)


def _act(
    platform: Platform, actor: Actor, command: ItemCommand, action: str, step: _Step
) -> InboxRow:
    run_id, number = decode_item(command.item)
    now = platform.clock.now()
    asked = body_hash(action, {"item": command.item, "to": command.to, "reason": command.reason})
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, now)
        if first is not None:
            return answers.row_from_json(first)
        loaded = load_run(session, platform, run_id, unknown=UNKNOWN)
        item = _find(session, loaded, number, actor, command.revision)
        granted = any(part.account_id == actor.account_id for part in loaded.parts)
        check(actor, action, item_subject(item, granted=granted))
        work = _Work(session, loaded, item, now, command)
        line = step(work)
        changed = {**item, **work.changes, "revision": item["revision"] + 1}
        append(session, loaded.case, loaded.key, (line,), actor=actor, recorded_at=now)
        session.flush()
        save_items(session, [changed])
        news = [*taken(item, changed, actor, now), *_given(item, changed, actor, now)]
        tell(session, platform.ids, news, mails=platform.mails)
        row = item_view(
            changed,
            next((c for c in loaded.clocks if c["number"] == item["clock_number"]), None),
            Reading(actor, now, platform.rules(session)),
            granted=True,
        )
        kept = answers.to_keep(answers.row_to_json(row), loaded.case.access_class)
        keep_answer(session, command.idempotency_key, kept)
    return row


def _given(before: Mapping[str, Any], after: Row, actor: Actor, now: datetime) -> list[News]:
    """Handing an item to who has it already is no news."""
    return given([after], actor, now) if after["assignee"] != before["assignee"] else []


def _find(
    session: Session, loaded: LoadedRun, number: int, actor: Actor, revision: int | None
) -> Mapping[str, Any]:
    item = loaded.find_item(number)
    if item is None:
        state = session.scalar(
            select(WorkItem.state).where(
                WorkItem.run_id == loaded.run.id, WorkItem.number == number
            )
        )
        if state is None or sees_nothing(actor, loaded):
            raise NotVisibleError(UNKNOWN)
        raise AlreadyDoneError(f"cases.item_{state}")
    granted = any(part.account_id == actor.account_id for part in loaded.parts)
    known = knows_of(actor, item_subject(item, granted=granted))
    if not known and sees_nothing(actor, loaded):
        raise NotVisibleError(UNKNOWN)
    if revision is not None and revision != item["revision"]:
        raise StaleRevisionError("cases.item_changed", expected=revision, found=item["revision"])
    return item


def _claim(work: _Work) -> Line:
    actor = work.session.actor
    _check_not_barred(work, actor.account_id)
    work.changes.update(assignee=actor.username, assignee_name=actor.name)
    _join(work, actor.account_id, "claim")
    return _line(work, "claim", "cases.did_claim")


def _release(work: _Work) -> Line:
    work.changes.update(assignee="", assignee_name="")
    return _line(work, "release", "cases.did_release")


def _return(work: _Work) -> Line:
    work.changes.update(assignee="", assignee_name="")
    return _line(work, "return", "cases.did_return", detail=check_reason(work.command.reason))


def _assign(work: _Work) -> Line:
    people = find_candidates(
        work.session, work.item["role"], work.item["unit_code"], local_day(work.now)
    )
    chosen = next((one for one in people if one.username == work.command.to), None)
    if chosen is None or chosen.username is None:
        raise RuleError(
            "cases.not_a_candidate", role=work.item["role"], unit=work.item["unit_name"]
        )
    work.changes.update(assignee=chosen.username, assignee_name=chosen.name)
    account = work.session.scalar(select(Account.id).where(Account.username == chosen.username))
    if account is not None:
        _check_not_barred(work, account)
        _join(work, account, "assign")
    detail = work.command.reason.strip() or None
    return _line(work, "assign", "cases.did_assign", detail=detail, name=chosen.name)


def _check_not_barred(work: _Work, account_id: int) -> None:
    check_not_barred(work.session, work.item["case_id"], work.item["role"], account_id)


def _join(work: _Work, account_id: int, why: str) -> None:
    join_person(
        work.session,
        work.loaded.case,
        work.loaded.parts,
        account_id=account_id,
        why=why,
        at=work.now,
    )


def _line(
    work: _Work, action: str, code: str, *, detail: str | None = None, **params: object
) -> Line:
    return Line(
        action=action,
        sentence=Message(code, {"title": work.item["title"], **params}),
        occurred_at=work.now,
        kind="person",
        subject=work.item["title"]["zh"],
        detail=detail,
        run_id=work.loaded.run.id,
    )
