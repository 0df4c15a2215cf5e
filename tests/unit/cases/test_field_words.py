"""Stored values as people read them, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from workflows.cases.field_words import value_words
from workflows.formspec import Choice, Field, Widget
from workflows.messages import Message, say

KINDS = (
    Choice("neighbourhood", {"zh": "邻里", "en": "Neighbours"}),
    Choice("contract", {"zh": "合同", "en": "Contract"}),
)


def spoken(widget: Widget, value: Any, language: str, **more: Any) -> str:
    field = Field("asked", "string", widget, {"zh": "问", "en": "Asked"}, **more)
    words = value_words(field, value)
    return say(words, language) if isinstance(words, Message) else words


@pytest.mark.parametrize(
    ("widget", "value", "zh", "en"),
    [
        (Widget.TEXT, "水渠", "水渠", "水渠"),
        (Widget.TEXT, None, "—", "—"),
        (Widget.MONEY, "18600.00", "18,600.00 元", "18,600.00 yuan"),
        (Widget.DATE, "2026-10-09", "2026年10月9日", "2026-10-09"),
        (Widget.DATETIME, "2026-10-09T09:05:00+08:00", "2026年10月9日 9:05", "2026-10-09 9:05"),
        (Widget.BOOLEAN, True, "是", "yes"),
        (Widget.BOOLEAN, False, "否", "no"),
        (Widget.LOCATION, {"address": "北渠", "latitude": "39.7"}, "北渠，39.7", "北渠，39.7"),
        (Widget.DATE, "不详", "不详", "不详"),
    ],
)
def test_a_value_is_said_in_both_languages(widget: Widget, value: Any, zh: str, en: str) -> None:
    assert (spoken(widget, value, "zh-Hans"), spoken(widget, value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("contract", "合同", "Contract"),
        (["neighbourhood", "contract"], "邻里、合同", "Neighbours, Contract"),
        ("gone", "gone", "gone"),
    ],
)
def test_choices_are_said_by_their_titles(value: Any, zh: str, en: str) -> None:
    said = [spoken(Widget.CHOICE, value, one, choices=KINDS) for one in ("zh-Hans", "en")]
    assert said == [zh, en]
