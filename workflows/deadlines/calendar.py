"""Which days are rest days: weekends, announced holidays, and swapped working weekends.

A year counts as known only when its holiday notice has been entered; the notice for a year
appears in the November before, so later years are honestly unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

BUILT_IN = Path(__file__).parent / "data" / "calendars"
DAY = timedelta(days=1)


class UnknownYearError(LookupError):
    """A day was asked about whose year has no calendar. Never leaves this room."""


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What one layer says about one year.

    `rest` and `work`: day → name ("national_day", or what the office typed). A day of `work` is
    an ordinary working day although it is a Saturday or Sunday. `source`: the notice.
    """

    year: int
    version: str
    source: str
    rest: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)


class Calendar:
    """The calendar of one unit: national years with the layers of its ancestors on top.

    Layers come nearest last; for one day the nearest layer that names it wins (minority holidays
    are set by the autonomous county: 全国年节及纪念日放假办法 2024, art. 4). Only the first layer
    makes a year known: local days alone are not a calendar.
    """

    def __init__(self, *layers: Iterable[CalendarYear]) -> None:
        rest: dict[date, str] = {}
        work: dict[date, str] = {}
        versions: dict[int, tuple[str, ...]] = {}
        for depth, layer in enumerate(layers):
            for year in layer:
                if depth == 0:
                    versions[year.year] = (year.version,)
                elif year.year in versions:
                    versions[year.year] += (year.version,)
                for day, name in year.rest.items():
                    rest[day] = name
                    work.pop(day, None)
                for day, name in year.work.items():
                    work[day] = name
                    rest.pop(day, None)
        self._rest = MappingProxyType(rest)
        self._work = MappingProxyType(work)
        self._versions = MappingProxyType(versions)

    def knows(self, year: int) -> bool:
        """Whether the year's holidays have been entered."""
        return year in self._versions

    def is_rest(self, day: date) -> bool:
        """Whether nobody works on `day`. Raises UnknownYearError for a year without calendar."""
        if day.year not in self._versions:
            raise UnknownYearError(day.year)
        if day in self._work:
            return False
        return day in self._rest or day.weekday() >= 5

    def holiday_name(self, day: date) -> str | None:
        """Name of the holiday on `day`, None for a plain weekend or working day."""
        return self._rest.get(day)

    def is_swapped(self, day: date) -> bool:
        """Whether `day` is a weekend day on which people work (调休)."""
        return day in self._work and day.weekday() >= 5

    def version_of(self, first: date, last: date) -> str:
        """Versions of every known year from `first` to `last`, joined; "" where none is known."""
        years = (y for y in range(first.year, last.year + 1) if y in self._versions)
        return " ".join("+".join(self._versions[year]) for year in years)


def build_year(table: Mapping[str, object]) -> CalendarYear:
    """A year from a calendar file.

    Shape: year, version, source, `rest` and `work` as {name: [day | [first, last], …]}.
    Raises ValueError for a day of another year.
    """
    year = int(str(table["year"]))
    return CalendarYear(
        year=year,
        version=str(table["version"]),
        source=str(table["source"]),
        rest=_days(year, table.get("rest", {})),
        work=_days(year, table.get("work", {})),
    )


def _days(year: int, spans: object) -> dict[date, str]:
    days: dict[date, str] = {}
    assert isinstance(spans, Mapping)
    for name, entries in spans.items():
        for entry in entries:
            first, last = (entry, entry) if isinstance(entry, date) else entry
            day = first
            while day <= last:
                if day.year != year:
                    raise ValueError(f"{day} is not in {year}")
                days[day] = name
                day += DAY
    return days


@cache
def load_built_in_years() -> tuple[CalendarYear, ...]:
    """The years that come with the product, in order."""
    paths = sorted(BUILT_IN.glob("*.toml"))
    return tuple(build_year(tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths)
