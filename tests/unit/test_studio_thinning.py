"""Which saves of the studio are kept: a year of them, looked at on one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from workflows.studio.thinning import Kept, list_superfluous

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
"""Noon of a Thursday in China."""


def saves(*ages: timedelta) -> list[Kept]:
    """Saves so long before NOW, numbered in the order of time."""
    ordered = sorted(ages, reverse=True)
    return [Kept(n, n, NOW - age, f"d{n}") for n, age in enumerate(ordered, start=1)]


def numbers(found: Iterable[Kept]) -> list[int]:
    return sorted(save.number for save in found)


def hours(*numbers: int) -> list[timedelta]:
    return [timedelta(hours=number) for number in numbers]


def test_everything_of_two_weeks_is_kept() -> None:
    many = saves(*(timedelta(minutes=30 * n) for n in range(14 * 48)))
    assert numbers(list_superfluous(many, NOW)) == []


def test_of_a_day_before_that_the_last_is_kept() -> None:
    ages = hours(20 * 24 + 11, 20 * 24 + 6, 20 * 24 + 1, 21 * 24 + 2, 21 * 24)
    assert numbers(list_superfluous(saves(*ages), NOW)) == [1, 3, 4]


def test_a_day_ends_at_midnight_in_china() -> None:
    before_midnight, after = timedelta(days=20, hours=12, minutes=1), timedelta(days=20, hours=11)
    assert numbers(list_superfluous(saves(before_midnight, after), NOW)) == []


def test_of_a_week_before_that_the_last_is_kept() -> None:
    ages = [timedelta(days=days) for days in (129, 128, 127, 126, 125, 124)]
    assert [(NOW - age).isoweekday() for age in ages] == [1, 2, 3, 4, 5, 6]
    sunday_before = timedelta(days=130)
    assert numbers(list_superfluous(saves(*ages, sunday_before), NOW)) == [2, 3, 4, 5, 6]


def test_two_years_of_daily_work_leave_few_saves() -> None:
    many = saves(*(timedelta(hours=6 * n) for n in range(2 * 365 * 4)))
    kept = len(many) - len(numbers(list_superfluous(many, NOW)))
    assert kept == 57 + 91 + 90


def test_saves_somebody_may_come_back_to_are_kept() -> None:
    first, second, third, fourth, last = saves(*hours(4004, 4003, 4002, 4001, 4000))
    again = Kept(9, 9, NOW, "d1", restored=first.number)
    remarked = [second.at + timedelta(minutes=5)]
    found = list_superfluous(
        [first, second, third, fourth, last, again], NOW, {third.digest}, remarked
    )
    assert numbers(found) == [fourth.number]


def test_the_newest_save_is_kept_however_old() -> None:
    assert numbers(list_superfluous(saves(*hours(9001, 9000)), NOW)) == [1]
    assert numbers(list_superfluous([], NOW)) == []
