"""Between an HTML form's flat names and the nested values `read_values` takes.

Names: `field`, `parties.0.name`, `clauses.1.due_on`, `place.latitude`; a list of checks or files
repeats its name. Names that begin with "_" and `csrf_token` belong to the page, not to the form;
`field.upload` is the name of a file input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workflows.errors import InvalidInputError
from workflows.formspec.fields import Field, Form, Widget

PAGE_NAMES = frozenset({"csrf_token"})
UPLOAD = ".upload"
_INDEX = re.compile(r"[0-9]{1,5}")


def parse_submission(form: Form, pairs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The nested values of a post, still as typed.

    `pairs`: every name with all its values (`request.form.to_dict(flat=False)`). Row numbers only
    give the order; holes close up. A name the form does not know stays in the result under its
    whole name, for `read_values` to refuse.
    """
    raw: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for name, values in pairs.items():
        if name.startswith("_") or name in PAGE_NAMES or name.endswith(UPLOAD) or not values:
            continue
        _place(form, name, values, raw, rows)
    for name, numbered in rows.items():
        raw[name] = [numbered[index] for index in sorted(numbered)]
    return raw


def parse_value(field: Field, pairs: Mapping[str, Sequence[str]]) -> Any:
    """The value of one field out of a post, still as typed; other names are left alone."""
    if field.widget is Widget.LOCATION:
        return {
            part.name: _take(part, pairs[name])
            for part in field.fields
            if pairs.get(name := f"{field.name}.{part.name}")
        }
    return _take(field, pairs.get(field.name) or [""])


def flatten(form: Form, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The pairs an HTML form would post for plain or raw values; the inverse of
    `parse_submission`. Values of a wrong shape give nothing, names of other forms neither."""
    pairs: dict[str, list[str]] = {}
    for field in form.fields:
        if field.name in values:
            _flatten(field, values[field.name], field.name, pairs)
    return pairs


def apply_action(form: Form, raw: Mapping[str, Any], action: str) -> dict[str, Any]:
    """The values after a button of the form that works without scripts.

    `action`: "add:parties", "remove:clauses.1" (a row), "remove:proof.0" (a file), also inside a
    row ("remove:clauses.1.proof.0"), or "upload" (changes nothing). Raises InvalidInputError for
    any other.
    """
    if action == "upload":
        return dict(raw)
    verb, _, target = action.partition(":")
    parts = target.split(".")
    field = form.find(parts[0])
    if verb == "add" and len(parts) == 1 and field is not None and field.repeats:
        return {**raw, field.name: [*_list(raw.get(field.name)), {}]}
    if verb == "remove" and field is not None:
        return {**raw, field.name: _without(field, raw.get(field.name), parts[1:], action)}
    raise InvalidInputError("form.unknown_action", action=action[:60])


def attach_file(form: Form, raw: Mapping[str, Any], name: str, file_id: str) -> dict[str, Any]:
    """The values with a file that was posted under `name` ("proof.upload",
    "clauses.0.proof.upload") and has got `file_id`. Raises InvalidInputError if `name` is no file
    input of the form."""
    parts = name.removesuffix(UPLOAD).split(".")
    field = form.find(parts[0])
    if field is not None and len(parts) == 1 and _holds_files(field):
        return {**raw, field.name: _with_file(field, raw.get(field.name), file_id)}
    if field is not None and len(parts) == 3 and _INDEX.fullmatch(parts[1]):
        column, rows = field.column(parts[2]), _list(raw.get(field.name))
        index = int(parts[1])
        if column is not None and _holds_files(column) and index < len(rows):
            row = dict(rows[index])
            row[column.name] = _with_file(column, row.get(column.name), file_id)
            return {**raw, field.name: [*rows[:index], row, *rows[index + 1 :]]}
    raise InvalidInputError("form.unknown_upload", name=name[:60])


def _place(
    form: Form,
    name: str,
    values: Sequence[str],
    raw: dict[str, Any],
    rows: dict[str, dict[int, dict[str, Any]]],
) -> None:
    """Puts the values of one name where they belong."""
    parts = name.split(".")
    field = form.find(parts[0])
    if field is not None and len(parts) == 1 and not field.fields:
        raw[name] = _take(field, values)
        return
    if field is not None and len(parts) == 2 and field.widget is Widget.LOCATION:
        part = field.column(parts[1])
        if part is not None:
            raw.setdefault(field.name, {})[part.name] = _take(part, values)
            return
    if field is not None and len(parts) == 3 and field.repeats and _INDEX.fullmatch(parts[1]):
        column = field.column(parts[2])
        row = rows.setdefault(field.name, {}).setdefault(int(parts[1]), {})
        row[parts[2]] = values[-1] if column is None else _take(column, values)
        return
    raw[name] = values[-1]


def _take(field: Field, values: Sequence[str]) -> Any:
    """One value, or the list of a field that repeats its name. A tick box posts "false" before
    its "true"; a page that shows a check list posts an empty value first."""
    if field.widget is Widget.CHECKLIST or field.multiple:
        return [value for value in values if value]
    if field.widget in (Widget.FILE, Widget.SIGNATURE):
        return next((value for value in reversed(values) if value), "")
    return values[-1]


def _flatten(field: Field, value: Any, name: str, pairs: dict[str, list[str]]) -> None:
    if field.widget is Widget.LOCATION:
        _flatten_object(field, value, name, pairs)
    elif field.repeats:
        for index, row in enumerate(_list(value)):
            _flatten_object(field, row, f"{name}.{index}", pairs)
    elif field.widget is Widget.CHECKLIST or field.multiple:
        pairs[name] = [text_of(one) for one in _list(value)]
    else:
        pairs[name] = [text_of(value)]


def _flatten_object(field: Field, row: Any, name: str, pairs: dict[str, list[str]]) -> None:
    if not isinstance(row, Mapping):
        return
    for column in field.fields:
        if column.name in row:
            _flatten(column, row[column.name], f"{name}.{column.name}", pairs)


def text_of(value: Any) -> str:
    """A plain scalar as an HTML form would post it; "" for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    return str(value) if isinstance(value, float | Decimal) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _holds_files(field: Field) -> bool:
    return field.widget in (Widget.FILE, Widget.SIGNATURE)


def _with_file(field: Field, value: Any, file_id: str) -> Any:
    return [*_file_ids(value), file_id] if field.multiple else file_id


def _file_ids(value: Any) -> list[Any]:
    return _list(value) if not isinstance(value, str) else [value] * bool(value)


def _without(field: Field, value: Any, parts: Sequence[str], action: str) -> Any:
    """The value of a field without the row or file that `parts` names."""
    if parts and _INDEX.fullmatch(parts[0]):
        index = int(parts[0])
        if len(parts) == 1 and (field.repeats or field.multiple):
            return _drop(_list(value), index)
        if len(parts) == 1 and _holds_files(field):
            return ""
        column = field.column(parts[1]) if len(parts) == 3 else None
        rows = _list(value)
        if column is not None and index < len(rows) and isinstance(rows[index], Mapping):
            inner = _without(column, rows[index].get(column.name), parts[2:], action)
            return [*rows[:index], {**rows[index], column.name: inner}, *rows[index + 1 :]]
    raise InvalidInputError("form.unknown_action", action=action[:60])


def _drop(values: Iterable[Any], index: int) -> list[Any]:
    return [one for position, one in enumerate(values) if position != index]
