"""A list comes in: read, recognised, matched, kept as a preview. Nothing is written to any case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.platform import Platform
from workflows.errors import ForbiddenError
from workflows.organisation.tables import Unit
from workflows.organisation.units import load_unit
from workflows.outside.findings import Match
from workflows.outside.match import match_rows, number_index
from workflows.outside.recognise import Recognised, RowFacts, cells_of, read_rows, recognise
from workflows.outside.sheet import read_tables
from workflows.outside.store import Body, check_may, seal_name, seal_row
from workflows.outside.systems import Systems
from workflows.outside.tables import ABILITY, OutsideFile, OutsideRow
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.vault import CaseKey

CHUNK = 200
"""Rows matched at a time: five statements each."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class TakeFile:
    """A file handed in. `unit`: code of the unit it is for, None = where the actor handles lists;
    `system`: its key, "" to recognise it by its headings."""

    name: str
    content: bytes
    unit: str | None = None
    system: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The outside id of the file; `is_known`: this very file was taken before."""

    file: str
    system: str
    rows: int
    is_known: bool


def take_file(platform: Platform, actor: Actor, systems: Systems, command: TakeFile) -> Taken:
    """Keeps a file as a preview; the same content again in the same unit gives the first one.

    Raises ForbiddenError, InvalidInputError with what is wrong with the file.
    """
    unit = _find_unit(platform, actor, command.unit)
    if command.system:
        systems.load(command.system)
    found = recognise(systems.by_key, read_tables(command.content), command.system)
    digest = hashlib.sha256(command.content).hexdigest()
    index = platform.vault.blind_index(f"outside file {unit.code} {found.system.key} {digest}")
    rows = list(read_rows(found))
    with platform.database.reading(actor) as session:
        known = _known(session, index)
        if known is not None:
            return known
        matches = list(_matched(session, platform, found, rows))
    with writing(platform, actor) as session:
        return _keep(session, platform, command, unit, found, (index, rows, matches))


def _find_unit(platform: Platform, actor: Actor, code: str | None) -> Unit:
    codes = [post.unit for post in actor.posts if ABILITY in post.abilities]
    if code is None and not codes:
        raise ForbiddenError("outside.no_post")
    with platform.database.reading(actor) as session:
        unit = load_unit(session, code or codes[0])
    check_may(actor, unit.path, unit.short_name)
    return unit


def _known(session: Session, index: str) -> Taken | None:
    file = session.scalars(
        select(OutsideFile)
        .where(OutsideFile.content_index == index, OutsideFile.state != "discarded")
        .order_by(OutsideFile.id.desc())
        .limit(1)
    ).first()
    if file is None:
        return None
    return Taken(encode_id(file.id), file.system, file.row_count, True)


def _matched(
    session: Session, platform: Platform, found: Recognised, rows: Sequence[RowFacts]
) -> Iterator[Match]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield from match_rows(session, platform, found.system, chunk)


def _keep(
    session: Session,
    platform: Platform,
    command: TakeFile,
    unit: Unit,
    found: Recognised,
    read: tuple[str, Sequence[RowFacts], Sequence[Match]],
) -> Taken:
    index, facts, matches = read
    file_id, now = platform.ids.next(), platform.clock.now()
    wrapped = platform.vault.new_case_key()
    key = platform.vault.open_key(wrapped)
    file = OutsideFile(
        id=file_id,
        system=found.system.key,
        unit_code=unit.code,
        unit_path=unit.path,
        state="preview",
        wrapped=wrapped,
        body=seal_name(key, file_id, command.name[-LONGEST_NAME:]),
        content_index=index,
        row_count=len(facts),
        created_at=now,
        created_by=session.actor.account_id,
        created_by_name=session.actor.name,
        applied_at=None,
    )
    session.add(file)
    for row, one, match in zip(found.rows, facts, matches, strict=True):
        body = Body(cells_of(found, row), one, match.reason, match.candidates)
        by_number = number_index(platform, found.system, one.number)
        session.add(_row(file, key, body, match, by_number))
    return Taken(encode_id(file_id), found.system.key, len(facts), False)


def _row(file: OutsideFile, key: CaseKey, body: Body, match: Match, index: str) -> OutsideRow:
    line = body.facts.line
    return OutsideRow(
        file_id=file.id,
        line=line,
        system=file.system,
        unit_code=file.unit_code,
        unit_path=file.unit_path,
        state="preview",
        finding=match.finding.value,
        number_index=index,
        case_id=match.case_id,
        body=seal_row(key, file.id, line, body),
        changed_at=file.created_at,
        changed_by_name=file.created_by_name,
    )
