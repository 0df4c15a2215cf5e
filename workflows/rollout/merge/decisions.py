"""A decision of one tree into another: the whole table, because its rules belong together."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from lxml import etree

from workflows.decisions.errors import DecisionError
from workflows.decisions.source import read_xml


def take_decision(
    key: str, files: MutableMapping[str, bytes], newer: Mapping[str, bytes], decision: str
) -> None:
    """`decision` in `files` as `newer` has it; gone where it is not there any more."""
    here, there = _find(key, files, decision), _find(key, newer, decision)
    if there is None:
        if here is not None:
            path, root, node = here
            root.remove(node)
            if _is_empty(root):
                del files[path]
            else:
                files[path] = _written(root)
        return
    path, _root, wanted = there
    if here is not None:
        path, root, node = here
        root.replace(node, deepcopy(wanted))
        files[path] = _written(root)
    elif path in files:
        root = read_xml(files[path])
        root.append(deepcopy(wanted))
        files[path] = _written(root)
    else:
        files[path] = newer[path]


def _find(key: str, files: Mapping[str, bytes], decision: str) -> tuple[str, Any, Any] | None:
    for path, content in files.items():
        if not (path.startswith(f"bpmn/{key}/") and path.endswith(".dmn")):
            continue
        try:
            root = read_xml(content)
        except DecisionError:
            continue
        for node in root:
            if node.get("id") == decision:
                return path, root, node
    return None


def _is_empty(root: Any) -> bool:
    """Only the drawing is left."""
    return not any(node.get("id") and "DMNDI" not in str(node.tag) for node in root)


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
