"""A calendar year as an office types or pastes it, one line a holiday; or as a calendar file.

    放假 元旦 1月1日至1月3日
    上班 春节 2月14日、2月28日

The first word says rest or work, the second names the holiday, the rest are days and spans. Days
are written 1月1日, 1-1 or 2027-01-01. A text that has `[rest]` or `[work]` in a line of its own is
read as a file like those in `data/calendars`; then year, version and source stand in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from workflows.deadlines.calendar import CalendarYear, build_year
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message

LINES = "days"
"""Name of the field whose lines are complained about, as `days/<line>`."""
MOST_CHARACTERS = 20_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS_A_SPAN = 31
"""A longer one is a slip of the pen: no holiday lasts a month."""
KINDS = {"放假": "rest", "休": "rest", "rest": "rest"} | {
    "上班": "work",
    "补班": "work",
    "班": "work",
    "work": "work",
}
FILE = re.compile(r"^\s*\[(rest|work)\]\s*$", re.MULTILINE)
DAY = re.compile(r"(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?|(\d{1,2})日", re.ASCII)
"""A day; the month may be left out at the end of a span (10月1日至7日)."""
SPAN = re.compile(r"\s*(?:至|到|~|—+|–)\s*")
BETWEEN = re.compile(r"[、,，;；\s]+")
WHERE = re.compile(r"line (\d+)")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TypedYear:
    """What was typed. `version` and `source` are kept with the year; `days`: its lines."""

    year: str
    source: str
    days: str
    version: str = ""


class _LineError(Exception):
    """One line cannot be read; `code` of the sentence and what it is about."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.message = Message(f"deadline.{code}", params)


@dataclass
class _Read:
    """Days found so far."""

    year: int
    rest: dict[date, str] = field(default_factory=dict)
    work: dict[date, str] = field(default_factory=dict)


def read_year(typed: TypedYear) -> CalendarYear:
    """The year. InvalidFormError with everything that is wrong: `year`, `source`, `days` as a
    whole, or `days/<line>` from 1."""
    if len(typed.days) > MOST_CHARACTERS:
        raise _refused([("days", Message("deadline.calendar_too_long"))])
    if FILE.search(typed.days):
        return _read_file(typed.days)
    wrong = list(_wrong_frame(typed))
    found = _Read(int(typed.year)) if typed.year.isascii() and typed.year.isdigit() else _Read(0)
    for number, line in enumerate(typed.days.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            _read_line(line.strip(), found)
        except _LineError as error:
            wrong.append((f"{LINES}/{number}", error.message))
    if not wrong and not found.rest:
        wrong.append((LINES, Message("deadline.calendar_empty")))
    if wrong:
        raise _refused(wrong)
    version = typed.version.strip() or f"{found.year}.own"
    return CalendarYear(found.year, version, typed.source.strip(), found.rest, found.work)


def _wrong_frame(typed: TypedYear) -> Iterator[tuple[str, Message]]:
    known = typed.year.isascii() and typed.year.isdigit()
    if not known or not FIRST_YEAR <= int(typed.year) <= LAST_YEAR:
        yield "year", Message("deadline.calendar_year", {"first": FIRST_YEAR, "last": LAST_YEAR})
    if not 0 < len(typed.source.strip()) <= 200:
        yield "source", Message("deadline.calendar_source")


def _read_line(line: str, found: _Read) -> None:
    words = line.split(maxsplit=2)
    kind = KINDS.get(words[0].rstrip("：:"))
    if kind is None:
        raise _LineError("calendar_kind", word=words[0][:20])
    if len(words) < 3:
        raise _LineError("calendar_parts")
    mine, other = (found.rest, found.work) if kind == "rest" else (found.work, found.rest)
    for day in _days(words[2], found.year):
        if day in other:
            raise _LineError("calendar_both", day=day.isoformat())
        if kind == "work" and day.weekday() < 5:
            raise _LineError("calendar_weekday", day=day.isoformat())
        mine[day] = words[1][:60]


def _days(text: str, year: int) -> Iterator[date]:
    """All days of the third part of a line."""
    for part in filter(None, BETWEEN.split(SPAN.sub("至", text.strip()))):
        ends = part.split("至")
        first = _day(ends[0], year)
        last = _day(ends[-1], year, first) if len(ends) <= 2 else None
        if last is None or last < first or (last - first).days >= MOST_DAYS_A_SPAN:
            raise _LineError("calendar_span", text=part[:40])
        while first <= last:
            yield first
            first += ONE_DAY


def _day(text: str, year: int, before: date | None = None) -> date:
    match = DAY.fullmatch(text.strip())
    if match is None or (match[4] and before is None):
        raise _LineError("calendar_day", text=text[:40])
    month = before.month if match[4] and before else int(match[2])
    try:
        found = date(int(match[1] or year), month, int(match[4] or match[3]))
    except ValueError as error:
        raise _LineError("calendar_no_such_day", text=text[:40]) from error
    if found.year != year:
        raise _LineError("calendar_other_year", text=text[:40], year=year)
    return found


def _read_file(text: str) -> CalendarYear:
    try:
        return build_year(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        where = WHERE.search(str(error))
        place = f"{LINES}/{where[1]}" if where else LINES
        raise _refused([(place, Message("deadline.calendar_toml"))]) from error
    except KeyError as error:
        lacks = Message("deadline.calendar_lacks", {"name": str(error.args[0])})
        raise _refused([(LINES, lacks)]) from error
    except (ValueError, TypeError, AssertionError, AttributeError) as error:
        reason = Message("deadline.calendar_file", {"reason": str(error)[:200]})
        raise _refused([(LINES, reason)]) from error


def _refused(wrong: list[tuple[str, Message]]) -> InvalidFormError:
    return InvalidFormError([FieldError(path, message) for path, message in wrong])
