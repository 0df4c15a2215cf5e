"""Which control a widget gets, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from webapp.forms.shown import FileShown, Input, Option
from webapp.forms.spelling import shown_text, title_of
from workflows.formspec import Field, Widget
from workflows.formspec.submission import text_of

KINDS: Mapping[Widget, str] = {
    Widget.TEXT: "text",
    Widget.LONGTEXT: "longtext",
    Widget.NUMBER: "text",
    Widget.MONEY: "money",
    Widget.DATE: "text",
    Widget.DATETIME: "text",
    Widget.CHOICE: "radios",
    Widget.CHECKLIST: "checks",
    Widget.PARTIES: "parties",
    Widget.ROWS: "rows",
    Widget.ID_NUMBER: "id_number",
    Widget.CREDIT_CODE: "id_number",
    Widget.PHONE: "text",
    Widget.PERSON: "text",
    Widget.UNIT: "text",
    Widget.FILE: "files",
    Widget.SIGNATURE: "sign",
    Widget.LOCATION: "location",
    Widget.BOOLEAN: "tick",
}
"""Macro of `templates/forms/_inputs.html` by widget."""
INPUT_MODES: Mapping[Widget, str] = {
    Widget.NUMBER: "decimal",
    Widget.DATE: "numeric",
    Widget.DATETIME: "numeric",
    Widget.PHONE: "tel",
}
SHORT = frozenset({Widget.NUMBER, Widget.DATE, Widget.DATETIME})
MOST_RADIOS = 4
"""From the fifth answer on a list is easier to read."""
LINE = 34
"""Characters in a line of a text field, to make it as high as its text."""


def control(
    one: Field,
    value: Any,
    shown: Input,
    language: str,
    known: Sequence[tuple[str, str]],
    files: Mapping[str, tuple[str, int]],
) -> Input:
    """The input with its kind, value and options. `known`: people or units to choose from."""
    if one.widget is Widget.FILE:
        return _files(one, value, shown, files)
    if one.widget is Widget.BOOLEAN:
        return _yes_or_no(one, value, shown)
    if one.choices:
        pairs = [(str(c.value), title_of(c.title, language)) for c in one.choices]
        return _choices(one, value, shown, pairs)
    if known:
        return replace(shown, kind="select", options=_options(shown.id, known, {text_of(value)}))
    text = shown_text(one, value, language)
    return replace(
        shown,
        value=text,
        short=one.widget in SHORT,
        inputmode="numeric" if one.integer else INPUT_MODES.get(one.widget, ""),
        length=18 if KINDS[one.widget] == "id_number" else 0,
        lines=min(12, max(3, sum(1 + len(line) // LINE for line in text.split("\n")))),
        least=one.min_length if one.min_length > 1 else 0,
    )


def _choices(one: Field, value: Any, shown: Input, pairs: Sequence[tuple[str, str]]) -> Input:
    listed = value if isinstance(value, list) else [value]
    options = _options(shown.id, pairs, {text_of(v) for v in listed if v is not None})
    if one.widget is Widget.CHECKLIST:
        return replace(shown, options=options, id=options[0].id)
    if len(options) > MOST_RADIOS or shown.name.endswith(".side"):
        return replace(shown, kind="select", options=options)
    return replace(shown, kind="radios", options=options, id=options[0].id)


def _options(id_: str, pairs: Sequence[tuple[str, str]], chosen: set[str]) -> tuple[Option, ...]:
    return tuple(
        Option(f"{id_}-{index}", value, words, value in chosen)
        for index, (value, words) in enumerate(pairs)
    )


def _yes_or_no(one: Field, value: Any, shown: Input) -> Input:
    """A tick box; two answers where leaving it open is not an answer."""
    text = text_of(value)
    if one.required and not one.must_be_true:
        options = _options(shown.id, (("true", _("是")), ("false", _("否"))), {text})
        return replace(shown, kind="radios", options=options, id=options[0].id)
    return replace(shown, value=text, optional=False)


def _files(one: Field, value: Any, shown: Input, files: Mapping[str, tuple[str, int]]) -> Input:
    listed = value if isinstance(value, list) else [value]
    found = [one_id for one_id in listed if isinstance(one_id, str) and one_id]
    return replace(
        shown,
        id=f"{shown.id}-upload",
        multiple=one.multiple,
        accept=",".join(one.accept),
        files=tuple(
            FileShown(
                id=file_id,
                name=files[file_id][0] if file_id in files else _("已上传的文件"),
                size=files[file_id][1] if file_id in files else None,
                remove=f"remove:{shown.name}.{index}",
            )
            for index, file_id in enumerate(found)
        ),
    )
