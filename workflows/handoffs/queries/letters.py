"""Letters in and out of the actor's units: one page, and one letter with what was said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, select, true, tuple_, union
from sqlalchemy.orm import aliased, defer

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.scopes import MOST_BRANCHES, tops
from workflows.cases.sealing import message_from_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseRecord, takes_part
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.handoffs.by_hand import may_record
from workflows.handoffs.resend import is_stuck, may_resend
from workflows.handoffs.states import ENDED, State
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import Message
from workflows.storage import Actor
from workflows.storage.ids import decode_id, encode_id

BOXES = ("in", "out", "dead")
ORDERS = ("newest", "oldest")
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class LettersQuery:
    """Which letters. `box`: in | out | dead (of both directions, waiting for a person); `state`: a
    value of `State`; `kind`: as packages name it. `order`: by when they were sent."""

    box: str = "in"
    state: str | None = None
    kind: str | None = None
    order: str = "newest"
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter as one side sees it.

    `direction`: in | out, from where the reader stands. `other`, `other_number`: who is at the
    other end and the number of the case there. `case`: the reader's own, with `title` None where
    it is out of sight. `problem`: why it waits for a person. `may`: of "resend", "answer".
    """

    id: str
    direction: str
    kind: str
    kind_title: Mapping[str, str]
    state: str
    outcome: str | None
    reason: str | None
    returns: int
    other: str
    other_number: str | None
    case: str | None
    number: str
    title: str | None
    has_desk: bool
    problem: Message | None
    sent_at: datetime
    received_at: datetime | None
    answered_at: datetime | None
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LettersPage:
    """One page. `next`: keyset cursor or None."""

    rows: tuple[LetterView, ...]
    next: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One word of the other side. `state`: open | delivered | waiting | dead."""

    number: int
    outcome: str
    reason: str | None
    state: str
    by: str
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter. `document`: outside id of the letter itself, None where the reader may not open
    it."""

    letter: LetterView
    answers: tuple[AnswerView, ...]
    document: str | None
    now: datetime


def list_letters(platform: Platform, actor: Actor, query: LettersQuery) -> LettersPage:
    """One page in one statement. Raises InvalidInputError for an unknown box, state or order, a
    malformed cursor, a page size outside 1…200."""
    _check(query)
    statement = _page(actor, query)
    with platform.database.reading(actor) as session:
        found = session.execute(statement).all()
    shown = found[: query.page_size]
    following = None
    if len(found) > query.page_size:
        last = shown[-1].Handoff
        following = write_cursor(query.order, [last.sent_at, last.id])
    rows = tuple(_view(row, actor, _direction(row.Handoff, actor, query.box)) for row in shown)
    return LettersPage(rows, following, platform.clock.now())


def load_letter(platform: Platform, actor: Actor, handoff: str) -> LetterPage:
    """One letter. Raises InvalidInputError (malformed id), NotVisibleError."""
    with platform.database.reading(actor) as session:
        found = session.execute(
            _letters(actor).where(Handoff.id == decode_id(handoff))
        ).one_or_none()
        if found is None:
            raise NotVisibleError("handoffs.unknown")
        row = found.Handoff
        view = _view(found, actor, _direction(row, actor, "out"))
        answers = session.scalars(
            select(HandoffAnswer)
            .where(HandoffAnswer.handoff_id == row.id)
            .order_by(HandoffAnswer.number)
        ).all()
        level = level_of(actor, load_parts(session, row.from_case), row.from_run)
    may = view.may
    open_still = row.state not in ENDED and row.state != State.DEAD and row.withdrawn_at is None
    if open_still and may_record(actor, row, level) is None:
        may = (*may, "answer")
    document = row.letter_out if view.direction == "out" and level is Level.FULL else None
    return LetterPage(
        replace(view, may=may),
        tuple(_answer(answer) for answer in answers),
        None if document is None else encode_id(document),
        platform.clock.now(),
    )


def _check(query: LettersQuery) -> None:
    if query.box not in BOXES or query.order not in ORDERS:
        raise InvalidInputError("handoffs.unknown_box", known=", ".join((*BOXES, *ORDERS)))
    if query.state is not None and query.state not in set(State):
        raise InvalidInputError("handoffs.unknown_state", known=", ".join(State))
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)


KEYS = (Handoff.sent_at, Handoff.id)
OWN_OUT, OWN_IN = aliased(CaseRecord), aliased(CaseRecord)


