"""The answers of a choice or a check list, from a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.formspec.fields import Choice, Widget
from workflows.formspec.findings import Findings
from workflows.formspec.titles import english_of


def read_choices(
    prop: Mapping[str, Any], widget: Widget, path: str, findings: Findings
) -> tuple[Choice, ...]:
    """The choices of `enum` (a list: of its items) with labels; none for other widgets."""
    if widget not in (Widget.CHOICE, Widget.CHECKLIST):
        return ()
    holder = prop if widget is Widget.CHOICE else prop.get("items")
    values = holder.get("enum") if isinstance(holder, Mapping) else None
    if not isinstance(values, list) or not all(
        isinstance(value, str | int) and not isinstance(value, bool) for value in values
    ):
        findings.error(path, "no_choices")
        return ()
    labels, english = _labels(prop, holder)
    return tuple(_choice(value, labels, english, path, findings) for value in values)


def _labels(*holders: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """`x-labels` and the English ones, from the property or its items."""
    labels: dict[str, Any] = {}
    english: dict[str, Any] = {}
    for holder in holders:
        own = holder.get("x-labels")
        labels |= own if isinstance(own, Mapping) else {}
        spoken = english_of(holder).get("labels")
        english |= spoken if isinstance(spoken, Mapping) else {}
    return labels, english


def _choice(
    value: str | int,
    labels: Mapping[str, Any],
    english: Mapping[str, Any],
    path: str,
    findings: Findings,
) -> Choice:
    zh = labels.get(str(value))
    if not isinstance(zh, str):
        findings.error(path, "no_label", value=value)
        zh = str(value)
    en = english.get(str(value))
    if not isinstance(en, str):
        findings.warn(path, "no_english", title=zh)
        en = zh
    return Choice(value, {"zh": zh, "en": en})
