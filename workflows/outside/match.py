"""Rows of a list against the cases the actor sees whole: a chunk in five statements.

The ladder: the number is known; else the row names our 受理号; else names (or ID numbers) and the
day agree with one case only. Whatever is less certain is for a person. A case the actor sees less
of is no case here: whose parties are who must not be learnt by importing guesses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select

from workflows.cases.access import CaseSubject, Level, Part, level_of, may
from workflows.cases.decision import today_of
from workflows.cases.facts import identity_text
from workflows.cases.platform import Platform
from workflows.cases.snapshot import PART_COLUMNS
from workflows.cases.tables import FAR, CaseRecord, ExternalRef, Participation, Party
from workflows.messages import Message
from workflows.outside.findings import Finding, Match
from workflows.outside.recognise import RowFacts
from workflows.outside.systems import System, spellings, tidy_number
from workflows.outside.tables import OutsideRow
from workflows.storage import Session

MOST_PARTY_ROWS = 5000
"""Party rows read for a chunk, the newest cases first: a bank is a party of thousands."""
MOST_CANDIDATES = 8
ENDED = ("voided", "merged")
"""Cases that take no new number."""


@dataclass(slots=True)
class Known:
    """A case the actor sees whole. `refs`: its tidy numbers in the system; `ids`: blind indexes
    of its parties."""

    id: int
    number: str
    status: str
    on: date
    may_write: Message | None
    names: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)


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
    cases = _load_cases(session, platform, system, sound)
    waiting = _earlier(session, platform, system, sound, but_file)
    taken: dict[int, str] = {}
    found = []
    for row in rows:
        match = _match(platform, system, row, cases)
        match = _unless_taken(row, match, taken)
        unsure = (Finding.CONFLICT, Finding.AMBIGUOUS, Finding.UNKNOWN, Finding.FORBIDDEN)
        if match.finding in unsure and row.number in waiting:
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


def _match(platform: Platform, system: System, row: RowFacts, cases: Mapping[int, Known]) -> Match:
    if row.problem is not None:
        return Match(Finding.BAD, row.problem)
    holders = [case for case in cases.values() if row.number in case.refs]
    ours = tidy_number(row.our_number)
    named = next((one for one in cases.values() if ours and tidy_number(one.number) == ours), None)
    if holders:
        return _known_number(holders, named)
    if named is not None:
        return _to_case(row, named, Message("outside.by_our_number", {"number": named.number}))
    return _by_people(platform, system, row, cases)


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


def _by_people(
    platform: Platform, system: System, row: RowFacts, cases: Mapping[int, Known]
) -> Match:
    ids = {_id_index(platform, one) for one in row.ids}
    scored = [
        (_score(system, row, ids, case), case)
        for case in cases.values()
        if case.status not in ENDED and (case.names & set(row.names) or case.ids & ids)
    ]
    likely = sorted(scored, key=lambda pair: (-pair[0], -pair[1].id))
    sure = [case for score, case in likely if score >= SURE]
    if len(sure) == 1 and not row.our_number:
        number = Message("outside.by_people", {"number": sure[0].number})
        return _to_case(row, sure[0], number)
    if likely:
        reason = Message("outside.ambiguous", {"count": min(len(likely), MOST_CANDIDATES)})
        if row.our_number:
            reason = Message("outside.other_than_named", {"number": row.our_number})
        chosen = tuple(case.id for _score, case in likely[:MOST_CANDIDATES])
        return Match(Finding.AMBIGUOUS, reason, candidates=chosen)
    if row.our_number:
        reason = Message("outside.no_such_number", {"number": row.our_number})
        return Match(Finding.UNKNOWN, reason)
    return Match(Finding.UNKNOWN, Message("outside.unknown_row"))


SURE = 100


def _score(system: System, row: RowFacts, ids: set[str], case: Known) -> int:
    """How far row and case agree; SURE only where everybody named is a party (two of them, or one
    by the ID number too) and the days lie within the system's window."""
    names = set(row.names)
    same, by_id = names & case.names, ids & case.ids
    near = row.on is not None and abs((row.on - case.on).days) <= system.window_days
    score = 10 * len(same) + 20 * len(by_id) + (30 if near else 0)
    enough = len(same) >= 2 or bool(by_id)
    return score + SURE if near and enough and names <= case.names else score


