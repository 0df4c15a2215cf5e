"""Due dates: the golden cases of the law, and every edge of counting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.factories.deadlines import make_rule, make_year
from workflows.deadlines import Calendar, DueStatus, RuleBook, compute_due
from workflows.errors import InvalidInputError

NATIONAL = RuleBook.built_in().calendar()

GOLDEN = [
    # start, length, unit, raw end, due: 2026 calendar, rolled regimes
    ("2026-09-03", 30, "d", "2026-10-03", "2026-10-08"),
    ("2026-01-16", 30, "d", "2026-02-15", "2026-02-24"),
    ("2026-01-29", 30, "d", "2026-02-28", "2026-02-28"),
    ("2026-09-10", 30, "d", "2026-10-10", "2026-10-10"),
    ("2026-04-01", 30, "d", "2026-05-01", "2026-05-06"),
    ("2026-06-04", 15, "d", "2026-06-19", "2026-06-22"),
    ("2026-09-18", 7, "d", "2026-09-25", "2026-09-28"),
    ("2026-08-02", 60, "d", "2026-10-01", "2026-10-08"),
    ("2026-09-30", 5, "wd", "2026-10-13", "2026-10-13"),
    ("2026-02-13", 5, "wd", "2026-02-27", "2026-02-27"),
    ("2026-04-30", 3, "wd", "2026-05-08", "2026-05-08"),
]


@pytest.mark.parametrize(("start", "length", "unit", "raw", "due"), GOLDEN)
def test_compute_due_golden_case_gives_date_of_law(start, length, unit, raw, due):
    found = compute_due(make_rule(length, unit), date.fromisoformat(start), NATIONAL)
    assert (found.raw_on, found.on) == (date.fromisoformat(raw), date.fromisoformat(due))
    assert found.status is DueStatus.FINAL
    assert found.rolled is (raw != due)


def test_petition_handling_ending_on_holiday_stays_unless_the_office_opts_in():
    book = RuleBook.built_in()
    assert book.due("petition_handling", date(2026, 8, 2)).on == date(2026, 10, 1)
    rule = make_rule(60, "d", rolls=True)
    assert compute_due(rule, date(2026, 8, 2), book.calendar()).on == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("confirmation", "2026-09-03", "2026-10-08"),
        ("delegated_mediation", "2026-01-16", "2026-02-24"),
        ("entrusted_ordinary", "2026-06-04", "2026-06-22"),
        ("entrusted_simple", "2026-09-18", "2026-09-28"),
        ("petition_objection", "2026-09-30", "2026-10-13"),
        ("court_step", "2026-04-30", "2026-05-08"),
        ("mediation", "2026-10-09", "2026-11-09"),
        ("police_second_mediation", "2026-02-12", "2026-02-28"),
        ("petition_transfer", "2026-10-09", "2026-10-24"),
        ("petition_notice", "2026-10-09", "2026-10-24"),
        ("petition_review", "2026-10-09", "2026-11-08"),
        ("consent_reply", "2026-10-09", "2026-10-13"),
        ("supplement", "2026-10-09", "2026-10-15"),
        ("follow_up", "2026-10-09", "2026-11-09"),
        ("performance", "2026-10-03", "2026-10-08"),
    ],
)
def test_built_in_rule_gives_due_date(key, start, due):
    assert RuleBook.built_in().due(key, start).on == date.fromisoformat(due)


def test_due_instant_is_midnight_in_shanghai_as_utc():
    due = compute_due(make_rule(), date(2026, 9, 10), NATIONAL)
    assert due.at == datetime(2026, 10, 10, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 9, 10, 15, 59, tzinfo=UTC), date(2026, 9, 10)),
        (datetime(2026, 9, 10, 16, 0, tzinfo=UTC), date(2026, 9, 11)),
        (datetime(2026, 9, 11, 0, 0, tzinfo=timezone(timedelta(hours=8))), date(2026, 9, 11)),
    ],
)
def test_base_instant_counts_from_its_shanghai_day(moment, day):
    assert (
        compute_due(make_rule(), moment, NATIONAL).on == compute_due(make_rule(), day, NATIONAL).on
    )


@pytest.mark.parametrize(
    ("start", "length", "unit", "raw"),
    [
        ("2026-01-31", 1, "mo", "2026-02-28"),
        ("2026-03-31", 1, "mo", "2026-04-30"),
        ("2026-10-31", 13, "mo", "2027-11-30"),
        ("2024-02-29", 1, "y", "2025-02-28"),
        ("2024-02-29", 3, "y", "2027-02-28"),
        ("2025-12-15", 2, "mo", "2026-02-15"),
    ],
)
def test_months_and_years_clamp_to_the_end_of_the_month(start, length, unit, raw):
    due = compute_due(make_rule(length, unit), date.fromisoformat(start), NATIONAL)
    assert due.raw_on == date.fromisoformat(raw)


def test_natural_days_into_unknown_year_are_provisional_and_unrolled():
    due = RuleBook.built_in().due("confirmation", date(2026, 12, 3))
    assert (due.on, due.status, due.rolled) == (date(2027, 1, 2), DueStatus.PROVISIONAL, False)
    assert due.at == datetime(2027, 1, 2, 16, 0, tzinfo=UTC)


def test_unrolled_limit_into_unknown_year_is_provisional_too():
    due = RuleBook.built_in().due("petition_handling", date(2026, 12, 3))
    assert due.status is DueStatus.PROVISIONAL


def test_working_days_into_unknown_year_give_no_date():
    due = RuleBook.built_in().due("petition_objection", date(2026, 12, 29))
    assert (due.on, due.at, due.raw_on, due.status) == (None, None, None, DueStatus.UNCOMPUTABLE)
    assert due.warn_at == ()


def test_working_days_that_end_on_the_last_known_day_are_final():
    due = RuleBook.built_in().due("court_step", date(2026, 12, 28))
    assert (due.on, due.status) == (date(2026, 12, 31), DueStatus.FINAL)


def test_rolling_past_the_last_known_year_keeps_the_unrolled_date_as_provisional():
    calendar = Calendar([make_year(2026, rest=(date(2026, 12, 31),))])
    due = compute_due(make_rule(1), date(2026, 12, 30), calendar)
    assert (due.on, due.rolled, due.status) == (date(2026, 12, 31), False, DueStatus.PROVISIONAL)


def test_start_counted_ends_one_day_earlier():
    rule = make_rule(7, start_excluded=False)
    assert compute_due(rule, date(2026, 3, 2), NATIONAL).on == date(2026, 3, 9)
    assert compute_due(rule, date(2026, 3, 2), NATIONAL).raw_on == date(2026, 3, 8)
    working = make_rule(1, "wd", start_excluded=False)
    assert compute_due(working, date(2026, 3, 2), NATIONAL).on == date(2026, 3, 2)
    assert compute_due(working, date(2026, 3, 7), NATIONAL).on == date(2026, 3, 9)


def test_pause_moves_the_end_by_the_days_it_covers():
    pause = (date(2026, 3, 5), date(2026, 3, 14))
    due = compute_due(make_rule(), date(2026, 3, 2), NATIONAL, excluded=[pause])
    assert due.raw_on == date(2026, 4, 1) + timedelta(days=10)


def test_pauses_overlapping_touching_and_outside_count_each_day_once():
    pauses = [
        (date(2026, 3, 10), date(2026, 3, 14)),
        (date(2026, 3, 5), date(2026, 3, 11)),
        (date(2026, 3, 15), date(2026, 3, 15)),
        (date(2026, 2, 1), date(2026, 3, 3)),
        (date(2026, 6, 1), date(2026, 6, 9)),
    ]
    due = compute_due(make_rule(30), date(2026, 3, 2), NATIONAL, excluded=pauses)
    assert due.raw_on == date(2026, 4, 1) + timedelta(days=12)


def test_pause_that_begins_on_the_last_day_moves_the_end_behind_it():
    pause = (date(2026, 4, 1), date(2026, 4, 8))
    assert compute_due(make_rule(), date(2026, 3, 2), NATIONAL, excluded=[pause]).raw_on == date(
        2026, 4, 9
    )


def test_pause_of_working_days_leaves_them_out():
    pause = (date(2026, 3, 3), date(2026, 3, 4))
    due = compute_due(make_rule(3, "wd"), date(2026, 3, 2), NATIONAL, excluded=[pause])
    assert due.on == date(2026, 3, 9)


def test_rolling_into_a_pause_goes_on_behind_it():
    pause = (date(2026, 10, 8), date(2026, 10, 9))
    due = compute_due(make_rule(), date(2026, 9, 3), NATIONAL, excluded=[pause])
    assert due.on == date(2026, 10, 10)


def test_extension_counts_on_from_the_unrolled_end():
    due = compute_due(make_rule(), date(2026, 9, 3), NATIONAL, extended_days=30)
    assert due.on == date(2026, 11, 2)


def test_extension_of_working_days_adds_working_days():
    due = compute_due(make_rule(5, "wd"), date(2026, 9, 30), NATIONAL, extended_days=2)
    assert due.on == date(2026, 10, 15)


def test_warnings_lie_offsets_before_the_end_and_after_the_base():
    due = RuleBook.built_in().due("confirmation", date(2026, 9, 3))
    assert due.warn_at == (
        datetime(2026, 9, 22, 16, 0, tzinfo=UTC),
        datetime(2026, 9, 30, 16, 0, tzinfo=UTC),
        datetime(2026, 10, 4, 16, 0, tzinfo=UTC),
    )


def test_warnings_not_after_the_base_are_left_out():
    rule = make_rule(5, warn_before=[15, 5, 2])
    due = compute_due(rule, date(2026, 3, 2), NATIONAL)
    assert due.on == date(2026, 3, 9)
    assert due.warn_at == (
        datetime(2026, 3, 3, 16, 0, tzinfo=UTC),
        datetime(2026, 3, 6, 16, 0, tzinfo=UTC),
    )


def test_warnings_of_working_day_rules_count_working_days():
    due = RuleBook.built_in().due("petition_objection", date(2026, 9, 30))
    assert due.warn_at == (
        datetime(2026, 10, 9, 16, 0, tzinfo=UTC),
        datetime(2026, 10, 11, 16, 0, tzinfo=UTC),
    )


def test_unrolled_limit_on_a_rest_day_warns_on_the_last_working_day():
    due = RuleBook.built_in().due("petition_transfer", date(2026, 6, 5))
    assert due.on == date(2026, 6, 20)
    assert datetime(2026, 6, 17, 16, 0, tzinfo=UTC) in due.warn_at


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"base": datetime(2026, 1, 1)}, "deadline.naive_base"),  # noqa: DTZ001
        ({"base": date(1, 1, 1)}, "deadline.base_out_of_range"),
        ({"base": date(9999, 12, 31)}, "deadline.base_out_of_range"),
        ({"base": datetime.max.replace(tzinfo=UTC)}, "deadline.base_out_of_range"),
        ({"extended_days": -1}, "deadline.extension_out_of_range"),
        ({"extended_days": 10**9}, "deadline.extension_out_of_range"),
        ({"excluded": [(date(2026, 3, 2), date(2026, 3, 1))]}, "deadline.excluded_span"),
        ({"excluded": [(date.min, date.max)]}, "deadline.excluded_span"),
    ],
)
def test_impossible_input_is_refused(changes, code):
    asked = {"base": date(2026, 1, 1), **changes}
    base = asked.pop("base")
    with pytest.raises(InvalidInputError) as refused:
        compute_due(make_rule(), base, NATIONAL, **asked)
    assert refused.value.message.code == code
