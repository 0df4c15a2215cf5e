"""Laws of FEEL: arithmetic, text both ways, and that nothing but FeelError ever comes out."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.feel import (
    FeelError,
    Range,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    convert,
    evaluate,
    unary_test,
)
from workflows.feel.far import FAR, clock_of, day_of, joined

numbers = st.decimals(
    min_value=Decimal("-1e10"), max_value=Decimal("1e10"), allow_nan=False, places=3
)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
offsets = st.integers(-18 * 60, 18 * 60).map(lambda count: timezone(timedelta(minutes=count)))
moments = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.none() | offsets,
)
lengths = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000))
months = st.integers(-2_000, 2_000).map(YearsMonths)
any_days = st.builds(
    day_of, st.integers(-15_000, 15_000), st.integers(1, 12), st.integers(1, 31)
).filter(bool)
any_clocks = st.builds(
    clock_of,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 10**9 - 1),
    st.none() | offsets,
)
any_moments = st.builds(joined, any_days, any_clocks)
far = (any_days | any_clocks | any_moments).filter(lambda value: type(value) in FAR)
simple = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(st.characters() | st.just("\ud800"), max_size=20)
    | days
    | moments
    | st.times(timezones=st.none() | offsets)
    | lengths
    | months
    | far
)
values = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
foreign = values | st.floats() | st.integers() | st.binary(max_size=3) | st.tuples(simple, simple)


@given(far)
def test_far_values_are_read_as_they_are_written(value: Any) -> None:
    assert evaluate(f'@"{value}"', {}) == value
    assert evaluate("string(a)", {"a": value}) == str(value)


@given(any_days, any_days)
def test_days_of_all_years_stand_in_the_order_of_their_parts(a: Any, b: Any) -> None:
    expected = (a.year, a.month, a.day) < (b.year, b.month, b.day)
    assert evaluate("a < b", {"a": a, "b": b}) is expected
    assert evaluate("a = b", {"a": a, "b": b}) is (a == b)
    assert evaluate('a - b < duration("PT0S")', {"a": a, "b": b}) is expected


@given(any_moments, lengths)
def test_far_moments_move_as_far_as_they_say(moment: Any, length: Any) -> None:
    moved = evaluate("a + b", {"a": moment, "b": length})
    if moved is not None:
        assert evaluate("a - b", {"a": moved, "b": moment}) == length


PIECES = """
a b c item ? partial x.y if then else for in return some every satisfies and or between instance of
function true false null not external list< context< number string date
( ) [ ] { } , : . .. + - * / ** = != < <= > >= -> @ == && 1 2 .5 1e9 "s" "2026-01-01" "P1D" "["
@"2026-01-01" @"P1M" [1,2,3] {a:1} (1..3)
count( sum( sort( matches( replace( range( date( string( before( sqrt(
"""
WORDS = st.sampled_from([*PIECES.split(), "get value(", "list replace(", "day of week("])
texts = st.lists(WORDS, max_size=14).map(" ".join) | st.text(
    string.printable + "枫（“＞𠀀\u200d\ud800", max_size=30
)
CONTEXT_NAMES = ("a", "b", "c")


@given(numbers, numbers, numbers)
def test_addition_and_multiplication_obey_their_laws(a: Decimal, b: Decimal, c: Decimal) -> None:
    context = {"a": a, "b": b, "c": c}
    assert evaluate("a + b = b + a and a * b = b * a", context) is True
    assert evaluate("(a + b) + c = a + (b + c)", context) is True
    assert evaluate("a * (b + c) - (a * b + a * c)", context) == 0
    assert evaluate("a - a = 0 and -(-a) = a", context) is True


@given(numbers, numbers)
def test_modulo_and_division_fit_together(a: Decimal, b: Decimal) -> None:
    found = evaluate("a - b * floor(a / b) - modulo(a, b)", {"a": a, "b": b})
    assert found is None if b == 0 else abs(found) <= abs(b)
    if b:
        assert evaluate("modulo(a, b) = 0 or (modulo(a, b) > 0) = (b > 0)", {"a": a, "b": b})


@given(days, lengths)
def test_adding_and_taking_away_a_duration_is_nothing(day: date, length: timedelta) -> None:
    whole = timedelta(days=length.days)
    assert evaluate("d + l - l = d", {"d": day, "l": whole}) is True


@given(moments, lengths)
def test_a_difference_leads_from_one_moment_to_the_other(a: datetime, length: timedelta) -> None:
    assert evaluate("(m + l) - m = l", {"m": a, "l": length}) is True


@given(moments, moments)
def test_moments_are_equal_before_or_after(a: datetime, b: datetime) -> None:
    found = [evaluate(f"a {sign} b", {"a": a, "b": b}) for sign in ("<", "=", ">")]
    if (a.tzinfo is None) is (b.tzinfo is None):
        assert found.count(True) == 1
        assert found.count(False) == 2
    else:
        assert found == [None, False, None]


@given(days | moments | st.times(timezones=st.none() | offsets) | lengths | months | numbers)
def test_text_of_a_value_reads_back(value: Any) -> None:
    kinds = {
        date: "date",
        datetime: "date and time",
        time: "time",
        timedelta: "days and time duration",
        YearsMonths: "years and months duration",
        Decimal: "number",
    }
    text = evaluate("string(v)", {"v": value})
    assert convert(text, kinds[type(value)]) == value
    assert evaluate("string(v)", {"v": convert(text, kinds[type(value)])}) == text


@given(st.lists(numbers, max_size=8))
def test_sorting_keeps_the_elements_and_orders_them(items: list[Decimal]) -> None:
    found = evaluate("sort(xs)", {"xs": items})
    assert found == sorted(items)
    assert evaluate("sort(xs, function(a, b) a > b)", {"xs": items}) == sorted(items, reverse=True)
    assert evaluate("reverse(reverse(xs)) = xs", {"xs": items}) is True


@given(values)
def test_every_value_equals_itself_and_is_found(value: Any) -> None:
    assert evaluate("v = v", {"v": value}) is True
    assert evaluate("list contains([v], v)", {"v": value}) is True
    assert evaluate("count(distinct values([v, v]))", {"v": value}) == 1


@given(numbers, numbers, numbers)
def test_a_point_is_before_in_or_after_a_range(point: Decimal, a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    context = {"p": point, "r": Range(low, high, True, False)}
    found = [evaluate(text, context) for text in ("before(p, r)", "p in r", "after(p, r)")]
    assert found.count(True) == 1


def refusal(work: Callable[[], Any]) -> FeelError | None:
    """The FeelError that the work ends in, if any; another exception fails the test."""
    try:
        work()
    except FeelError as error:
        return error
    return None


@given(texts, st.dictionaries(st.sampled_from(CONTEXT_NAMES), foreign, max_size=3))
@settings(max_examples=300, deadline=None)
def test_hostile_text_gives_a_value_or_feel_error(text: str, context: dict[str, Any]) -> None:
    for work in (
        lambda: evaluate(text, context),
        lambda: unary_test(text, context.get("a"), context),
        lambda: compile_expression(text, CONTEXT_NAMES)(context),
        lambda: compile_unary_tests(text, CONTEXT_NAMES)(context.get("a"), context),
    ):
        error = refusal(work)
        assert error is None or (error.line >= 1 and error.column >= 1)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_reading_is_stable_under_space_and_comments(text: str) -> None:
    """The same text between spaces and comments means the same, or fails the same way."""

    def outcome(whole: str) -> Any:
        try:
            return repr(evaluate(whole, {"a": 1}))
        except FeelError as error:
            return error.message.code

    if "\\" not in text and "function" not in text:
        assert outcome(f" /* a */ {text}\n") in (outcome(text), outcome(text + "\n"))


BUILT_INS = st.sampled_from(
    [
        *("count", "sum", "min", "max", "mean", "median", "mode", "stddev", "product", "sort"),
        *("flatten", "reverse", "distinct values", "duplicate values", "string", "number"),
        *("date", "time", "date and time", "duration", "range", "abs", "sqrt", "exp", "log"),
        *("odd", "even", "floor", "ceiling", "not", "all", "any", "upper case", "get entries"),
        *("context", "context merge", "day of week", "week of year", "string length"),
    ]
)
TWO = st.sampled_from(
    [
        *("substring", "contains", "split", "matches", "string join", "modulo", "decimal"),
        *("append", "concatenate", "remove", "sublist", "index of", "union", "list contains"),
        *("before", "after", "meets", "overlaps", "includes", "during", "finishes", "coincides"),
        *("is", "get value", "years and months duration", "date and time", "partition"),
        *("round up", "round half down", "substring before", "sort", "replace"),
    ]
)


@given(BUILT_INS, TWO, values, values, values)
@settings(max_examples=120, deadline=None)
def test_built_ins_take_any_values(one: str, two: str, a: Any, b: Any, c: Any) -> None:
    context = {"a": a, "b": b, "c": c}
    calls = (f"{one}(a)", f"{two}(a, b)", "context put(a, b, c)", "list replace(a, b, c)")
    for text in (*calls, "replace(a, b, c)"):
        error = refusal(partial(evaluate, text, context))
        assert error is None or error.message.code.startswith("feel.limit_")
