"""What holds for every due date, whatever the rule, base, pauses and extension."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.deadlines import make_rule
from workflows.deadlines import DueStatus, Rule, RuleBook, compute_due

BOOK = RuleBook.built_in()
NATIONAL = BOOK.calendar()
DAYS = st.dates(date(2024, 11, 1), date(2027, 3, 1))
SPANS = st.lists(
    st.tuples(DAYS, st.integers(0, 40)).map(lambda s: (s[0], s[0] + timedelta(days=s[1]))),
    max_size=4,
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    unit = draw(st.sampled_from(["d", "wd", "mo", "y"]))
    longest = {"d": 400, "wd": 120, "mo": 15, "y": 2}[unit]
    return make_rule(
        draw(st.integers(0, longest)),
        unit,
        rolls=draw(st.booleans()),
        start_excluded=draw(st.booleans()),
        warn_before=draw(st.lists(st.integers(0, 30), max_size=3)),
    )


@given(rules(), DAYS, SPANS, st.integers(0, 60))
def test_final_rolled_deadline_is_never_on_a_rest_day(rule, base, spans, extended):
    due = compute_due(rule, base, NATIONAL, excluded=spans, extended_days=extended)
    if due.status is DueStatus.FINAL and (rule.rolls or rule.unit == "wd") and rule.length:
        assert not NATIONAL.is_rest(due.on)


@given(rules(), DAYS, SPANS, st.integers(0, 60))
def test_no_date_is_final_in_a_year_without_calendar(rule, base, spans, extended):
    due = compute_due(rule, base, NATIONAL, excluded=spans, extended_days=extended)
    if due.on is None:
        assert due.status is DueStatus.UNCOMPUTABLE
        assert rule.unit == "wd"
    elif not NATIONAL.knows(due.on.year):
        assert due.status is DueStatus.PROVISIONAL


@given(rules(), DAYS, SPANS, st.integers(0, 60))
def test_rolling_pausing_and_extending_only_move_later(rule, base, spans, extended):
    plain = compute_due(rule, base, NATIONAL)
    moved = compute_due(rule, base, NATIONAL, excluded=spans, extended_days=extended)
    if plain.on and moved.on:
        assert moved.on >= moved.raw_on >= plain.raw_on
        assert plain.on >= plain.raw_on


@given(rules(), DAYS, st.integers(1, 30))
def test_later_base_never_ends_earlier(rule, base, days):
    first = compute_due(rule, base, NATIONAL).raw_on
    second = compute_due(rule, base + timedelta(days=days), NATIONAL).raw_on
    assert first is None or second is None or first <= second


@given(rules(), DAYS)
def test_warnings_ascend_between_base_and_end(rule, base):
    due = compute_due(rule, base, NATIONAL)
    assert list(due.warn_at) == sorted(set(due.warn_at))
    assert all(moment < due.at for moment in due.warn_at)


@given(st.sampled_from(BOOK.keys), DAYS)
def test_every_built_in_rule_gives_reasons(key, base):
    due = BOOK.due(key, base)
    assert len(due.steps) >= 3
    assert due.rule_version == BOOK.rule(key).version
