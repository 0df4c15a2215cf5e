"""Rules and calendars with the least data."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.deadlines import Rule
from workflows.deadlines.calendar import CalendarYear
from workflows.deadlines.rules import build_rule


def make_rule(length: int = 30, unit: str = "d", **changes: Any) -> Rule:
    """A rolled rule named `test_limit`; `changes` as in a row of the rules file."""
    row: dict[str, Any] = {
        "title_zh": "测试期限",
        "title_en": "Test limit",
        "article_zh": "测试规定第1条",
        "article_en": "Test rule, art. 1",
        "length": length,
        "unit": unit,
        "version": "test.1",
        **changes,
    }
    return build_rule(str(row.pop("key", "test_limit")), row)


def make_year(
    year: int, *, rest: tuple[date, ...] = (), work: tuple[date, ...] = ()
) -> CalendarYear:
    """A year with only weekends, plus the given holidays and swapped days."""
    return CalendarYear(
        year=year,
        version=f"{year}.test",
        source="test",
        rest=dict.fromkeys(rest, "那达慕"),
        work=dict.fromkeys(work, "调休"),
    )
