"""What texts may call beside FEEL: dates, money, numbers in words, lists of names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from workflows.wording import parse


def call(expression: str, **values: Any) -> str:
    return parse(f"{{{{ {expression} }}}}").render(values)


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 10, 9), "2026年10月9日"),
        (date(2026, 1, 31), "2026年1月31日"),
        (datetime(2026, 10, 9, 8, 30, tzinfo=UTC), "2026年10月9日"),
        (None, ""),
        ("2026-10-09", ""),
        (Decimal(5), ""),
    ],
)
def test_long_date(day: object, printed: str) -> None:
    assert call("long date(d)", d=day) == printed


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("18600", "18,600.00"),
        ("0", "0.00"),
        ("-0.001", "0.00"),
        ("0.005", "0.01"),
        ("1234567.891", "1,234,567.89"),
        ("-5000.5", "-5,000.50"),
        ("1E+3", "1,000.00"),
    ],
)
def test_money(amount: str, printed: str) -> None:
    assert call("money(a)", a=Decimal(amount)) == printed


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("18600.00", "壹万捌仟陆佰元整"),
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.12", "壹角贰分"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.50", "壹元伍角整"),
        ("10", "壹拾元整"),
        ("10.50", "壹拾元伍角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1005.03", "壹仟零伍元零叁分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("20000", "贰万元整"),
        ("100001", "壹拾万零壹元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000000", "壹佰万元整"),
        ("10000000", "壹仟万元整"),
        ("10100000", "壹仟零壹拾万元整"),
        ("100000001", "壹亿零壹元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000000010000", "壹万亿零壹万元整"),
        ("-12.30", "负壹拾贰元叁角整"),
        ("0.004", "零元整"),
        ("999999.995", "壹佰万元整"),
    ],
)
def test_money_in_words(amount: str, printed: str) -> None:
    assert call("money words(a)", a=Decimal(amount)) == printed


@pytest.mark.parametrize("amount", [None, "18600", True, Decimal("1E+16"), Decimal("1E+6000")])
def test_what_is_no_amount_has_no_words(amount: object) -> None:
    assert call("money words(a)", a=amount) == ""
    assert call("money(a)", a=amount) == ""


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (21, "二十一"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (10000, "一万"),
        (100000, "十万"),
        (120003, "十二万零三"),
        (-3, "负三"),
    ],
)
def test_chinese_number(number: int, printed: str) -> None:
    assert call("chinese number(n)", n=number) == printed


@pytest.mark.parametrize("number", [None, Decimal("1.5"), "3", Decimal("1E+16")])
def test_what_is_no_whole_number_has_no_words(number: object) -> None:
    assert call("chinese number(n)", n=number) == ""


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        (["甲", "乙", "丙"], "甲、乙、丙"),
        (["甲"], "甲"),
        ("甲", "甲"),
        (["甲", None, "", "乙"], "甲、乙"),
        ([], ""),
        (None, ""),
    ],
)
def test_join_names(names: object, printed: str) -> None:
    assert call("join names(x)", x=names) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("一段", "[一段]"),
        ("一\n\n  二  \r\n三", "[一][二][三]"),
        ("", ""),
        (" \n ", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_lines(text: object, printed: str) -> None:
    template = parse("{% for line in lines(x) %}[{{ line }}]{% end %}")
    assert template.render({"x": text}) == printed


def test_functions_take_named_arguments() -> None:
    assert call("long date(date: d)", d=date(2026, 10, 9)) == "2026年10月9日"
