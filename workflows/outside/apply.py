"""Rows become references: matched anew under the transaction, written where one case is sure.

In chunks, each a transaction: a file that stops half-way is gone on with by applying it again, and
what is done already is not done twice. What cannot be written waits for a person, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, select, tuple_

from workflows.cases.acting import writing
from workflows.cases.case_bonds import note_reference
from workflows.cases.case_commands import take_case
from workflows.cases.platform import Platform
from workflows.errors import AlreadyDoneError, ForbiddenError, NotVisibleError
from workflows.messages import Message
from workflows.outside.findings import STUCK, Finding, Match
from workflows.outside.known import references
from workflows.outside.match import match_rows
from workflows.outside.store import Body, bare, load_file, load_row, open_row, seal_row
from workflows.outside.systems import System, Systems
from workflows.outside.tables import OutsideFile, OutsideRow
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.vault import CaseKey

CHUNK = 50
"""Rows of one transaction: on SQLite nobody else writes meanwhile."""
MOST_AT_ONCE = 500
"""Rows of one call from a page; its reader presses again for the rest."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows ended how; `left`: rows of the file that are not looked at yet."""

    counts: Mapping[str, int]
    left: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A row in hand. `key`: of its file."""

    row: OutsideRow
    key: CaseKey
    body: Body


def apply_file(
    platform: Platform, actor: Actor, systems: Systems, file: str, *, most: int = MOST_AT_ONCE
) -> Applied:
    """Applies at most `most` rows of a preview. Raises NotVisibleError, InvalidInputError,
    AlreadyDoneError for a file that was discarded."""
    counts: Counter[str] = Counter()
    for _chunk in range(0, most, CHUNK):
        with writing(platform, actor) as session:
            kept = load_file(session, file, lock=True)
            if kept.state == "discarded":
                raise AlreadyDoneError("outside.discarded")
            rows = _rows_of(session, kept, "preview")
            counts += settle(session, platform, systems.load(kept.system), rows)
            if len(rows) < CHUNK:
                kept.state, kept.applied_at = "applied", kept.applied_at or platform.clock.now()
                return Applied(counts, 0)
    return Applied(counts, _left(platform, actor, file))


def retry_waiting(
    platform: Platform, actor: Actor, systems: Systems, *, most: int = MOST_AT_ONCE
) -> Applied:
    """Looks again at the rows that were not looked at the longest, at most `most`."""
    counts: Counter[str] = Counter()
    seen, began = 0, platform.clock.now()
    after = (datetime.min.replace(tzinfo=UTC), 0, 0)
    while seen < most:
        with writing(platform, actor) as session:
            rows = _waiting(session, after, began)
            if not rows:
                break
            after = (rows[-1].changed_at, rows[-1].file_id, rows[-1].line)
            for system in sorted({row.system for row in rows} & set(systems.by_key)):
                own = [row for row in rows if row.system == system]
                counts += settle(session, platform, systems.load(system), own)
        seen += len(rows)
    return Applied(counts, 0)


def retry_row(platform: Platform, actor: Actor, systems: Systems, row: str) -> str:
    """Looks again at one row, also at one put aside; its finding then. Raises NotVisibleError,
    InvalidInputError, AlreadyDoneError."""
    with writing(platform, actor) as session:
        found = load_row(session, row, lock=True)
        if found.state == "done":
            raise AlreadyDoneError("outside.row_done")
        settle(session, platform, systems.load(found.system), [found])
        return found.finding


def settle(
    session: Session, platform: Platform, system: System, rows: Sequence[OutsideRow]
) -> Counter[str]:
    """Matches rows and writes what is sure; each ends done or open. Counts by finding."""
    opened = open_rows(session, platform, rows)
    facts = [one.body.facts for one in opened]
    but = opened[0].row.file_id if opened else 0
    matches = match_rows(session, platform, system, facts, but_file=but)
    pairs = list(zip(opened, matches, strict=True))
    # In the order of the cases, so that two files can never wait for each other.
    for one, match in sorted(pairs, key=lambda pair: pair[1].case_id or 0):
        if match.finding is Finding.NEW:
            match = _write(session, platform, system, one, match)
        record(session, platform, one, match)
    return Counter(one.row.finding for one in opened)


def open_rows(session: Session, platform: Platform, rows: Sequence[OutsideRow]) -> list[Opened]:
    """The rows with what they hold; one statement for the files' keys."""
    ids = {row.file_id for row in rows}
    wrapped = dict(
        session.execute(
            select(OutsideFile.id, OutsideFile.wrapped).where(OutsideFile.id.in_(ids))
        ).all()
    )
    keys = {one: platform.vault.open_key(wrapped[one]) for one in ids}
    return [Opened(row, keys[row.file_id], open_row(keys[row.file_id], row)) for row in rows]


def record(session: Session, platform: Platform, one: Opened, match: Match) -> None:
    """How a row stands now. A row that is done loses its cells."""
    row = one.row
    stuck = match.finding in STUCK
    body = bare(one.body, match)
    if stuck:
        body = replace(one.body, reason=match.reason, candidates=match.candidates, note="")
    row.state = "open" if stuck else "done"
    row.finding, row.case_id = match.finding.value, None if stuck else match.case_id
    row.body = seal_row(one.key, row.file_id, row.line, body)
    row.changed_at, row.changed_by_name = platform.clock.now(), session.actor.name


def _write(
    session: Session, platform: Platform, system: System, one: Opened, match: Match
) -> Match:
    """Notes the number with the case, under the case's lock. What changed since matching makes it
    wait for a person instead."""
    assert match.case_id is not None
    number, case = one.body.facts.number, encode_id(match.case_id)
    try:
        hand = take_case(session, platform, session.actor, case, "add_reference")
    except (ForbiddenError, NotVisibleError) as error:
        return Match(Finding.FORBIDDEN, error.message, match.case_id, (match.case_id,))
    others = {held for _case, held in references(session, system, [match.case_id])} - {number}
    if others:
        reason = Message("outside.case_has_other", {"number": sorted(others)[0]})
        return Match(Finding.CONFLICT, reason, candidates=(match.case_id,))
    sentence = Message(
        "outside.did_import", {"system": system.name, "number": number, "line": one.row.line}
    )
    note_reference(hand, system.name, number, sentence)
    session.flush()
    return Match(Finding.WRITTEN, match.reason, match.case_id)


def _rows_of(session: Session, file: OutsideFile, state: str) -> list[OutsideRow]:
    found = session.scalars(
        select(OutsideRow)
        .where(OutsideRow.file_id == file.id, OutsideRow.state == state)
        .order_by(OutsideRow.line)
        .limit(CHUNK)
        .with_for_update()
    )
    return list(found)


def _waiting(
    session: Session, after: tuple[datetime, int, int], began: datetime
) -> list[OutsideRow]:
    """The next rows behind `after`; those looked at since `began` have had their turn."""
    place = tuple_(OutsideRow.changed_at, OutsideRow.file_id, OutsideRow.line)
    found = session.scalars(
        select(OutsideRow)
        .where(OutsideRow.state == "open", OutsideRow.changed_at <= began, place > tuple_(*after))
        .order_by(OutsideRow.changed_at, OutsideRow.file_id, OutsideRow.line)
        .limit(CHUNK)
        .with_for_update()
    )
    return list(found)


def _left(platform: Platform, actor: Actor, file: str) -> int:
    with platform.database.reading(actor) as session:
        kept = load_file(session, file)
        count = select(func.count()).where(
            OutsideRow.file_id == kept.id, OutsideRow.state == "preview"
        )
        return session.scalar(count) or 0
