"""Frozen JSON → what templates see: typed values, and beside each coded value what people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.catalogue.package import Package
from workflows.documents.freeze import Frozen
from workflows.formspec.fields import Field, Widget
from workflows.formspec.party import PARTY_FIELDS

TEXT = "_text"
"""Ending of the name under which the readable form of a coded value stands."""

YES, NO = "是", "否"
_NAMED = (Widget.PERSON, Widget.UNIT)


def thaw(frozen: Frozen, package: Package) -> dict[str, Any]:
    """The context of a template, without `document`.

    Types come from the forms of the package. A value no form declares stays as it is, an empty
    text is null: a template asks `!= null` and nothing else.
    """
    fields = _fields(package)
    people = frozen["people"]
    return {
        "case": _typed(frozen["case"], fields, people),
        "parties": [_typed(party, _party_fields(package), people) for party in frozen["parties"]],
        "unit": dict(frozen["unit"]),
        "run": {**frozen["run"], "opened_on": _day(frozen["run"].get("opened_on"))},
        "data": _typed(frozen["data"], fields, people),
        "people": people,
        "today": _day(frozen["today"]),
    }


def _fields(package: Package) -> dict[str, Field]:
    """Every field of the package's forms by name; forms that share a name share its meaning
    (the gate refuses one key with two types)."""
    return {field.name: field for form in package.forms.values() for field in form.fields}


def _party_fields(package: Package) -> dict[str, Field]:
    """What a party may carry: the fields every form knows, then those of this package's lists."""
    lists = [form.parties for form in package.forms.values() if form.parties is not None]
    columns = (column for field in lists for column in field.fields)
    return {field.name: field for field in (*PARTY_FIELDS, *columns)}


def _typed(
    values: Mapping[str, Any], fields: Mapping[str, Field], people: Mapping[str, Any]
) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in values.items():
        field = fields.get(name)
        typed[name] = None if value == "" else value
        if field is None or typed[name] is None:
            continue
        if field.repeats:
            inner = {column.name: column for column in field.fields}
            rows = value if isinstance(value, list) else []
            typed[name] = [_typed(row, inner, people) for row in rows if isinstance(row, Mapping)]
        elif field.widget in _CONVERTERS:
            typed[name] = _CONVERTERS[field.widget](value)
        text = _text(field, typed[name], people)
        if text is not None:
            typed[name + TEXT] = text
    return typed


def _text(field: Field, value: Any, people: Mapping[str, Any]) -> str | None:
    """What people read for a coded value, None where the value speaks for itself."""
    if field.widget is Widget.CHOICE:
        return _label(field, value)
    if field.widget is Widget.CHECKLIST and isinstance(value, list):
        return "、".join(_label(field, item) for item in value)
    if field.widget is Widget.BOOLEAN:
        return YES if value else NO
    if field.widget in _NAMED:
        known = people.get(value)
        return str(known["name"]) if known else str(value)
    return None


def _label(field: Field, value: Any) -> str:
    titles = {str(choice.value): choice.title for choice in field.choices}
    return titles[str(value)]["zh"] if str(value) in titles else str(value)


def _day(value: Any) -> date | None:
    """A date; None for text that is none (a draft is filled in before anything is checked)."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _truth(value: Any) -> bool:
    return value is True or value == "true"


_CONVERTERS: Mapping[Widget, Callable[[Any], Any]] = {
    Widget.DATE: _day,
    Widget.MONEY: _number,
    Widget.NUMBER: _number,
    Widget.BOOLEAN: _truth,
}


def named_keys(values: Iterable[Mapping[str, Any]], package: Package) -> frozenset[str]:
    """Who is named by person and unit fields among the values: whose names must be frozen too."""
    fields = _fields(package)
    return frozenset(
        value
        for group in values
        for name, value in group.items()
        if isinstance(value, str) and name in fields and fields[name].widget in _NAMED
    )
