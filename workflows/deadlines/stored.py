"""Rows of an office to and from the plain types of this room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from workflows.deadlines.book import INSTALLATION, Overrides
from workflows.deadlines.calendar import CalendarYear
from workflows.deadlines.rules import Rule, build_rule
from workflows.deadlines.tables import ALWAYS, CalendarDayRow, CalendarYearRow, DeadlineRuleRow
from workflows.organisation.tables import Unit
from workflows.storage import Session


def load_overrides(session: Session, entering: tuple[str, CalendarYear] | None = None) -> Overrides:
    """All entered rules and calendars, and the ancestry of units if any unit has its own.

    `entering`: (unit code, year) as if it had been entered already. At most four statements,
    whatever the number of units.
    """
    rules: defaultdict[str, list[Rule]] = defaultdict(list)
    for row in session.scalars(select(DeadlineRuleRow)):
        effective = None if row.effective_on == ALWAYS else row.effective_on
        rules[row.unit_code].append(build_rule(row.key, {**row.body, "effective_on": effective}))
    years = _load_years(session)
    if entering is not None:
        unit, new = entering
        years[unit] = [*(year for year in years[unit] if year.year != new.year), new]
    own = (set(rules) | set(years)) - {INSTALLATION}
    return Overrides(rules=rules, years=years, lineage=_load_lineage(session) if own else {})


def list_years(session: Session) -> Mapping[str, Sequence[CalendarYear]]:
    """Unit code ("" = whole installation) → the years it has entered, the earliest first."""
    return _load_years(session)


def save_rule(
    session: Session, unit_code: str, key: str, body: Mapping[str, Any], *, at: datetime
) -> Rule:
    """Enters a rule for a unit, replacing the one effective on the same day.

    `body` as for `build_rule`, dates as ISO text. Raises ValueError for an impossible rule.
    """
    rule = build_rule(key, body)
    plain = {name: value for name, value in body.items() if name != "effective_on"}
    session.merge(
        DeadlineRuleRow(
            unit_code=unit_code,
            key=key,
            effective_on=rule.effective_on or ALWAYS,
            body=plain,
            entered_at=at,
        )
    )
    return rule


def save_year(session: Session, unit_code: str, year: CalendarYear, *, at: datetime) -> None:
    """Enters a year for a unit ("" = whole installation), replacing what it had for that year."""
    first, last = date(year.year, 1, 1), date(year.year, 12, 31)
    mine = CalendarDayRow.unit_code == unit_code
    session.execute(delete(CalendarDayRow).where(mine, CalendarDayRow.day.between(first, last)))
    session.merge(
        CalendarYearRow(
            unit_code=unit_code,
            year=year.year,
            version=year.version,
            source=year.source,
            entered_at=at,
        )
    )
    session.add_all(
        CalendarDayRow(unit_code=unit_code, day=day, kind=kind, name=name)
        for kind, days in (("rest", year.rest), ("work", year.work))
        for day, name in days.items()
    )


def _load_years(session: Session) -> defaultdict[str, list[CalendarYear]]:
    days: defaultdict[tuple[str, int, str], dict[date, str]] = defaultdict(dict)
    years: defaultdict[str, list[CalendarYear]] = defaultdict(list)
    rows = session.scalars(select(CalendarYearRow).order_by(CalendarYearRow.year)).all()
    for day in session.scalars(select(CalendarDayRow)) if rows else ():
        days[day.unit_code, day.day.year, day.kind][day.day] = day.name
    for row in rows:
        rest = days[row.unit_code, row.year, "rest"]
        work = days[row.unit_code, row.year, "work"]
        years[row.unit_code].append(CalendarYear(row.year, row.version, row.source, rest, work))
    return years


def _load_lineage(session: Session) -> dict[str, tuple[str, ...]]:
    """Every unit's ancestors from the top to itself, from its path "/620900/620902/"."""
    rows = session.execute(select(Unit.code, Unit.path))
    return {code: tuple(part for part in path.split("/") if part) for code, path in rows}
