"""Reads one field after the other and keeps every error, warning and file id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflows.errors import FieldError
from workflows.formspec import scalars
from workflows.formspec.fields import Field, Widget
from workflows.formspec.id_numbers import knows_area
from workflows.formspec.scalars import RefusedError, is_empty, message_for, refuse
from workflows.messages import Message

MOST_UNKNOWN = 50
"""Unknown names reported at most: enough to see the mistake, too few to fill a disk."""
SHOWN_NAME = 60

_ASK: Mapping[Widget, str] = {
    Widget.CHOICE: "choose",
    Widget.CHECKLIST: "choose",
    Widget.BOOLEAN: "choose",
    Widget.PERSON: "choose",
    Widget.UNIT: "choose",
    Widget.FILE: "upload",
    Widget.SIGNATURE: "sign",
}
"""What a missing answer is called; everything else is to be filled in."""


class Reader:
    """State of one reading. `today` is the Shanghai day conditions and dates compare with."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.errors: list[FieldError] = []
        self.warnings: list[FieldError] = []
        self.files: list[str] = []
        self._unknown = 0

    def read(self, field: Field, raw: Any, path: str) -> Any:
        """The value of a field that is no table; None where it is empty or wrong."""
        if is_empty(raw):
            if field.required:
                self.miss(field, path)
            return None
        if field.widget is Widget.LOCATION:
            return self._location(field, raw, path)
        try:
            return self._value(field, raw, path)
        except RefusedError as refusal:
            self.errors.append(FieldError(path, refusal.message))
            return None

    def miss(self, field: Field, path: str) -> None:
        """Notes that a required answer is missing."""
        code = _ASK.get(field.widget, "fill_in")
        if code == "fill_in" and field.min_length > 1:
            message = message_for(field, "fill_in_at_least", n=field.min_length)
        elif field.must_be_true:
            message = message_for(field, "must_confirm")
        else:
            message = message_for(field, code)
        self.errors.append(FieldError(path, message))

    def refuse(self, field: Field, path: str, code: str, /, **params: object) -> None:
        """Notes another error about a field."""
        self.errors.append(FieldError(path, message_for(field, code, **params)))

    def rows(self, field: Field, raw: Any, path: str) -> list[tuple[int, Mapping[str, Any]]]:
        """(position, row) of every row that is not blank.

        Blank rows count only up to the number the form asks for, so that a form may offer one
        more than needed.
        """
        if is_empty(raw):
            self._check_count(field, 0, path)
            return []
        if not isinstance(raw, list):
            self.refuse(field, path, "not_list")
            return []
        if len(raw) > field.max_items:
            self.refuse(field, path, "too_many_rows", n=field.max_items, now=len(raw))
            return []
        found: list[tuple[int, Mapping[str, Any]]] = []
        for index, row in enumerate(raw):
            if not isinstance(row, Mapping):
                self.refuse(field, f"{path}/{index}", "row_not_object", n=index + 1)
            elif index < field.min_items or not is_blank_row(field, row):
                found.append((index, row))
        self._check_count(field, len(found), path)
        return found

    def refuse_unknown(self, field: Field, row: Mapping[str, Any], path: str) -> None:
        """Notes names in a row that its table does not have."""
        for name in row:
            if not isinstance(name, str) or field.column(name) is None:
                self.unknown(name, path)

    def unknown(self, name: Any, path: str = "") -> None:
        """Notes a name the form does not know."""
        self._unknown += 1
        if self._unknown <= MOST_UNKNOWN:
            self.errors.append(unknown_error(name, path))

    def _check_count(self, field: Field, count: int, path: str) -> None:
        least = max(field.min_items, 1 if field.required else 0)
        if count < least:
            code = "too_few_parties" if field.widget is Widget.PARTIES else "too_few_rows"
            self.refuse(field, path, code, n=least)

    def _value(self, field: Field, raw: Any, path: str) -> Any:
        if field.widget is Widget.CHECKLIST:
            return self._checks(field, raw)
        if field.widget is Widget.FILE:
            return self._files(field, raw)
        if field.widget is Widget.ID_NUMBER:
            number = scalars.read_id_number(field, raw, self.today)
            if not knows_area(number):
                self.warnings.append(
                    FieldError(path, message_for(field, "id_area", area=number[:6]))
                )
            return number
        if field.widget is Widget.DATE:
            return scalars.read_date(field, raw, self.today)
        return _READERS[field.widget](field, raw)

    def _checks(self, field: Field, raw: Any) -> list[str | int] | None:
        if not isinstance(raw, list | tuple):
            raise refuse(field, "not_list")
        if len(raw) > 10 * len(field.choices) + 1:
            raise refuse(field, "not_a_choice")
        picked = [scalars.read_choice(field, one) for one in raw if not is_empty(one)]
        values = [choice.value for choice in field.choices if choice.value in picked]
        if not values and field.required:
            raise refuse(field, "choose")
        if len(values) < field.min_items:
            raise refuse(field, "too_few_checks", n=field.min_items)
        if len(values) > field.max_items:
            raise refuse(field, "too_many_checks", n=field.max_items)
        return values or None

    def _files(self, field: Field, raw: Any) -> str | list[str] | None:
        listed = raw if isinstance(raw, list | tuple) else [raw]
        ids = list(
            dict.fromkeys(scalars.read_file_id(field, one) for one in listed if not is_empty(one))
        )
        most = field.max_items if field.multiple else 1
        if len(ids) > most:
            raise refuse(field, "too_many_files", n=most)
        if len(ids) < max(field.min_items, 1 if field.required else 0):
            raise refuse(field, "upload")
        self.files += ids
        if not ids:
            return None
        return ids if field.multiple else ids[0]

    def _location(self, field: Field, raw: Any, path: str) -> dict[str, Any] | None:
        if not isinstance(raw, Mapping):
            self.refuse(field, path, "not_object")
            return None
        self.refuse_unknown(field, raw, path)
        parts = {
            part.name: self.read(part, raw.get(part.name), point(path, part.name))
            for part in field.fields
        }
        given = {name: value for name, value in parts.items() if value is not None}
        if ("latitude" in given) != ("longitude" in given):
            self.refuse(field, path, "half_location")
        if field.required and all(is_empty(value) for value in raw.values()):
            self.miss(field, path)
        return given or None


