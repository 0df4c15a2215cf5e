"""Questions of one form into another: what is asked, where it stands, when it is seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from workflows.rollout.compare.changes import Change, Kind

Json = dict[str, Any]


def take_questions(
    key: str,
    files: MutableMapping[str, bytes],
    newer: Mapping[str, bytes],
    changes: Iterable[Change],
) -> None:
    """The forms in `files` with the changed questions as `newer` asks them."""
    for change in changes:
        names = [f"forms/{key}/{change.part}.{one}.json" for one in ("schema", "ui")]
        if change.noun == "form" and change.kind is not Kind.CHANGED:
            for name in names:
                if change.kind is Kind.ADDED and name in newer:
                    files[name] = newer[name]
                elif change.kind is Kind.REMOVED:
                    files.pop(name, None)
            continue
        own, other = (tuple(_read(side, name) for name in names) for side in (files, newer))
        if change.noun == "form":
            _take_heading(own, other)
        else:
            _take_field(own, other, change.element)
        for name, content in zip(names, own, strict=True):
            if content or name in files:
                files[name] = _written(content)


def _read(files: Mapping[str, bytes], name: str) -> Json:
    content: Json = json.loads(files.get(name, b"{}"))
    return content


def _written(content: Json) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _take_heading(own: tuple[Json, ...], other: tuple[Json, ...]) -> None:
    """Title and order; questions only one side has keep their place at the end."""
    for name in ("title", "x-i18n", "description"):
        _set(own[0], other[0], name)
    wanted: list[str] = other[1].get("ui:order", [])
    if wanted:
        asked: Json = own[0].get("properties", {})
        rest = [name for name in own[1].get("ui:order", asked) if name not in wanted]
        own[1]["ui:order"] = [*(name for name in wanted if name in asked), *rest]


def _take_field(own: tuple[Json, ...], other: tuple[Json, ...], path: str) -> None:
    """One question, or one column of a list of rows (`rows.column`)."""
    row, _, column = path.rpartition(".")
    here, there = (_holder(one[0], row) for one in (own, other))
    if here is None:
        return
    _set(here.setdefault("properties", {}), (there or {}).get("properties", {}), column)
    needed = [name for name in here.get("required", ()) if name != column]
    if column in (there or {}).get("required", ()):
        needed.append(column)
    if needed or "required" in here:
        here["required"] = needed
    visible = own[1].get("ui:visible", {}), other[1].get("ui:visible", {})
    if path in visible[1]:
        own[1]["ui:visible"] = {**visible[0], path: visible[1][path]}
    elif path in visible[0]:
        del visible[0][path]
    if not row:
        _place(own, other, column)


def _holder(schema: Json, row: str) -> Json | None:
    """What has the properties: the form, or the rows of one of its lists."""
    if not row:
        return schema
    found: Json | None = schema.get("properties", {}).get(row, {}).get("items")
    return found


def _set(target: Json, source: Json, name: str) -> None:
    if name in source:
        target[name] = source[name]
    else:
        target.pop(name, None)


def _place(own: tuple[Json, ...], other: tuple[Json, ...], name: str) -> None:
    """In the order and in the section where the newer form has it."""
    is_asked = name in own[0]["properties"]
    if "ui:order" in own[1]:
        own[1]["ui:order"] = _placed(
            own[1]["ui:order"],
            other[1].get("ui:order", list(other[0]["properties"])),
            name,
            is_asked,
        )
    groups = own[1].get("ui:groups")
    if not groups:
        return
    home = next((g for g in other[1].get("ui:groups", ()) if name in g["fields"]), None)
    if any(name in group["fields"] for group in groups) and is_asked:
        return
    for group in groups:
        group["fields"] = [field for field in group["fields"] if field != name]
    if is_asked:
        same = (g for g in groups if home is not None and g.get("title") == home.get("title"))
        group = next(same, groups[-1])
        group["fields"] = _placed(group["fields"], home["fields"] if home else (), name, True)


def _placed(names: list[str], like: Iterable[str], name: str, is_asked: bool) -> list[str]:
    """`names` with `name` behind what stands before it in `like`; without it where not asked."""
    if name in names and is_asked:
        return names
    rest = [one for one in names if one != name]
    if not is_asked:
        return rest
    before = list(like)
    before = before[: before.index(name)] if name in before else []
    at = max(
        (rest.index(one) + 1 for one in before if one in rest), default=0 if before else len(rest)
    )
    return [*rest[:at], name, *rest[at:]]
