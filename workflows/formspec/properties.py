"""From one property of the schema to one field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.formspec.choices import read_choices
from workflows.formspec.fields import Field, Store, Widget
from workflows.formspec.findings import Findings
from workflows.formspec.party_schema import party_fields
from workflows.formspec.titles import help_of, titles_of

PROPERTY_KEYWORDS = frozenset(
    {
        "type",
        "title",
        "description",
        "default",
        "enum",
        "const",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "items",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "required",
        "additionalProperties",
        "accept",
        "$comment",
        "x-i18n",
        "x-widget",
        "x-store",
        "x-labels",
        "x-earliest",
        "x-latest",
        "x-scan-of",
        "x-signs",
    }
)
RESERVED = frozenset({"case", "unit", "today", "entry", "data", "run", "document", "people"})
"""Names expressions and texts use for other things."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

FEEL_TYPES: Mapping[Widget, str] = {
    Widget.NUMBER: "number",
    Widget.MONEY: "number",
    Widget.DATE: "date",
    Widget.DATETIME: "date and time",
    Widget.BOOLEAN: "boolean",
    Widget.CHECKLIST: "list",
    Widget.ROWS: "list",
    Widget.PARTIES: "list",
    Widget.LOCATION: "context",
}
"""Types of values; every other widget gives a string."""

_TEXT = frozenset({"string"})
JSON_TYPES: Mapping[Widget, frozenset[str]] = {
    Widget.NUMBER: frozenset({"number", "integer"}),
    Widget.MONEY: frozenset({"string", "number"}),
    Widget.BOOLEAN: frozenset({"boolean"}),
    Widget.CHECKLIST: frozenset({"array"}),
    Widget.ROWS: frozenset({"array"}),
    Widget.PARTIES: frozenset({"array"}),
    Widget.LOCATION: frozenset({"object"}),
    Widget.CHOICE: frozenset({"string", "integer"}),
    Widget.FILE: frozenset({"string", "array"}),
}
"""What `type` a widget may have; every other widget is a string."""

BY_FORMAT: Mapping[str, Widget] = {
    "date": Widget.DATE,
    "date-time": Widget.DATETIME,
    "money": Widget.MONEY,
    "id_number": Widget.ID_NUMBER,
    "phone": Widget.PHONE,
}
TEXT_LENGTHS = {Widget.TEXT: 200, Widget.LONGTEXT: 5000}
"""Longest text where the schema says nothing."""
LONGEST_TEXT = 50_000
MOST_ROWS = 200
MOST_FILES = 20
PLACE_FIELDS = (
    Field("text", "string", Widget.TEXT, {"zh": "地点", "en": "Place"}, max_length=200),
    Field(
        "latitude",
        "number",
        Widget.NUMBER,
        {"zh": "纬度", "en": "Latitude"},
        minimum=Decimal(-90),
        maximum=Decimal(90),
    ),
    Field(
        "longitude",
        "number",
        Widget.NUMBER,
        {"zh": "经度", "en": "Longitude"},
        minimum=Decimal(-180),
        maximum=Decimal(180),
    ),
    Field(
        "accuracy",
        "number",
        Widget.NUMBER,
        {"zh": "误差（米）", "en": "Accuracy (m)"},
        minimum=Decimal(0),
    ),
)
"""Parts of a location; degrees WGS 84."""


def read_properties(
    schema: Mapping[str, Any], path: str, findings: Findings, store: Store
) -> tuple[Field, ...]:
    """The fields of an object schema. `store`: where they live unless they say otherwise."""
    properties = schema.get("properties", {})
    required = _required(schema, properties, path, findings)
    return tuple(
        _read_property(name, prop, name in required, f"{path}properties.{name}", findings, store)
        for name, prop in properties.items()
        if _is_named_well(name, prop, f"{path}properties.{name}", findings)
    )


def _required(
    schema: Mapping[str, Any], properties: Mapping[str, Any], path: str, findings: Findings
) -> frozenset[str]:
    required = frozenset(schema.get("required", ()))
    for name in sorted(required - set(properties)):
        findings.error(f"{path}required", "required_unknown", name=name)
    return required


def _is_named_well(name: str, prop: Any, path: str, findings: Findings) -> bool:
    if not NAME.fullmatch(name) or name in RESERVED:
        findings.error(path, "bad_name", name=name)
        return False
    if not isinstance(prop, Mapping):
        findings.error(path, "property_not_object", name=name)
        return False
    for keyword in prop:
        if keyword not in PROPERTY_KEYWORDS:
            findings.error(path, "unknown_keyword", keyword=keyword)
    return True


