"""The cases rows of a list may mean, as far as the actor sees them whole, a chunk at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
from workflows.outside.recognise import RowFacts
from workflows.outside.systems import System, spellings, tidy_number
from workflows.storage import Session

MOST_PARTY_ROWS = 5000
"""Party rows read for a chunk, the newest cases first: a bank is a party of thousands."""


@dataclass(slots=True)
class Known:
    """A case the actor sees whole. `refs`: its tidy numbers in the system; `names`, `ids`: of its
    parties, those that rows of the chunk name (`ids` as blind indexes); `may_write`: None, or why
    the actor may not give it a number."""

    id: int
    number: str
    status: str
    on: date
    may_write: Message | None
    names: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Around:
    """Cases by what rows say of them. `is_cut`: more parties share the names than were read, so
    that nothing said of people is sure."""

    cases: dict[int, Known] = field(default_factory=dict)
    by_ref: dict[str, list[Known]] = field(default_factory=dict)
    by_number: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    by_person: dict[str, set[int]] = field(default_factory=dict)
    is_cut: bool = False


def person_index(platform: Platform, text: str) -> str:
    """By what a party with this ID number is found."""
    return platform.vault.blind_index(identity_text({"id_number": text}))


def load_around(
    session: Session, platform: Platform, system: System, rows: Sequence[RowFacts]
) -> Around:
    """Every case a row could mean: six statements at most."""
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
    ids |= {case_id for case_id, _name, _index in people}
    around = Around(load_known(session, system, ids), is_cut=len(people) >= MOST_PARTY_ROWS)
    for case in around.cases.values():
        around.by_number[tidy_number(case.number)] = case
        for number in case.refs:
            around.by_ref.setdefault(number, []).append(case)
    for case_id, name, index in people:
        if case_id in around.cases:
            _place(around, around.cases[case_id], name, index)
    return around


def _place(around: Around, case: Known, name: str, index: str) -> None:
    case.names.add(name)
    around.by_name.setdefault(name, set()).add(case.id)
    if index:
        case.ids.add(index)
        around.by_person.setdefault(index, set()).add(case.id)


def _our_spellings(number: str) -> tuple[str, ...]:
    return (number, *spellings(tidy_number(number)))


def _people(
    session: Session, platform: Platform, rows: Sequence[RowFacts]
) -> list[tuple[int, str, str]]:
    """(case, name, blind index) of parties that some row names, the newest cases first."""
    names = {name for row in rows for name in row.names}
    indexes = {person_index(platform, one) for row in rows for one in row.ids}
    if not names and not indexes:
        return []
    found = session.execute(
        select(Party.case_id, Party.name, Party.id_index)
        .where(or_(Party.name.in_(names), Party.id_index.in_(indexes)), Party.ended_at.is_(None))
        .order_by(Party.case_id.desc())
        .limit(MOST_PARTY_ROWS)
    )
    return [(case_id, name, index) for case_id, name, index in found]


def load_known(session: Session, system: System, ids: Collection[int]) -> dict[int, Known]:
    """Those of the cases the actor sees whole, with their numbers in the system."""
    if not ids:
        return {}
    parts = parts_of(session, ids)
    actor = session.actor
    whole = [one for one in ids if level_of(actor, parts.get(one, ())) is Level.FULL]
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
        refused = may(actor, "add_reference", subject)
        why = None if refused is None else Message("outside.may_not_write", {"number": row.number})
        known[row.id] = Known(row.id, row.number, row.status, today_of(row.occurred_at), why)
    for case_id, number in references(session, system, known):
        known[case_id].refs.add(number)
    return known


def references(session: Session, system: System, ids: Iterable[int]) -> list[tuple[int, str]]:
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
    for case_id, *values in found:
        parts.setdefault(case_id, []).append(Part(*values))
    return parts
