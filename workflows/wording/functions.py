"""What texts may call beside FEEL's own functions. Null in, null out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from workflows.feel import Function
from workflows.wording.chinese import capital_money, chinese_number

_CENT = Decimal("0.01")
_TOO_LARGE = Decimal(10) ** 16
"""One more 万亿 than the words go to; no dispute reaches it."""


def _long_date(day: Any) -> str | None:
    """2026年10月9日: the form of GB/T 9704-2012 §7.3.5.4, no leading zeros. A date with time gives
    its own day."""
    if not isinstance(day, date):
        return None
    return f"{day.year}年{day.month}月{day.day}日"


def _cents(value: Any) -> Decimal | None:
    """Rounded half up to 分, as money is; None for what is no amount or too large."""
    if not isinstance(value, Decimal) or not abs(value) < _TOO_LARGE:
        return None
    rounded = value.quantize(_CENT, rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _money(value: Any) -> str | None:
    """18,600.00"""
    amount = _cents(value)
    return None if amount is None else f"{amount:,.2f}"


def _money_words(value: Any) -> str | None:
    """壹万捌仟陆佰元整"""
    amount = _cents(value)
    return None if amount is None or abs(amount) >= _TOO_LARGE else capital_money(amount)


def _chinese_number(value: Any) -> str | None:
    """一, 十二, 一百零五; null for what is no whole number."""
    if not isinstance(value, Decimal) or not abs(value) < _TOO_LARGE or value % 1:
        return None
    return chinese_number(int(value))


def _join_names(names: Any) -> str | None:
    """甲、乙、丙; what is null or empty in the list is left out. Null where nothing is left."""
    listed = names if isinstance(names, list) else [names]
    found = [name for name in listed if isinstance(name, str) and name]
    return "、".join(found) or None


def _lines(text: Any) -> list[str]:
    """The paragraphs somebody typed, without the blank ones; empty for null."""
    if not isinstance(text, str):
        return []
    return [line for line in (raw.strip() for raw in text.splitlines()) if line]


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "long date": Function(("date",), _long_date),
        "money": Function(("amount",), _money),
        "money words": Function(("amount",), _money_words),
        "chinese number": Function(("number",), _chinese_number),
        "join names": Function(("names",), _join_names),
        "lines": Function(("text",), _lines),
    }
)
"""Name in FEEL → function; documented in docs/documents.md."""
