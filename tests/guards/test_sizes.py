"""No module over 600 lines, no function over 60, no template over 150."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, statements

FOLDERS = ("workflows", "webapp", "tests", "bench", "migrations")
MODULE_LINES = 600
FUNCTION_LINES = 60
TEMPLATE_LINES = 150
DATA_OF_TABLES = ("migrations/versions/",)
"""A first migration is one list of tables, however long."""


def modules() -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def long_functions(path: Path) -> Iterator[tuple[str, int]]:
    text = path.read_text(encoding="utf-8")
    if text.count("\n") <= FUNCTION_LINES:
        return
    for node in statements(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.name, lines


def test_modules_are_short() -> None:
    counted = {p.relative_to(ROOT).as_posix(): len(p.read_bytes().splitlines()) for p in modules()}
    assert {path: lines for path, lines in counted.items() if lines > MODULE_LINES} == {}


def test_functions_are_short() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): list(long_functions(path))
        for path in modules()
        if not path.relative_to(ROOT).as_posix().startswith(DATA_OF_TABLES)
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("ending", [".html", ".css", ".js"])
def test_templates_and_browser_sources_are_short(ending: str) -> None:
    limit = TEMPLATE_LINES if ending == ".html" else MODULE_LINES
    paths = [
        path
        for folder in ("webapp/templates", "webapp/frontend")
        for path in (ROOT / folder).rglob(f"*{ending}")
    ]
    assert paths
    found = {
        path.relative_to(ROOT).as_posix(): len(path.read_bytes().splitlines()) for path in paths
    }
    assert {path: lines for path, lines in found.items() if lines > limit} == {}
