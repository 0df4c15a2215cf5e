"""Values survive the way through an HTML form; hostile input meets nothing but refusals."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.formspec import NOW, make_form, make_property, make_wide_form
from workflows.errors import FengqiaoError, InvalidFormError, InvalidInputError
from workflows.formspec import (
    Values,
    apply_action,
    attach_file,
    check_form,
    flatten,
    parse_submission,
    read_values,
)
from workflows.messages import say

FORM = make_wide_form()
CHECKS = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=40)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
money = st.decimals(0, 10**11, places=2).map(str)
days = st.dates(datetime(1900, 1, 1).date(), datetime(2199, 12, 31).date()).map(  # noqa: DTZ001
    lambda day: day.isoformat()
)
moments = st.datetimes(
    datetime(1901, 1, 1),  # noqa: DTZ001
    datetime(2198, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(datetime.isoformat)
files = st.text("abcdefghijkmnpqrstuvwxyz23456789", min_size=1, max_size=13)
phones = st.integers(10**10, 2 * 10**10 - 1).map(str)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Numbers of an area that does not exist, with a right check character."""
    born = draw(st.dates(datetime(1930, 1, 1).date(), datetime(2020, 1, 1).date()))  # noqa: DTZ001
    first = f"9900{draw(st.integers(0, 99)):02}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True))
    return first + CHECKS[total % 11]


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def parties(numbers: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    sides = st.sampled_from(["申请人", "被申请人", "第三人"])
    name = words.filter(lambda text: text.strip())
    return st.tuples(
        *(
            st.one_of(
                st.fixed_dictionaries(
                    {"name": name, "side": sides, "id_number": st.just(number)},
                    optional={"phone": phones, "address": words, "kind": st.just("person")},
                ),
                st.fixed_dictionaries(
                    {"name": name, "side": sides, "kind": st.just("organisation")},
                    optional={"legal_representative": words},
                ),
            )
            for number in numbers
        )
    ).map(list)


submissions = st.fixed_dictionaries(
    {
        "title": words.filter(lambda text: text.strip()),
        "parties": st.lists(id_numbers(), min_size=2, max_size=4, unique=True).flatmap(parties),
    },
    optional={
        "summary": lines.filter(lambda text: len(text.strip()) >= 5),
        "count": optional(st.integers(1, 500)),
        "share": optional(st.decimals(-1000, 1000, places=3).map(str)),
        "amount": optional(money),
        "day": optional(days),
        "moment": optional(moments),
        "court": optional(st.just("no")),
        "kinds": st.lists(st.sampled_from("abc"), max_size=6),
        "agreed": optional(st.booleans()),
        "secret": lines,
        "mediator": optional(st.sampled_from(["mediator", "m.2@x"])),
        "office": optional(st.just("620902104-TW")),
        "contact": optional(phones),
        "proof": optional(files),
        "papers": st.lists(files, max_size=3),
        "place": st.fixed_dictionaries({}, optional={"text": words}),
        "clauses": st.lists(
            st.fixed_dictionaries(
                {"what": words.filter(lambda text: text.strip())},
                optional={
                    "paid": optional(st.booleans()),
                    "amount": optional(money),
                    "due_on": optional(days),
                },
            ),
            max_size=3,
        ),
    },
)


def together(values: Values) -> dict[str, Any]:
    """Everything that was read, as one submission."""
    return {**values.process, **values.case, **values.sealed, "parties": values.parties}


@given(submissions)
def test_values_survive_flatten_parse_and_read(raw):
    try:
        values = read_values(FORM, raw, now=NOW)
    except InvalidFormError as refused:
        # Normalisation may empty or lengthen odd texts; nothing else may be wrong with these.
        codes = {error.message.code for error in refused.errors}
        assert codes <= {"form.fill_in", "form.fill_in_at_least", "form.too_long", "form.too_short"}
        return
    typed = together(values)
    again = read_values(FORM, parse_submission(FORM, flatten(FORM, typed)), now=NOW)
    assert asdict(again) == asdict(values)
    assert asdict(read_values(FORM, typed, now=NOW)) == asdict(values)


@given(submissions)
def test_a_failed_page_returns_with_what_was_typed(raw):
    posted = flatten(FORM, raw)
    assert flatten(FORM, parse_submission(FORM, posted)) == {
        name: values for name, values in posted.items() if values
    }


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\x00", "\ud800", "9" * 400, "1e999", "-0", "2026-02-30", "{}", "٣"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
field_names = st.sampled_from([field.name for field in FORM.fields])
column_names = st.sampled_from(
    [column.name for field in FORM.fields for column in field.fields] + ["zzz"]
)
rows = st.lists(st.dictionaries(column_names, json_like, max_size=5) | json_like, max_size=4)


def speak(error: FengqiaoError) -> None:
    """Every refusal must be a sentence in both languages."""
    for refusal in getattr(error, "errors", ()):
        for language in ("zh-Hans", "en"):
            sentence = say(refusal.message, language)
            assert "{" not in sentence.replace(str(refusal.message.params.get("name")), "")
            assert sentence != refusal.message.code


@given(st.dictionaries(field_names | st.text(max_size=5), json_like | rows, max_size=12))
def test_hostile_json_meets_nothing_but_refusals(raw):
    try:
        read_values(FORM, raw, now=NOW)
    except InvalidFormError as refused:
        speak(refused)


flat_names = st.tuples(
    field_names,
    st.sampled_from(["", ".0", ".99", ".x"]),
    st.just("") | column_names.map(".{}".format),
).map("".join)


@given(st.dictionaries(flat_names | st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3)))
def test_hostile_posts_meet_nothing_but_refusals(pairs):
    raw = parse_submission(FORM, pairs)
    flatten(FORM, raw)
    try:
        read_values(FORM, raw, now=NOW)
    except InvalidFormError as refused:
        speak(refused)


@given(st.dictionaries(field_names, json_like), flat_names | st.text(max_size=8), st.booleans())
def test_hostile_buttons_and_uploads_meet_nothing_but_refusals(raw, name, adding):
    for act in (
        lambda: apply_action(FORM, raw, f"{'add' if adding else 'remove'}:{name}"),
        lambda: attach_file(FORM, raw, f"{name}.upload", "f1"),
    ):
        try:
            act()
        except InvalidInputError:
            continue


keywords = st.sampled_from(
    ["type", "title", "enum", "items", "properties", "required", "minimum", "x-widget", "x-store",
     "x-labels", "x-i18n", "maxLength", "pattern", "accept", "default", "x-latest", "format"]
)  # fmt: skip
usual = st.sampled_from(["string", "array", "object", "money", "rows", "choice", "parties", "date"])


@given(st.dictionaries(keywords, json_like | usual, max_size=8), json_like)
def test_hostile_form_files_meet_nothing_but_findings(prop, ui):
    check_form({"type": "object", "title": "表", "properties": {"field": prop}}, ui, name="x")
    check_form(prop, {"ui:visible": ui, "ui:groups": ui, "ui:order": ui}, name="x")


def test_deeply_nested_values_are_refused_without_recursion():
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    form = make_form({"note": make_property("备注")})
    with pytest.raises(InvalidFormError) as refused:
        read_values(form, {"note": deep}, now=NOW)
    assert [error.message.code for error in refused.value.errors] == ["form.not_text"]
    while deep:
        deep = deep[0]
