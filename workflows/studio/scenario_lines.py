"""What is wrong with scenario files as they are typed, each mistake at its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from workflows.catalogue.source import PackageSource
from workflows.engine.findings import Finding
from workflows.messages import Message
from workflows.rollout.scenarios.scenario import ScenarioError, parse_scenario

FOLDER = "scenarios/"
PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
REMEMBERED = 256
"""Files of some working copies; most have not changed since the last look."""


def check_scenarios(tree: PackageSource) -> Iterator[Finding]:
    """Errors of all scenario files, in the order of their names. Walks nothing."""
    for path, content in sorted(tree.under("bpmn", ".json").items()):
        name = path.removeprefix(FOLDER)
        if path.startswith(FOLDER) and "/" not in name:
            yield from _of_file(path, content)


@lru_cache(maxsize=REMEMBERED)
def _of_file(path: str, content: bytes) -> tuple[Finding, ...]:
    text = content.decode("utf-8", "replace")
    try:
        json.loads(text)
        parse_scenario(path, content)
    except json.JSONDecodeError as broken:
        told = {"line": broken.lineno, "column": broken.colno}
        return (_error(path, Message("rollout.scenario_not_json", told), broken.lineno),)
    except RecursionError:
        return (_error(path, Message("rollout.too_deep"), 1),)
    except ScenarioError as broken:
        lines = find_lines(text)
        return tuple(
            _error(
                path,
                Message("rollout.field", {"path": e.path or "/", "why": e.message}),
                _nearest(lines, e.path),
            )
            for e in broken.errors
        )
    return ()


def _error(path: str, message: Message, line: int) -> Finding:
    return Finding("error", message.code, None, message, path, line)


def _nearest(lines: dict[str, int], pointer: str) -> int:
    """Line of the value, or of what it is missing in."""
    while pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines[pointer]


@dataclass
class _Open:
    """An object or list that has begun. `at`: the key of what comes, `index`: in a list."""

    is_object: bool
    path: str
    at: str = ""
    index: int = 0
    wants_key: bool = True


def find_lines(text: str) -> dict[str, int]:
    """JSON Pointer (`/steps/0/task`, keys as they stand) → line, from 1, of well-formed JSON."""
    lines, stack = {"": 1}, list[_Open]()
    line, seen = 1, 0
    for match in PIECE.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        piece, top = match[0], stack[-1] if stack else None
        if piece in "}]":
            stack.pop()
        elif top and piece in ",:":
            _go_on(top, piece)
        elif top and top.is_object and top.wants_key:
            top.at = json.loads(piece)
            lines[f"{top.path}/{top.at}"] = line
        else:
            here = _place(top)
            lines.setdefault(here, line)
            if piece in "{[":
                stack.append(_Open(piece == "{", here))
    return lines


def _go_on(top: _Open, piece: str) -> None:
    top.wants_key = piece == ","
    top.index += piece == ","


def _place(top: _Open | None) -> str:
    if top is None:
        return ""
    return f"{top.path}/{top.at if top.is_object else top.index}"
