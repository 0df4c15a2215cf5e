"""Texts that cannot be read, and texts that ask for too much."""

from __future__ import annotations

import pytest

from workflows.messages import say
from workflows.wording import WordingError, limits, parse


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a\n{{ case.title", 2, "wording.unclosed_tag"),
        ("{% if x ", 1, "wording.unclosed_tag"),
        ('{{ "never closed }}', 1, "wording.unclosed_tag"),
        ("{{ }}", 1, "wording.empty_tag"),
        ("{% if %}x{% end %}", 1, "wording.empty_tag"),
        ("{% while x %}", 1, "wording.unknown_tag"),
        ("{% %}", 1, "wording.unknown_tag"),
        ("{% end %}", 1, "wording.stray_tag"),
        ("\n\n{% else %}", 3, "wording.stray_tag"),
        ("{% for x in y %}{% else %}{% end %}", 1, "wording.stray_tag"),
        ("{% if x %}{% else %}\n{% elif y %}{% end %}", 2, "wording.after_else"),
        ("{% if x %}{% else %}\n{% else %}{% end %}", 2, "wording.after_else"),
        ("a\n{% if x %}\nb", 2, "wording.unclosed_block"),
        ("{% for x in y %}", 1, "wording.unclosed_block"),
        ("{% for x %}{% end %}", 1, "wording.bad_loop"),
        ("{% for in in y %}{% end %}", 1, "wording.bad_loop"),
        ("{% for a.b in y %}{% end %}", 1, "wording.bad_loop"),
        ("{% for true in y %}{% end %}", 1, "wording.bad_loop"),
        ("{% if x %}{% end if %}", 1, "wording.text_behind"),
        ("{% if x %}{% else y %}{% end %}", 1, "wording.text_behind"),
    ],
)
def test_broken_text_names_line_and_reason(text: str, line: int, code: str) -> None:
    with pytest.raises(WordingError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.message.code) == (line, code)
    assert "{" not in say(caught.value.message, "en").replace("{{", "").replace("}}", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb {{ case. }}", 2),
        ("{{ 1 +\n  }}", 2),
        ("{{ 1 +\n2 + ) }}", 2),
        ("\n{% if x = = 1 %}{% end %}", 2),
        ("{% if\n x = = 1 %}{% end %}", 2),
        ("{% for x in\n\n ( %}{% end %}", 3),
        ("{{ count(1, 2, 3, 4", 1),
    ],
)
def test_broken_expression_names_its_line_in_the_text(text: str, line: int) -> None:
    with pytest.raises(WordingError) as caught:
        parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "{{ case.__class__ }}|",
        "{{ case.items }}|",
        "{{ case.title.format }}|",
        "{{ parties.__len__ }}|",
    ],
)
def test_no_way_to_python(text: str) -> None:
    printed = parse(text).render({"case": {"title": "x"}, "parties": [{"a": 1}]})
    assert printed in ("|", "[null]|")


def test_too_many_steps_are_refused() -> None:
    loop = "{% for a in 1..1000 %}{% for b in 1..1000 %}x{% end %}{% end %}"
    text = loop.replace("1..1000", "for n in 1..1000 return n")
    with pytest.raises(WordingError) as caught:
        parse(text).render({})
    assert caught.value.message.code == "wording.limit_steps"


def test_too_much_output_is_refused() -> None:
    text = "\n{% for a in xs %}{{ a }}{% end %}"
    with pytest.raises(WordingError) as caught:
        parse(text).render({"xs": ["x" * 500_000] * 9})
    assert (caught.value.message.code, caught.value.line) == ("wording.limit_output", 2)


def test_limit_of_an_expression_is_told_with_the_line() -> None:
    text = "a\n{{ count(for a in 1..90000 return for b in 1..90000 return 1) }}"
    with pytest.raises(WordingError) as caught:
        parse(text).render({})
    assert caught.value.line == 2
    assert caught.value.message.code.startswith("feel.limit_")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (limits.MAX_TEXT + 1), "wording.limit_text"),
        ("{{ 1 }}" * (limits.MAX_TAGS + 1), "wording.limit_tags"),
        ("{% if true %}" * (limits.MAX_NESTING + 1), "wording.limit_nesting"),
    ],
)
def test_text_over_the_limits_is_refused(text: str, code: str) -> None:
    with pytest.raises(WordingError) as caught:
        parse(text)
    assert caught.value.message.code == code