def _read_property(
    name: str,
    prop: Mapping[str, Any],
    required: bool,
    path: str,
    findings: Findings,
    store: Store,
) -> Field:
    widget = _widget(prop, path, findings)
    titles = titles_of(prop, path, findings) or {"zh": name, "en": name}
    field = Field(
        name=name,
        type=_feel_type(widget, prop),
        widget=widget,
        title=titles,
        help=help_of(prop, path, findings),
        required=required,
        store=_store(prop, widget, path, findings, store),
        choices=read_choices(prop, widget, path, findings),
        minimum=_decimal(prop.get("minimum")),
        maximum=_decimal(prop.get("maximum")),
        min_length=int(prop.get("minLength", 0)),
        max_length=_max_length(prop, widget),
        min_items=int(prop.get("minItems", 0)),
        max_items=_max_items(prop, widget),
        pattern=_pattern(prop, path, findings),
        earliest=_day_limit(prop, "x-earliest", path, findings),
        latest=_day_limit(prop, "x-latest", path, findings),
        multiple=widget is Widget.FILE and prop.get("type") == "array",
        integer=prop.get("type") == "integer",
        must_be_true=prop.get("const") is True,
        fields=_sub_fields(prop, widget, path, findings, store),
        accept=tuple(prop.get("accept", ())) if isinstance(prop.get("accept", ()), list) else (),
        default=prop.get("default"),
        signs=str(prop.get("x-signs", "")),
        scan_of=str(prop.get("x-scan-of", "")),
    )
    if field.scan_of and (widget is not Widget.FILE or field.multiple):
        findings.error(path, "not_scan")
    if field.signs and widget is not Widget.SIGNATURE:
        findings.error(path, "not_signature")
    _check_limits(field, path, findings)
    return field


def _widget(prop: Mapping[str, Any], path: str, findings: Findings) -> Widget:
    named = prop.get("x-widget")
    if named is not None:
        try:
            widget = Widget(named)
        except ValueError:
            findings.error(path, "unknown_widget", widget=named)
            return Widget.TEXT
    else:
        widget = _widget_by_type(prop)
    kind = str(prop.get("type"))
    if kind not in JSON_TYPES.get(widget, _TEXT):
        findings.error(path, "widget_type", widget=str(widget), type=kind)
    return widget


def _widget_by_type(prop: Mapping[str, Any]) -> Widget:
    if (known := BY_FORMAT.get(str(prop.get("format")))) is not None:
        return known
    if "enum" in prop:
        return Widget.CHOICE
    kind = prop.get("type")
    if kind == "array":
        items = prop.get("items")
        return Widget.CHECKLIST if isinstance(items, Mapping) and "enum" in items else Widget.ROWS
    by_type = {"boolean": Widget.BOOLEAN, "number": Widget.NUMBER, "integer": Widget.NUMBER}
    return by_type.get(str(kind), Widget.TEXT)


def _feel_type(widget: Widget, prop: Mapping[str, Any]) -> str:
    if widget is Widget.FILE and prop.get("type") == "array":
        return "list"
    if widget is Widget.CHOICE and prop.get("type") == "integer":
        return "number"
    return FEEL_TYPES.get(widget, "string")


def _store(
    prop: Mapping[str, Any], widget: Widget, path: str, findings: Findings, default: Store
) -> Store:
    try:
        store = Store(prop["x-store"]) if "x-store" in prop else default
    except ValueError:
        findings.error(path, "unknown_store", store=prop["x-store"])
        return default
    if widget is Widget.PARTIES and "x-store" not in prop:
        store = Store.PARTY
    if (store is Store.PARTY) != (widget is Widget.PARTIES) and default is not Store.PARTY:
        findings.error(path, "party_store")
    return store


def _decimal(value: Any) -> Decimal | None:
    """JSON as Python reads it may hold NaN and Infinity: those set no limit."""
    number = None if value is None else Decimal(str(value))
    return number if number is not None and number.is_finite() else None


def _max_length(prop: Mapping[str, Any], widget: Widget) -> int:
    return min(int(prop.get("maxLength", TEXT_LENGTHS.get(widget, 200))), LONGEST_TEXT)


def _max_items(prop: Mapping[str, Any], widget: Widget) -> int:
    most = MOST_FILES if widget is Widget.FILE else MOST_ROWS
    return min(int(prop.get("maxItems", most)), most)


def _pattern(prop: Mapping[str, Any], path: str, findings: Findings) -> str | None:
    """Patterns run under RE2, whose time is linear whatever the author wrote."""
    pattern = prop.get("pattern")
    if pattern is None:
        return None
    import re2  # two MiB of C++; few forms have patterns

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        findings.error(path, "pattern", pattern=pattern)
        return None
    return str(pattern)


def _day_limit(prop: Mapping[str, Any], keyword: str, path: str, findings: Findings) -> str | None:
    limit = prop.get(keyword)
    if limit is None or limit == "today":
        return limit
    try:
        return date.fromisoformat(str(limit)).isoformat()
    except ValueError:
        findings.error(path, "day_limit", keyword=keyword)
        return None


def _sub_fields(
    prop: Mapping[str, Any], widget: Widget, path: str, findings: Findings, store: Store
) -> tuple[Field, ...]:
    if widget is Widget.LOCATION:
        return PLACE_FIELDS
    items = prop.get("items")
    if widget is Widget.PARTIES:
        return party_fields(items if isinstance(items, Mapping) else {}, path, findings)
    if widget is not Widget.ROWS:
        return ()
    if not isinstance(items, Mapping) or not items.get("properties"):
        findings.error(path, "no_columns")
        return ()
    columns = read_properties(items, f"{path}.items.", findings, store)
    for column in columns:
        if column.fields:
            findings.error(f"{path}.items.properties.{column.name}", "nested")
    return columns


def _check_limits(field: Field, path: str, findings: Findings) -> None:
    limits = (
        (field.minimum, field.maximum),
        (field.min_length, field.max_length),
        (field.min_items, field.max_items),
    )
    for low, high in limits:
        if low is not None and high is not None and low > high:
            findings.error(path, "limits", low=low, high=high)
