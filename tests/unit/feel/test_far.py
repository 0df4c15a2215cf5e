"""Years before 1 and after 9999, and nanoseconds. DMN 1.5 §10.3.2.3.4–6."""

from __future__ import annotations

from datetime import time

import pytest

from tests.unit.feel.notation import value_of
from workflows.feel import convert

TEXTS = [
    "-0221-10-01",
    "0000-02-29",
    "12026-10-09",
    "-999999999-01-01",
    "08:30:00.000000001",
    "08:30:00.12345@Asia/Shanghai",
    "-0221-10-01T08:30:00+08:00",
    "12026-10-09T08:30:00.987654321@Asia/Shanghai",
    "2026-10-09T08:30:00.987654321Z",
]


@pytest.mark.parametrize("text", TEXTS)
def test_far_value_is_written_as_it_was_read(text: str) -> None:
    assert value_of(f'string(@"{text}")') == f'"{text}"'
    assert value_of(f'string([@"{text}"])') == f'"[{text}]"'


@pytest.mark.parametrize(
    "text",
    ["-0000-01-01", "012026-01-01", "+12026-01-01", "1000000000-01-01", "-0221-02-29", "226-01-01"],
)
def test_text_that_no_calendar_knows_is_null(text: str) -> None:
    assert value_of(f'date("{text}")') == "null"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string(date(-221, 10, 1))", '"-0221-10-01"'),
        ("date(1000000000, 1, 1)", "null"),
        ("date(12026, 2, 29)", "null"),
        ("string(time(8, 30, 0.000000001))", '"08:30:00.000000001"'),
        ("string(time(8, 30, 0.9999999999))", '"08:30:00.999999999"'),
        ('string(date(@"-0221-10-01T08:30:00Z"))', '"-0221-10-01"'),
        ('time(@"-0221-10-01T08:30:00Z")', "time 08:30:00+00:00"),
        ('time(@"12026-10-09")', "time 00:00:00+00:00"),
        ('string(date and time(@"12026-10-09", @"08:30:00"))', '"12026-10-09T08:30:00"'),
        ('string(date and time(@"12026-10-09"))', '"12026-10-09T00:00:00Z"'),
        (
            'string(date and time(@"2026-10-09", @"08:30:00.000000001", "Asia/Shanghai"))',
            '"2026-10-09T08:30:00.000000001@Asia/Shanghai"',
        ),
        ('@"12026-10-09".year', "12026"),
        ('@"-0221-10-01".hour', "0"),
        ('@"12026-10-09".weekday = @"2026-10-09".weekday', "true"),
        ('day of year(@"12024-12-31")', "366"),
        ('day of week(@"12026-10-09T08:30:00")', '"Friday"'),
        ('@"08:30:00.000000001".second', "0.000000001"),
        ('@"08:30:00.000000001+08:00".time offset', "seconds 28800"),
        ('@"12026-10-09T08:30:07".second', "7"),
        ('@"12026-10-09T08:30:07.000000001".second', "7.000000001"),
        ('@"12026-10-09T08:30:07@Asia/Shanghai".timezone', '"Asia/Shanghai"'),
        ('@"12026-10-09T08:30:07@Asia/Shanghai".time offset', "seconds 28800"),
        ('@"-0221-10-01".days', "null"),
        ('@"-0221-10-01" instance of date', "true"),
        ('@"08:30:00.000000001" instance of time', "true"),
        ('@"12026-10-09T08:30:00" instance of date', "false"),
        ('years and months duration(@"-0221-10-01", @"2026-10-09")', "months 26964"),
    ],
)
def test_far_value_is_made_and_taken_apart(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"-0221-10-01" = @"-0221-10-01"', "true"),
        ('@"-0221-10-01" = @"0221-10-01"', "false"),
        ('@"-0221-10-01" != 221', "null"),
        ('@"-0221-10-01" = @"-0221-10-01T00:00:00"', "null"),
        ('@"-0221-10-01" < @"2026-10-09"', "true"),
        ('@"2026-10-09" < @"-0221-10-01"', "false"),
        ('@"-0221-10-01" < @"-0221-10-02"', "true"),
        ('@"-0221-10-01" < "a"', "null"),
        ('1 < @"-0221-10-01"', "null"),
        ('@"08:30:00.000000001" > @"08:30:00"', "true"),
        ('@"08:30:00.000000001Z" = @"09:30:00.000000001+01:00"', "true"),
        ('@"08:30:00.000000001Z" = @"08:30:00.000000001"', "false"),
        ('@"08:30:00.000000001Z" = @"08:30:00.000000001@Etc/UTC"', "false"),
        ('@"08:30:00.000000001Z" < @"08:30:00.000000001"', "null"),
        ('@"12026-10-09T00:00:00Z" = @"12026-10-09T08:00:00+08:00"', "true"),
        ('@"12026-10-09T00:00:00Z" > @"2026-10-09T00:00:00Z"', "true"),
        ('@"2026-10-09" in [@"-0221-10-01"..@"12026-10-09"]', "true"),
        ('max(@"2026-10-09", @"12026-10-09") = @"12026-10-09"', "true"),
        ('[@"12026-10-09"] = [@"12026-10-09"]', "true"),
        ('count(distinct values([@"12026-10-09", @"12026-10-09"]))', "1"),
        ('before(@"2026-10-09", @"12026-10-09")', "true"),
        ('is(@"08:30:00.000000001Z", @"08:30:00.000000001@Etc/UTC")', "true"),
        ('is(@"08:30:00.000000001Z", @"09:30:00.000000001+01:00")', "false"),
        ('is(@"08:30:00.000000001Z", @"08:30:00.000000002Z")', "false"),
        ('is(@"12026-10-09T08:30:00Z", @"12026-10-09T08:30:00Z")', "true"),
        ('is(@"12026-10-09T08:30:00Z", @"12026-10-09T09:30:00+01:00")', "false"),
    ],
)
def test_far_values_compare_with_near_ones(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(@"12026-01-31" + @"P1M")', '"12026-02-28"'),
        ('string(@"12026-12-31" + @"P1D")', '"12027-01-01"'),
        ('string(@"-0001-12-31" + @"P1D")', '"0000-01-01"'),
        ('@"10000-01-01" - @"P1D"', "date 9999-12-31"),
        ('@"0001-01-01" - @"0000-12-31"', "seconds 86400"),
        ('@"12026-10-09T08:30:00Z" - @"12026-10-09"', "seconds 30600"),
        ('@"12026-10-09" - @"12026-10-09T08:30:00Z"', "seconds -30600"),
        ('@"12026-10-09" - @"12026-10-09T08:30:00"', "null"),
        ('@"12026-10-09" - @"08:30:00"', "null"),
        (
            'string(@"12026-10-09T23:00:00@Asia/Shanghai" + @"PT2H")',
            '"12026-10-10T01:00:00@Asia/Shanghai"',
        ),
        ('string(@"23:00:00.000000001" + @"PT2H")', '"01:00:00.000000001"'),
        ('@"08:30:00.000000001" + @"P1M"', "null"),
        ('@"08:30:00.0000019" - @"08:30:00"', "seconds 1e-06"),
        ('@"08:30:00" - @"08:30:00.0000019"', "seconds -1e-06"),
        ('@"999999999-12-31" + @"P1D"', "null"),
        ('@"999999999-12-31" - @"-999999999-01-01"', "null"),
        ('@"0000-03-01" - @"-0400-03-01"', "seconds 1.26228e+10"),
        ('@"12026-10-09" + @"P9999Y"', "null"),
    ],
)
def test_far_values_are_reckoned_with(text: str, expected: str) -> None:
    assert value_of(text) == expected


def test_process_data_keeps_to_python_types() -> None:
    assert convert("08:30:00.123456789", "time") == time(8, 30, 0, 123456)
    assert convert("2026-10-09T08:30:00.123456789", "date and time").microsecond == 123456
    assert convert("12026-10-09", "date") is None
    assert convert("12026-10-09T08:30:00", "date and time") is None
