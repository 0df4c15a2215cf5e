"""From submitted values to typed values, or all errors at once.

Order of work: every field is read by its widget's reader; a field whose condition is not true is
neither read nor kept; then `jsonschema` looks at what is left. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.errors import FieldError, InvalidFormError
from workflows.formspec.conditions import is_asked
from workflows.formspec.fields import Field, Form, Store, Widget
from workflows.formspec.leftovers import schema_errors, unknown_errors
from workflows.formspec.parties import read_party, same_person_errors
from workflows.formspec.plain import to_plain
from workflows.formspec.reader import Reader, point
from workflows.formspec.scalars import SHANGHAI
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class Values:
    """What a form gave, plain JSON-able, ready for the places `x-store` names.

    Every field that is asked is a key, None where it was left empty; fields that are not asked
    are absent. `parties`: the whole list, None if the form has none. `files`: ids of every
    uploaded file in any field, in order, each once. `warnings`: worth a second look, never in
    the way.
    """

    process: dict[str, Any]
    case: dict[str, Any]
    sealed: dict[str, Any]
    parties: list[dict[str, Any]] | None
    files: tuple[str, ...]
    warnings: tuple[FieldError, ...] = ()


def read_values(
    form: Form,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    known: Mapping[str, Any] | None = None,
) -> Values:
    """The values of a submission.

    `raw`: field name → what JSON or `parse_submission` holds. `now`: aware; “today” is its
    Shanghai day. `known`: `case`, `parties`, `unit` for conditions, as expressions see them.
    Raises InvalidFormError with every error, in the form's order, and nothing else.
    """
    if not isinstance(raw, Mapping):
        raise InvalidFormError([FieldError("", Message("form.not_an_object"))])
    today = now.astimezone(SHANGHAI).date()
    reader = Reader(today)
    values = _read_fields(form, raw, reader, {**(known or {}), "today": today})
    reader.errors += schema_errors(form, values, reader.errors)
    errors = [*_in_form_order(form, reader.errors), *unknown_errors(form, raw)]
    if errors:
        raise InvalidFormError(errors)
    return _sort_by_store(form, values, reader)


def asked_fields(form: Form, values: Mapping[str, Any]) -> frozenset[str]:
    """Names of the fields that are asked for read values; what a page without scripts shows is
    more."""
    return frozenset(one.name for one in form.fields if is_asked(one, values))


def _read_fields(
    form: Form, raw: Mapping[str, Any], reader: Reader, known: Mapping[str, Any]
) -> dict[str, Any]:
    """Field name → read value of everything asked; what cannot be read is None to conditions."""
    values: dict[str, Any] = {}
    around = {"case": {}, "parties": [], "unit": {}, **known}
    around |= dict.fromkeys(form.by_name)
    for name in form.reading_order:
        field = form.by_name[name]
        if not is_asked(field, around):
            continue
        values[name] = around[name] = _read_field(field, raw.get(name), reader, around)
    return values


def _read_field(field: Field, raw: Any, reader: Reader, around: Mapping[str, Any]) -> Any:
    path = point("", field.name)
    if not field.repeats:
        return reader.read(field, raw, path)
    rows = reader.rows(field, raw, path)
    if field.widget is not Widget.PARTIES:
        return [_read_row(field, row, reader, f"{path}/{index}", around) for index, row in rows]
    parties = [read_party(field, row, reader, f"{path}/{index}") for index, row in rows]
    reader.errors += same_person_errors(field, parties, [index for index, _ in rows], path)
    return parties


def _read_row(
    field: Field,
    row: Mapping[str, Any],
    reader: Reader,
    path: str,
    around: Mapping[str, Any],
) -> dict[str, Any]:
    """One row; a column's condition sees the row's columns before the form's fields."""
    inner = {**around, **dict.fromkeys(column.name for column in field.fields)}
    waiting = list(field.fields)
    read: dict[str, Any] = {}
    while waiting:
        names = {column.name for column in waiting}
        column = next(
            (one for one in waiting if not (one.visible and one.visible.names & names)), waiting[0]
        )
        waiting.remove(column)
        if is_asked(column, inner):
            value = reader.read(column, row.get(column.name), point(path, column.name))
            read[column.name] = inner[column.name] = value
    reader.refuse_unknown(field, row, path)
    return {column.name: read[column.name] for column in field.fields if column.name in read}


def _in_form_order(form: Form, errors: list[FieldError]) -> list[FieldError]:
    """By field; within a field as found, which is by row and column."""
    place = {point("", one.name): index for index, one in enumerate(form.fields)}
    return sorted(errors, key=lambda error: place["/" + error.path.split("/")[1]])


def _parties(
    form: Form, values: Mapping[str, Any], read: Mapping[str, Any]
) -> list[dict[str, Any]] | None:
    """The list as it was given; None where it was not asked, which ends nobody's part."""
    field = form.parties
    if field is None or field.name not in values:
        return None
    return read.get(field.name) or []


def _sort_by_store(form: Form, values: Mapping[str, Any], reader: Reader) -> Values:
    stores: dict[Store, dict[str, Any]] = {store: {} for store in Store}
    for field in form.fields:
        if field.name in values:
            stores[field.store][field.name] = to_plain(field, values[field.name])
    return Values(
        process=stores[Store.PROCESS],
        case=stores[Store.CASE],
        sealed=stores[Store.SEALED],
        parties=_parties(form, values, stores[Store.PARTY]),
        files=tuple(dict.fromkeys(reader.files)),
        warnings=tuple(reader.warnings),
    )
