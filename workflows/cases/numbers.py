"""Official numbers: gapless per office, kind and year; a voided number stays on record.

The counter's row is locked from the issue to the end of the transaction, so a number is either
committed with what it stands on or never existed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from workflows.cases.tables import IssuedNumber, NumberSeries
from workflows.deadlines.compute import local_day
from workflows.errors import RuleError
from workflows.storage import Session
from workflows.storage.upsert import insert_into

CASE_SERIES = "case"
CASE_FORMAT = "{unit}受〔{year}〕{n}号"
"""受理号."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues: unit code and the short name official numbers begin with."""

    code: str
    short_name: str


def issue(
    session: Session, series: str, pattern: str, *, office: Office, case_id: int, at: datetime
) -> str:
    """The next number of a series as written; two statements, the second with the flush.

    `pattern` has {unit}, {year}, {n}; the year is the local one of `at`. Raises RuleError for a
    pattern that cannot be filled in.
    """
    year = local_day(at).year
    key = f"{series}/{office.code}/{year}"
    n = _count(session, key)
    try:
        written = pattern.format(unit=office.short_name, year=year, n=n)
    except (KeyError, IndexError, ValueError) as error:
        raise RuleError("cases.number_pattern", pattern=pattern) from error
    session.add(
        IssuedNumber(
            series=key,
            n=n,
            written=written,
            case_id=case_id,
            issued_at=at,
            voided_at=None,
            void_reason=None,
        )
    )
    return written


def _count(session: Session, key: str) -> int:
    statement = insert_into(session.dialect, NumberSeries).values(series=key, last=1)
    counted = session.raw(
        statement.on_conflict_do_update(
            index_elements=["series"], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
    )
    return int(counted.scalar_one())


def void_numbers(session: Session, case_id: int, *, at: datetime, reason: str) -> None:
    """Marks all numbers of a case as voided; none is given again."""
    session.execute(
        update(IssuedNumber)
        .where(IssuedNumber.case_id == case_id, IssuedNumber.voided_at.is_(None))
        .values(voided_at=at, void_reason=reason[:300])
    )
