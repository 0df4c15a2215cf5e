"""Rows of a list against the cases the actor sees whole.

The ladder: the number is known; else the row names our 受理号; else names (or ID numbers) and the
day agree with one case only. Whatever is less certain is for a person. A case the actor sees less
of is no case here: whose parties are who must not be learnt by importing guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.messages import Message
from workflows.outside.findings import Finding, Match
from workflows.outside.known import Around, Known, load_around, person_index
from workflows.outside.recognise import RowFacts
from workflows.outside.systems import System, tidy_number
from workflows.outside.tables import OutsideRow
from workflows.storage import Session

MOST_CANDIDATES = 8
MOST_POOL = 100
"""Cases of one row that are weighed one by one where only some of its names agree."""
ENDED = ("voided", "merged")
"""Cases that take no new number."""
UNSURE = frozenset({Finding.CONFLICT, Finding.AMBIGUOUS, Finding.UNKNOWN, Finding.FORBIDDEN})


def number_index(platform: Platform, system: System, number: str) -> str:
    """By what a row with this number is found again, "" without one."""
    return platform.vault.blind_index(f"outside {system.key} {number}") if number else ""


def match_rows(
    session: Session,
    platform: Platform,
    system: System,
    rows: Sequence[RowFacts],
    *,
    but_file: int = 0,
) -> list[Match]:
    """One match a row, in their order. `but_file`: whose own rows are no earlier ones."""
    sound = [row for row in rows if row.problem is None]
    around = load_around(session, platform, system, sound)
    waiting = _earlier(session, platform, system, sound, but_file)
    taken: dict[int, str] = {}
    found = []
    for row in rows:
        match = _unless_taken(row, _match(platform, system, row, around), taken)
        if match.finding in UNSURE and row.number in waiting:
            match = Match(Finding.LISTED, Message("outside.listed"))
        found.append(match)
    return found


def _unless_taken(row: RowFacts, match: Match, taken: dict[int, str]) -> Match:
    """Two rows of one chunk must not give one case two numbers."""
    if match.finding is not Finding.NEW or match.case_id is None:
        return match
    first = taken.setdefault(match.case_id, row.number)
    if first == row.number:
        return match
    reason = Message("outside.case_taken_in_file", {"number": first})
    return Match(Finding.CONFLICT, reason, candidates=(match.case_id,))


def _match(platform: Platform, system: System, row: RowFacts, around: Around) -> Match:
    if row.problem is not None:
        return Match(Finding.BAD, row.problem)
    holders = around.by_ref.get(row.number, [])
    named = around.by_number.get(tidy_number(row.our_number)) if row.our_number else None
    if holders:
        return _known_number(holders, named)
    if named is not None:
        return _to_case(row, named, Message("outside.by_our_number", {"number": named.number}))
    return _by_people(platform, system, row, around)


def _known_number(holders: list[Known], named: Known | None) -> Match:
    if named is not None and named not in holders:
        reason = Message("outside.number_elsewhere", {"number": holders[0].number})
        return Match(Finding.CONFLICT, reason, candidates=(named.id, holders[0].id))
    case = named or holders[0]
    return Match(Finding.SAME, Message("outside.same", {"number": case.number}), case.id)


def _to_case(row: RowFacts, case: Known, how: Message) -> Match:
    """The row is this case's: unless the case is bound, ended or not the actor's to write."""
    if case.status in ENDED:
        reason = Message("outside.case_ended", {"number": case.number})
        return Match(Finding.CONFLICT, reason, candidates=(case.id,))
    if case.refs - {row.number}:
        other = Message("outside.case_has_other", {"number": sorted(case.refs)[0]})
        return Match(Finding.CONFLICT, other, candidates=(case.id,))
    if case.may_write is not None:
        return Match(Finding.FORBIDDEN, case.may_write, case.id, (case.id,))
    return Match(Finding.NEW, how, case.id)


def _by_people(platform: Platform, system: System, row: RowFacts, around: Around) -> Match:
    ids = {person_index(platform, one) for one in row.ids}
    sure = _sure(system, row, ids, around)
    if len(sure) == 1 and not row.our_number and not around.is_cut:
        return _to_case(row, sure[0], Message("outside.by_people", {"number": sure[0].number}))
    likely = sorted(sure, key=lambda case: -case.id)[:MOST_POOL] or _likely(row, ids, around)
    if not likely:
        return Match(Finding.UNKNOWN, _nobody(row))
    best = nlargest(MOST_CANDIDATES, likely, key=lambda case: _weight(system, row, ids, case))
    reason = Message("outside.ambiguous", {"count": len(best)})
    if row.our_number:
        reason = Message("outside.other_than_named", {"number": row.our_number})
    return Match(Finding.AMBIGUOUS, reason, candidates=tuple(case.id for case in best))


def _nobody(row: RowFacts) -> Message:
    if row.our_number:
        return Message("outside.no_such_number", {"number": row.our_number})
    return Message("outside.unknown_row")


def _sure(system: System, row: RowFacts, ids: set[str], around: Around) -> list[Known]:
    """Cases of which everybody named is a party (two of them, or one by the ID number too) and
    whose day lies within the system's window."""
    shared = [around.by_name.get(name, set()) for name in row.names]
    if not shared or row.on is None:
        return []
    found = []
    for case_id in set.intersection(*shared):
        case = around.cases[case_id]
        enough = len(row.names) >= 2 or bool(ids & case.ids)
        near = abs((row.on - case.on).days) <= system.window_days
        if enough and near and case.status not in ENDED:
            found.append(case)
    return found


def _likely(row: RowFacts, ids: set[str], around: Around) -> list[Known]:
    """Cases that share a person or a name with the row: persons first, then the rarest name."""
    pool: set[int] = set()
    sets = [around.by_person.get(one, set()) for one in ids]
    sets += sorted((around.by_name.get(name, set()) for name in row.names), key=len)
    for one in sets:
        if len(pool) < MOST_POOL:
            pool |= set(nlargest(MOST_POOL, one))
    cases = (around.cases[one] for one in pool)
    return [case for case in cases if case.status not in ENDED]


def _weight(system: System, row: RowFacts, ids: set[str], case: Known) -> tuple[int, int]:
    """How far row and case agree; of equals the newer case."""
    near = row.on is not None and abs((row.on - case.on).days) <= system.window_days
    people = len(set(row.names) & case.names) + 2 * len(ids & case.ids)
    return people + (3 if near else 0), case.id


def _earlier(
    session: Session,
    platform: Platform,
    system: System,
    rows: Sequence[RowFacts],
    but_file: int,
) -> set[str]:
    """Numbers whose row of an earlier file waits or was put aside."""
    indexes = {number_index(platform, system, row.number): row.number for row in rows if row.number}
    found = session.scalars(
        select(OutsideRow.number_index).where(
            OutsideRow.number_index.in_(indexes),
            OutsideRow.state.in_(("open", "dismissed")),
            OutsideRow.file_id != but_file,
        )
    )
    return {indexes[one] for one in found}
