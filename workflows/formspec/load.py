"""From a JSON Schema and a uiSchema to a `Form`, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflows.formspec.conditions import compile_condition, order_for_reading
from workflows.formspec.fields import Field, Form, Store
from workflows.formspec.findings import Findings, FormDefinitionError, FormFinding
from workflows.formspec.layout import read_groups, read_order
from workflows.formspec.properties import read_properties
from workflows.formspec.titles import titles_of
from workflows.formspec.validator import build_validator, check_schema

ROOT_KEYWORDS = frozenset(
    {
        "$schema",
        "$id",
        "$comment",
        "type",
        "title",
        "description",
        "x-i18n",
        "additionalProperties",
        "properties",
        "required",
    }
)
UI_KEYWORDS = frozenset({"ui:order", "ui:groups", "ui:visible", "ui:pairs"})


def load_form(schema: Mapping[str, Any], ui: Mapping[str, Any], *, name: str) -> Form:
    """The form `name`. Raises FormDefinitionError with every finding if any is an error.

    `schema`: JSON Schema 2020-12 of an object. `ui`: `ui:order` [field], `ui:groups` [{title,
    fields}], `ui:pairs` [[field, field]], `ui:visible` {field or "rows.column": FEEL}.
    """
    form, findings = _read(schema, ui, name)
    if form is None:
        raise FormDefinitionError(findings)
    return form


def check_form(schema: Any, ui: Any, *, name: str) -> tuple[FormFinding, ...]:
    """All findings, warnings too. Never raises."""
    return _read(schema, ui, name)[1]


def _read(schema: Any, ui: Any, name: str) -> tuple[Form | None, tuple[FormFinding, ...]]:
    findings = Findings()
    if not check_schema(schema, findings) or not isinstance(ui, Mapping):
        if not isinstance(ui, Mapping):
            findings.error("", "ui_not_object")
        return None, tuple(findings.found)
    _check_keywords(schema, ui, findings)
    fields = read_properties(schema, "", findings, Store.PROCESS)
    if not fields:
        findings.error("properties", "no_fields")
    fields = read_order(fields, ui, findings)
    fields = _with_conditions(fields, ui, findings)
    groups = read_groups(fields, ui, findings)
    order = order_for_reading(fields, findings)
    if findings.broken:
        return None, tuple(findings.found)
    form = Form(
        name=name,
        title=titles_of(schema, "", findings) or {"zh": name, "en": name},
        fields=fields,
        groups=groups,
        schema=schema,
        ui=ui,
        reading_order=order,
        validator=build_validator(schema),
    )
    return form, tuple(findings.found)


def _check_keywords(schema: Mapping[str, Any], ui: Mapping[str, Any], findings: Findings) -> None:
    for keyword in schema:
        if keyword not in ROOT_KEYWORDS:
            findings.error(str(keyword), "unknown_keyword", keyword=keyword)
    for keyword in ui:
        if keyword not in UI_KEYWORDS:
            findings.error(str(keyword), "unknown_keyword", keyword=keyword)
    if schema.get("type") != "object":
        findings.error("type", "not_object")


def _with_conditions(
    fields: tuple[Field, ...], ui: Mapping[str, Any], findings: Findings
) -> tuple[Field, ...]:
    """The fields with their conditions; a condition on a column sees the row's columns first."""
    conditions = ui.get("ui:visible", {})
    if not isinstance(conditions, Mapping):
        findings.error("ui:visible", "visible_shape")
        return fields
    known = {one.name for one in fields}
    known |= {f"{one.name}.{column.name}" for one in fields for column in one.fields}
    for target, text in conditions.items():
        if target not in known or not isinstance(text, str):
            findings.error(f"ui:visible.{target}", "visible_target", name=target)
    names = {one.name: one.type for one in fields}
    return tuple(_with_condition(one, "", conditions, names, findings) for one in fields)


def _with_condition(
    field: Field,
    prefix: str,
    conditions: Mapping[str, Any],
    names: Mapping[str, str],
    findings: Findings,
) -> Field:
    target = f"{prefix}{field.name}"
    text = conditions.get(target)
    if isinstance(text, str):
        path = f"ui:visible.{target}"
        field = replace(field, visible=compile_condition(text, names, path, findings))
    if not field.fields:
        return field
    inner = {**names, **{column.name: column.type for column in field.fields}}
    columns = tuple(
        _with_condition(column, f"{target}.", conditions, inner, findings)
        for column in field.fields
    )
    order_for_reading(
        [replace(c, visible=_within(c, columns)) for c in columns], findings, f"ui:visible.{target}"
    )
    return replace(field, fields=columns)


def _within(column: Field, columns: tuple[Field, ...]) -> Any:
    """The column's condition as far as it reads other columns."""
    if column.visible is None:
        return None
    own = frozenset(one.name for one in columns)
    return replace(column.visible, names=column.visible.names & own)
