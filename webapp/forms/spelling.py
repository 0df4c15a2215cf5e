"""How a stored value stands in an input, and how one speaks of a field's place.

What somebody typed comes back as typed; only values in stored form are spelt for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.formspec import Field, Widget
from workflows.formspec.submission import text_of
from workflows.messages import Message, say

SHANGHAI = ZoneInfo("Asia/Shanghai")
_STORED_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_STORED_MONEY = re.compile(r"-?[0-9]{1,15}\.[0-9]{2}")


def shown_text(field: Field, value: Any, language: str) -> str:
    """The text of an input: 2026年10月9日, 18,600.00, or what was typed."""
    text = text_of(value)
    if field.widget is Widget.MONEY and _STORED_MONEY.fullmatch(text):
        return f"{Decimal(text):,.2f}"
    if field.widget is Widget.DATE:
        return _shown_day(text, language)
    if field.widget is Widget.DATETIME:
        return _shown_moment(text, language)
    return text


def title_of(titles: Mapping[str, str], language: str) -> str:
    """The words of a title in a language; Chinese where there is no English."""
    chosen = titles.get("en") if language.startswith("en") else None
    return chosen or titles.get("zh", "")


def _shown_day(text: str, language: str) -> str:
    stored = _STORED_DAY.fullmatch(text)
    if stored is None:
        return text
    year, month, day = map(int, stored.groups())
    words = Message("form.day", {"y": year, "m": month, "d": day, "iso": text})
    return say(words, language)


def _shown_moment(text: str, language: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    local = moment.astimezone(SHANGHAI)
    return f"{_shown_day(local.date().isoformat(), language)} {local.hour}:{local.minute:02}"