_READERS: Mapping[Widget, Callable[[Field, Any], Any]] = {
    Widget.TEXT: scalars.read_text,
    Widget.LONGTEXT: lambda field, raw: scalars.read_text(field, raw, lines=True),
    Widget.NUMBER: scalars.read_number,
    Widget.MONEY: scalars.read_money,
    Widget.DATETIME: scalars.read_datetime,
    Widget.CHOICE: scalars.read_choice,
    Widget.BOOLEAN: scalars.read_boolean,
    Widget.CREDIT_CODE: scalars.read_credit_code,
    Widget.PHONE: scalars.read_phone,
    Widget.PERSON: scalars.read_person,
    Widget.UNIT: scalars.read_unit,
    Widget.SIGNATURE: scalars.read_file_id,
}


def is_blank_row(field: Field, row: Mapping[str, Any]) -> bool:
    """Whether nobody typed anything into a row: choices and ticks alone do not count."""
    quiet = {
        column.name for column in field.fields if column.widget in (Widget.CHOICE, Widget.BOOLEAN)
    }
    return all(is_empty(value) or name in quiet for name, value in row.items())


def unknown_error(name: Any, path: str = "") -> FieldError:
    """The error about a name nobody asked for."""
    text = name if isinstance(name, str) else "?"
    shown = text[:SHOWN_NAME].encode("utf-8", "replace").decode("utf-8")
    return FieldError(point(path, shown), Message("form.unknown_field", {"name": shown}))


def point(path: str, name: str) -> str:
    """One step further in a JSON Pointer (RFC 6901)."""
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
