"""Between the values expressions compute with and the plain ones that are stored and sent.

Plain: str, int, bool, None, list, dict. Money and other decimals are text ("18600.00"), days are
"2026-10-09", moments RFC 3339 with Shanghai's offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workflows.formspec.fields import Field, Widget
from workflows.formspec.party import PARTY_FIELDS


def to_plain(field: Field, value: Any) -> Any:
    """A read value as JSON."""
    if value is None:
        return None
    if field.widget is Widget.LOCATION:
        return _object_to_plain(field, value)
    if field.repeats:
        return [_object_to_plain(field, row) for row in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value


def decimal_text(number: Decimal) -> str:
    """Without exponent; money keeps its two decimals, other numbers lose trailing zeros."""
    if number == number.to_integral_value() and number.as_tuple().exponent != -2:
        return format(number.quantize(Decimal(1)), "f")
    return format(number, "f")


def _object_to_plain(field: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    """A party keeps what was derived from its ID number, also where the form does not show it."""
    columns = PARTY_FIELDS if field.widget is Widget.PARTIES else field.fields
    return {
        column.name: to_plain(column, row[column.name]) for column in columns if column.name in row
    }
