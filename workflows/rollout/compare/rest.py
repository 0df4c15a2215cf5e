"""Differences between the texts, the settings and the scenarios of two versions."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import Any

from workflows.catalogue.manifest import FILE, Manifest, Titles
from workflows.catalogue.source import PackageSource
from workflows.rollout.compare.changes import (
    Change,
    Detail,
    Group,
    Kind,
    Line,
    both,
    differing,
    paired,
)

TEXTS = "documents/"
NAMES = ("name", "key", "kind")
"""What tells the rows of a list in `package.toml` apart."""
AROUND = 1
"""Unchanged lines shown on each side of a difference."""
MOST_LINES = 2000


def compare_texts(
    before: PackageSource | None, after: PackageSource, manifest: Manifest | None
) -> Iterator[Change]:
    """Texts of documents, those on both sides line by line."""
    old, new = _texts(before), _texts(after)
    for path, kind in paired(old, new):
        if kind is None and old[path] == new[path]:
            continue
        name = PurePosixPath(path).stem
        title = _document(manifest, name)
        lines = _lines(old.get(path, ""), new.get(path, ""))
        yield Change(
            Group.TEXT, kind or Kind.CHANGED, "text", name, title, name, title,
            lines=lines if kind is None else (),
        )  # fmt: skip


def _texts(source: PackageSource | None) -> dict[str, str]:
    files = source.under("forms", ".html") if source else {}
    return {path: content.decode("utf-8", "replace") for path, content in files.items()}


def _document(manifest: Manifest | None, name: str) -> Titles:
    kinds = manifest.documents.values() if manifest else ()
    return next((one.title for one in kinds if one.template == name), both(name))


def _lines(before: str, after: str) -> tuple[Line, ...]:
    """The lines that differ with their neighbours; an empty line without kind stands for what is
    left out."""
    old, new = _stripped(before), _stripped(after)
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if found:
            found.append(Line(None, ""))
        for tag, i, j, k, m in group:
            if tag == "equal":
                found += [Line(None, text) for text in new[k:m]]
                continue
            found += [Line(Kind.REMOVED, text) for text in old[i:j]]
            found += [Line(Kind.ADDED, text) for text in new[k:m]]
    return tuple(found[:MOST_LINES])


def _stripped(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def compare_settings(before: PackageSource | None, after: PackageSource) -> Iterator[Change]:
    """`package.toml`, value by value; a table or row that came or went is one change."""
    old, new = _settings(before), _settings(after)
    for path, kind in paired(old, new):
        details = differing({"value": old.get(path, "")}, {"value": new.get(path, "")})
        if kind is not None or details:
            title = both(path)
            yield Change(
                Group.SETTING, kind or Kind.CHANGED, "setting", FILE, both(FILE), path, title,
                details,
            )  # fmt: skip


def _settings(source: PackageSource | None) -> dict[str, str]:
    content = source.under("bpmn").get(FILE, b"") if source else b""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    return dict(_flat("", table))


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Dotted path → value. Rows of a list go by their name, key or kind."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        for number, row in enumerate(value, start=1):
            name = next((str(row[one]) for one in NAMES if row.get(one)), str(number))
            yield from _flat(f"{path}.{name}", row)
    elif isinstance(value, list):
        yield path, "、".join(map(str, value))
    else:
        yield path, str(value)


def compare_scenarios(before: PackageSource | None, after: PackageSource) -> Iterator[Change]:
    """Scenarios and the files they use."""
    old, new = _scenarios(before), _scenarios(after)
    for path, kind in paired(old, new):
        if kind is None and old[path] == new[path]:
            continue
        name = path.removeprefix("scenarios/").removesuffix(".json")
        title, steps = _scenario(new.get(path) or old[path], name)
        was = _scenario(old[path], name)[1] if path in old else ""
        details = (Detail("steps", was, steps),) if kind is None and was != steps else ()
        yield Change(
            Group.SCENARIO, kind or Kind.CHANGED, "scenario", name, title, name, title, details
        )


def _scenarios(source: PackageSource | None) -> Mapping[str, bytes]:
    files = source.under("bpmn") if source else {}
    return {path: content for path, content in files.items() if path.startswith("scenarios/")}


def _scenario(content: bytes, name: str) -> tuple[Titles, str]:
    """Title and number of steps, as far as they can be read."""
    try:
        told = json.loads(content)
        return both(str(told["title"])), str(len(told["steps"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return both(name), ""
