"""Texts with placeholders: what they print, decide and repeat."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workflows.wording import parse

CASE: dict[str, Any] = {
    "case": {"title": "漏水", "amount": Decimal("18600"), "no": 3, "empty": None},
    "parties": [
        {"name": "赵秀兰", "kind": "person"},
        {"name": "瑞安居物业", "kind": "organisation"},
    ],
    "today": date(2026, 10, 9),
}


def render(text: str, **changes: Any) -> str:
    return parse(text).render({**CASE, **changes})


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("无标记", "无标记"),
        ("", ""),
        ("案由：{{ case.title }}。", "案由：漏水。"),
        ("{{case.title}}", "漏水"),
        ("{{ case.amount + 1 }}", "18601"),
        ("{{ case.no }}", "3"),
        ("{{ today }}", "2026-10-09"),
        ("{{ case.empty }}|", "|"),
        ("{{ case.nothing.at.all }}|", "|"),
        ("{{ absent }}|", "|"),
        ("{{ 1 = 1 }}", "true"),
        ('{{ parties[kind = "organisation"].name[1] }}', "瑞安居物业"),
        ('{{ "}}" }}', "}}"),
        ('{{ "%}" }}', "%}"),
        ('{{ "a \\" }} b" }}', "a &quot; }} b"),
        ("{{ {a: {b: 7}}.a.b }}", "7"),
        ('{{ "{{" }}', "{{"),
        ("a } b }} c %} d { e", "a } b }} c %} d { e"),
    ],
)
def test_value_is_printed(text: str, printed: str) -> None:
    assert render(text) == printed


def test_values_are_escaped_and_literal_text_is_not() -> None:
    nasty = "<script>alert('x' & \"y\")</script>"
    assert render("<b>{{ x }}</b>", x=nasty) == (
        "<b>&lt;script&gt;alert(&#x27;x&#x27; &amp; &quot;y&quot;)&lt;/script&gt;</b>"
    )


@pytest.mark.parametrize(
    ("value", "printed"), [(1, "one"), (2, "two"), (3, "more"), (None, "more"), ("1", "more")]
)
def test_first_true_branch_is_taken(value: object, printed: str) -> None:
    text = "{% if x = 1 %}one{% elif x = 2 %}two{% else %}more{% end %}"
    assert render(text, x=value) == printed


@pytest.mark.parametrize("value", [None, False, 0, "", "true", 1, []])
def test_only_true_is_true(value: object) -> None:
    assert render("{% if x %}yes{% end %}", x=value) == ""


def test_loop_goes_through_the_list_and_sees_outer_names() -> None:
    text = "{% for p in parties %}{{ p.name }}（{{ case.title }}）{% end %}"
    assert render(text) == "赵秀兰（漏水）瑞安居物业（漏水）"


@pytest.mark.parametrize(
    ("value", "printed"), [(None, ""), ([], ""), ("甲", "甲"), ([1, None, 2], "12")]
)
def test_loop_over_null_one_value_or_holes(value: object, printed: str) -> None:
    assert render("{% for x in xs %}{{ x }}{% end %}", xs=value) == printed


def test_loop_variable_hides_an_outer_name_only_inside() -> None:
    text = "{% for case in parties %}{{ case.name }},{% end %}{{ case.title }}"
    assert render(text) == "赵秀兰,瑞安居物业,漏水"


def test_blocks_nest() -> None:
    text = (
        '{% for p in parties %}{% if p.kind = "person" %}人{% for c in [1, 2] %}{{ c }}{% end %}'
        "{% else %}组织{% end %};{% end %}"
    )
    assert render(text) == "人12;组织;"


def test_block_tag_alone_on_its_line_leaves_no_line() -> None:
    text = "a\n  {% if true %}  \nb\n{% end %}\r\nc\n{% for x in [1,2] %}\n<{{ x }}>\n{% end %}"
    assert render(text) == "a\nb\nc\n<1>\n<2>\n"


def test_block_tag_beside_text_keeps_the_line() -> None:
    assert render("a {% if true %}\nb{% end %}\n") == "a \nb\n"
    assert render("{{ case.no }}\n{{ case.no }}\n") == "3\n3\n"


def test_names_are_the_outer_ones() -> None:
    template = parse(
        "{{ case.title }}{% for p in parties %}{{ p.name }}{{ unit.name }}{% end %}"
        "{% if some d in data.list satisfies d > 1 %}{{ long date(today) }}{% end %}"
        '{{ count(parties[kind = "person"]) }}{{ "word in a string" }}'
    )
    assert template.names == {"case", "parties", "unit", "data", "today"}


def test_misspelt_outer_name_is_among_the_names() -> None:
    assert parse("{{ cases.title }}{% for p in partys %}{{ q }}{% end %}").names == {
        "cases",
        "partys",
        "q",
    }


def test_loop_variable_outside_its_loop_is_an_outer_name() -> None:
    assert parse("{% for p in parties %}{% end %}{{ p.name }}").names == {"parties", "p"}


def test_same_text_and_values_give_the_same_text() -> None:
    template = parse("{% for p in parties %}{{ p.name }} {{ case.amount }}{% end %}")
    assert template.render(CASE) == template.render(CASE)