def _id_index(platform: Platform, text: str) -> str:
    return platform.vault.blind_index(identity_text({"id_number": text}))


def _load_cases(
    session: Session, platform: Platform, system: System, rows: Sequence[RowFacts]
) -> dict[int, Known]:
    """Every case a row could mean, seen whole by the actor."""
    numbers = {one for row in rows if row.number for one in spellings(row.number)}
    ids: set[int] = set()
    if numbers:
        held = select(ExternalRef.case_id).where(
            ExternalRef.system.in_(system.names), ExternalRef.number.in_(numbers)
        )
        ids |= set(session.scalars(held))
    ours = {one for row in rows if row.our_number for one in _our_spellings(row.our_number)}
    if ours:
        ids |= set(session.scalars(select(CaseRecord.id).where(CaseRecord.number.in_(ours))))
    people = _people(session, platform, rows)
    cases = load_known(session, system, ids | set(people))
    for case_id, pairs in people.items():
        if case_id in cases:
            cases[case_id].names |= {name for name, _index in pairs}
            cases[case_id].ids |= {index for _name, index in pairs if index}
    return cases


def _our_spellings(number: str) -> tuple[str, ...]:
    return (number, *spellings(tidy_number(number)))


def _people(
    session: Session, platform: Platform, rows: Sequence[RowFacts]
) -> dict[int, list[tuple[str, str]]]:
    """Case → (name, blind index) of parties that some row names."""
    names = {name for row in rows for name in row.names}
    indexes = {_id_index(platform, one) for row in rows for one in row.ids}
    if not names and not indexes:
        return {}
    found = session.execute(
        select(Party.case_id, Party.name, Party.id_index)
        .where(
            or_(Party.name.in_(names), Party.id_index.in_(indexes)),
            Party.ended_at.is_(None),
        )
        .order_by(Party.case_id.desc())
        .limit(MOST_PARTY_ROWS)
    )
    people: dict[int, list[tuple[str, str]]] = {}
    for case_id, name, index in found:
        people.setdefault(case_id, []).append((name, index))
    return people


def load_known(session: Session, system: System, ids: Collection[int]) -> dict[int, Known]:
    """Those of the cases the actor sees whole, with their numbers in the system."""
    if not ids:
        return {}
    parts = parts_of(session, ids)
    whole = {
        case_id: level
        for case_id in ids
        if (level := level_of(session.actor, parts.get(case_id, ()))) is Level.FULL
    }
    known = {}
    for row in session.execute(
        select(
            CaseRecord.id,
            CaseRecord.number,
            CaseRecord.status,
            CaseRecord.occurred_at,
            CaseRecord.unit_path,
            CaseRecord.access_class,
        ).where(CaseRecord.id.in_(whole))
    ):
        subject = CaseSubject(row.unit_path, "", row.status, row.access_class, Level.FULL)
        refused = may(session.actor, "add_reference", subject)
        why = None if refused is None else Message("outside.may_not_write", {"number": row.number})
        known[row.id] = Known(row.id, row.number, row.status, today_of(row.occurred_at), why)
    for case_id, number in references(session, system, known):
        known[case_id].refs.add(number)
    return known


def references(session: Session, system: System, ids: Iterable[int]) -> Iterable[tuple[int, str]]:
    """(case, tidy number) of cases in a system."""
    found = session.execute(
        select(ExternalRef.case_id, ExternalRef.number).where(
            ExternalRef.case_id.in_(list(ids)), ExternalRef.system.in_(system.names)
        )
    )
    return [(case_id, tidy_number(number)) for case_id, number in found]


def parts_of(session: Session, ids: Collection[int]) -> dict[int, list[Part]]:
    """Participations in force by case."""
    found = session.execute(
        select(Participation.case_id, *PART_COLUMNS).where(
            Participation.case_id.in_(ids), Participation.to_at == FAR
        )
    )
    parts: dict[int, list[Part]] = {}
    for row in found:
        values = dict(row._mapping)
        parts.setdefault(values.pop("case_id"), []).append(Part(**values))
    return parts


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
