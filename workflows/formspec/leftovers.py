"""What is left when every field has been read: names nobody asked for, and the keywords of the
schema that no reader looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.errors import FieldError
from workflows.formspec.fields import Field, Form
from workflows.formspec.reader import MOST_UNKNOWN, point, unknown_error
from workflows.formspec.scalars import message_for

_CODES: Mapping[str, str] = {
    "uniqueItems": "twice",
    "multipleOf": "multiple_of",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
}


def unknown_errors(form: Form, raw: Mapping[str, Any]) -> list[FieldError]:
    """Names of the submission that the form does not have."""
    unknown = [name for name in raw if name not in form.by_name]
    return [unknown_error(name) for name in unknown[:MOST_UNKNOWN]]


def schema_errors(
    form: Form, values: Mapping[str, Any], errors: Sequence[FieldError]
) -> list[FieldError]:
    """What the schema refuses of values the readers accepted."""
    instance = {name: value for name, value in values.items() if value is not None}
    wrong = {error.path for error in errors}
    found: list[FieldError] = []
    for refusal in form.validator.iter_errors(instance):
        parts = [str(part) for part in refusal.absolute_path]
        path = "".join(point("", part) for part in parts)
        field = _field_at(form, parts)
        code = _CODES.get(str(refusal.validator))
        if field is not None and code is not None and path not in wrong:
            limit = str(refusal.validator_value)
            found.append(FieldError(path, message_for(field, code, limit=limit)))
    return found


def _field_at(form: Form, parts: Sequence[str]) -> Field | None:
    field = form.find(parts[0]) if parts else None
    if field is not None and field.repeats and len(parts) > 2:
        return field.column(parts[2])
    return field
