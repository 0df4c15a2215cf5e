"""Which fields of a party a form shows, from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from workflows.formspec.fields import Field
from workflows.formspec.findings import Findings
from workflows.formspec.party import ALWAYS, PARTY_FIELDS, REQUIRED
from workflows.formspec.titles import help_of, titles_of


def party_fields(items: Mapping[str, Any], path: str, findings: Findings) -> tuple[Field, ...]:
    """The party's fields: all of them, or those the form lists plus those no party is without;
    titles, help and required as the form says, meaning never."""
    listed = items.get("properties")
    required = frozenset(items["required"]) if "required" in items else REQUIRED
    names = {one.name for one in PARTY_FIELDS}
    for name in sorted(set(listed or ()) - names):
        findings.error(f"{path}.items.properties.{name}", "party_field", name=name)
    wanted: Iterable[Field] = PARTY_FIELDS
    if listed is not None:
        wanted = [one for one in PARTY_FIELDS if one.name in listed or one.name in ALWAYS]
    return tuple(
        _renamed(one, (listed or {}).get(one.name), path, findings, one.name in required)
        for one in wanted
    )


def _renamed(field: Field, prop: Any, path: str, findings: Findings, required: bool) -> Field:
    required = required or (field.name in ALWAYS and field.name != "id")
    field = replace(field, required=required)
    if not isinstance(prop, Mapping) or "title" not in prop:
        return field
    where = f"{path}.items.properties.{field.name}"
    titles = titles_of(prop, where, findings) or field.title
    return replace(field, title=titles, help=help_of(prop, where, findings))
