"""The order and grouping of a form's fields, from the uiSchema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.formspec.fields import Field, Group, Titles
from workflows.formspec.findings import Findings
from workflows.formspec.titles import titles_of


def read_order(
    fields: tuple[Field, ...], ui: Mapping[str, Any], findings: Findings
) -> tuple[Field, ...]:
    """The fields in the order of `ui:order`; without it, of the schema. Every field must be
    named once."""
    order = ui.get("ui:order")
    if order is None:
        return fields
    by_name = {one.name: one for one in fields}
    if not _is_name_list(order):
        findings.error("ui:order", "order_shape")
        return fields
    for name in order:
        if name not in by_name:
            findings.error("ui:order", "order_unknown", name=name)
    for name in by_name:
        if order.count(name) != 1:
            findings.error("ui:order", "order_count", name=name)
    if sorted(order) != sorted(by_name):
        return fields
    return tuple(by_name[name] for name in order)


def read_groups(
    fields: tuple[Field, ...], ui: Mapping[str, Any], findings: Findings
) -> tuple[Group, ...]:
    """The sections of the page; without `ui:groups` one section without title. A field stands
    in exactly one section."""
    pairs = _read_pairs(fields, ui, findings)
    groups = ui.get("ui:groups")
    names = [one.name for one in fields]
    if groups is None:
        return (_group({"zh": "", "en": ""}, names, pairs),)
    if not isinstance(groups, list) or not all(isinstance(one, Mapping) for one in groups):
        findings.error("ui:groups", "groups_shape")
        return ()
    found: list[Group] = []
    for index, group in enumerate(groups):
        path = f"ui:groups.{index}"
        members = group.get("fields")
        if not _is_name_list(members) or set(group) - {"title", "x-i18n", "fields"}:
            findings.error(path, "groups_shape")
            continue
        found.append(_group(titles_of(group, path, findings) or {"zh": ""}, members, pairs))
    _check_membership(names, [name for group in found for name in group.fields], findings)
    return tuple(found)


def _check_membership(names: Sequence[str], grouped: Sequence[str], findings: Findings) -> None:
    for name in grouped:
        if name not in names:
            findings.error("ui:groups", "group_unknown", name=name)
    for name in names:
        if grouped.count(name) != 1:
            findings.error("ui:groups", "group_count", name=name)


def _read_pairs(
    fields: tuple[Field, ...], ui: Mapping[str, Any], findings: Findings
) -> list[tuple[str, str]]:
    names = {one.name for one in fields}
    pairs: list[tuple[str, str]] = []
    for pair in ui.get("ui:pairs", ()) if isinstance(ui.get("ui:pairs", ()), list) else ():
        if _is_name_list(pair) and len(pair) == 2 and set(pair) <= names:
            pairs.append((pair[0], pair[1]))
        else:
            findings.error("ui:pairs", "pairs_shape")
    return pairs


def _group(title: Titles, members: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Group:
    inside = tuple(pair for pair in pairs if pair[0] in members and pair[1] in members)
    return Group(title, tuple(members), inside)


def _is_name_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