def _letters(actor: Actor) -> Any:
    """Letters the actor may know of, with the titles of the cases they may see. Said here for each
    of the two cases: the session's own condition would be met by any case the actor sees."""

    def own(case: Any, number: Any) -> ColumnElement[bool]:
        seen = true() if actor.is_system else takes_part(actor, case.id)
        return and_(case.id == number, seen)

    return (
        select(
            Handoff,
            OWN_OUT.title.label("out_title"),
            OWN_IN.title.label("in_title"),
        )
        .select_from(Handoff)
        .outerjoin(OWN_OUT, own(OWN_OUT, Handoff.from_case))
        .outerjoin(OWN_IN, own(OWN_IN, Handoff.to_case))
        .options(defer(Handoff.manifest), defer(Handoff.received))
    )


def _page(actor: Actor, query: LettersQuery) -> Any:
    """The page's letters and one more: first their keys, each branch by an index of its own, then
    the rows and titles of these few. All at once, PostgreSQL joins and checks every letter there
    is before it takes fifty."""
    limit = query.page_size + 1
    parts: list[Any] = [
        _ordered(select(*KEYS).where(*branch, *_filters(query)), KEYS, query).limit(limit)
        for branch in _branches(actor, query.box)
    ]
    keys: Any = union(*[select(one.subquery()) for one in parts]).subquery()
    merged = _ordered(select(keys), keys.c, query).limit(limit).subquery()
    letters = _letters(actor).join(merged, merged.c.id == Handoff.id)
    return _ordered(letters, merged.c, query)


def _ordered(statement: Any, columns: Any, query: LettersQuery) -> Any:
    """By when they were sent; `columns`: where `sent_at` and `id` stand."""
    sent_at, number = (columns.sent_at, columns.id) if columns is not KEYS else KEYS
    if query.order == "newest":
        return statement.order_by(sent_at.desc(), number.desc())
    return statement.order_by(sent_at, number)


def _filters(query: LettersQuery) -> list[ColumnElement[bool]]:
    filters = []
    if query.state:
        filters.append(Handoff.state == query.state)
    if query.kind:
        filters.append(Handoff.kind == query.kind)
    if query.cursor:
        behind = tuple_(*read_cursor(query.cursor, query.order, (datetime, int)))
        place = tuple_(*KEYS)
        filters.append(place < behind if query.order == "newest" else place > behind)
    return filters


def _branches(actor: Actor, box: str) -> list[list[ColumnElement[bool]]]:
    """Conditions that each match one index: a unit, or a tree in the order of the list. A letter
    may meet several; `union` takes it once."""
    outgoing = _reached(actor, Handoff.from_unit, Handoff.from_path)
    incoming = _reached(actor, Handoff.to_unit, Handoff.to_path)
    if box == "dead":
        # Written out: a partial index is only used where its condition stands in the statement.
        dead = Handoff.state == literal(str(State.DEAD), literal_execute=True)
        return [[dead, where] for where in (*outgoing, *incoming)]
    return [[where] for where in (incoming if box == "in" else outgoing)]


def _reached(actor: Actor, unit: Any, path: Any) -> list[ColumnElement[bool]]:
    """Letters at a unit some post of the actor reaches, one condition a unit and a tree."""
    if actor.is_system:
        return [unit != ""]
    units = {post.unit for post in actor.posts if post.reach == "unit"}
    found = [path.startswith(tree, autoescape=True) for tree in tops(actor.posts)]
    found += [unit == code for code in sorted(units)]
    return found[:MOST_BRANCHES] or [false()]


def _direction(row: Handoff, actor: Actor, box: str) -> str:
    """From where the reader stands; of one who stands at both ends as the box says."""
    if box == "in":
        return "in"
    sender = any(post.covers(row.from_path) for post in actor.posts) or actor.is_system
    receiver = any(post.covers(row.to_path) for post in actor.posts)
    return "out" if sender or not receiver else "in"


def _view(found: Any, actor: Actor, direction: str) -> LetterView:
    row: Handoff = found.Handoff
    out = direction == "out"
    title = found.out_title if out else found.in_title
    own = row.from_case if out else row.to_case
    may = ("resend",) if is_stuck(row) and may_resend(actor, row) else ()
    return LetterView(
        id=encode_id(row.id),
        direction=direction,
        kind=row.kind,
        kind_title=row.title,
        state=row.state,
        outcome=row.outcome,
        reason=row.reason,
        returns=row.returns,
        other=row.to_name if out else row.from_name,
        other_number=(row.to_number if out else row.from_number) or None,
        case=encode_id(own) if own is not None and title is not None else None,
        number=row.from_number if out else row.to_number,
        title=title,
        has_desk=bool(row.to_unit),
        problem=message_from_json(row.problem) if row.problem else None,
        sent_at=row.sent_at,
        received_at=row.received_at,
        answered_at=row.answered_at,
        may=may,
    )


def _answer(row: HandoffAnswer) -> AnswerView:
    return AnswerView(
        number=row.number,
        outcome=row.outcome,
        reason=row.reason,
        state=row.state,
        by=row.by_name,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
    )
