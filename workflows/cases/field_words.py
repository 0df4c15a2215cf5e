"""A stored value as people read it, in both languages: titles of choices, dates, money. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workflows.cases.decision import Json
from workflows.formspec.fields import Field, Titles, Widget
from workflows.messages import Message


def value_words(field: Field, value: Json) -> str | Message:
    """What a plain value of `field` says; “—” for none. Choices, yes and no, dates and money are
    a Message, so that a record kept in one language is read in the other."""
    if value in (None, "", []):
        return "—"
    if field.choices:
        picked = value if isinstance(value, list) else [value]
        return _titles([_choice(field, one) for one in picked])
    if isinstance(value, bool):
        return Message("cases.value_yes" if value else "cases.value_no")
    if isinstance(value, Mapping):
        return "，".join(str(part) for part in value.values() if part not in (None, ""))
    return _text(field, str(value))


def _text(field: Field, text: str) -> str | Message:
    try:
        if field.widget is Widget.MONEY:
            return Message("cases.value_money", {"amount": f"{Decimal(text):,.2f}"})
        if field.widget is Widget.DATE:
            return _day(date.fromisoformat(text))
        if field.widget is Widget.DATETIME:
            at = datetime.fromisoformat(text)
            clock = f"{at.hour}:{at.minute:02}"
            return Message("cases.value_moment", {"day": _day(at.date()), "time": clock})
    except (ValueError, ArithmeticError):
        return text
    return text


def _day(on: date) -> Message:
    return Message("form.day", {"y": on.year, "m": on.month, "d": on.day, "iso": on.isoformat()})


def _choice(field: Field, value: Any) -> Titles:
    found = next((one.title for one in field.choices if one.value == value), None)
    return found or {"zh": str(value), "en": str(value)}


def _titles(picked: list[Titles]) -> Message:
    words = {
        "zh": "、".join(one["zh"] for one in picked),
        "en": ", ".join(one.get("en", one["zh"]) for one in picked),
    }
    return Message("cases.value_titled", {"words": words})
