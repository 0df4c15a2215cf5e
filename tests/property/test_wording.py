"""Whatever is in a text or in the data: a text, or a WordingError."""

from __future__ import annotations

from decimal import Decimal
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from workflows.wording import WordingError, parse

TAGS = ("{{", "}}", "{%", "%}", " if ", " for ", " in ", " end ", " else ", " elif ")
PIECES = st.sampled_from((*TAGS, *'"{}\n().\\1x甲', " = ", "long date"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.lists(PIECES, max_size=25).map("".join), VALUES)
def test_any_text_is_filled_in_or_refused(text: str, value: object) -> None:
    lines = range(1, text.count("\n") + 2)
    try:
        printed = parse(text).render({"x": value})
    except WordingError as error:
        printed = str(error.line) if error.line in lines else None
    assert isinstance(printed, str)


@given(st.text(max_size=200).filter(lambda text: "{{" not in text and "{%" not in text))
def test_literal_text_comes_back_untouched(text: str) -> None:
    assert parse(text).render({}) == text


@given(st.text(max_size=50))
def test_printed_text_says_what_the_value_says(value: str) -> None:
    printed = parse("{{ x }}").render({"x": value})
    assert unescape(printed) == unescape(value) or "&" in value
    assert "<" not in printed
    assert '"' not in printed


DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_words(words: str) -> int:
    """Capitals of money read back to 分, by their grammar rather than by how they are made."""
    sign = -1 if words.startswith("负") else 1
    yuan, _, rest = words.removeprefix("负").rpartition("元")
    total, group, digit = 0, 0, 0
    for char in yuan:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            group, digit = group + digit * UNITS[char], 0
        elif char == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    cents = (total + group + digit) * 100
    for mark, worth in (("角", 10), ("分", 1)):
        if mark in rest:
            cents += DIGITS[rest[rest.index(mark) - 1]] * worth
    return sign * cents


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_money_in_words_reads_back_to_the_amount(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    words = parse("{{ money words(a) }}").render({"a": amount})
    assert read_words(words) == cents
    assert "零零" not in words
