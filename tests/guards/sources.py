"""Our own source files, parsed once for the guard tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("workflows", "webapp", "migrations")


@cache
def parsed_sources() -> dict[str, ast.Module]:
    """Path from the root → syntax tree of every module we wrote."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def called_names(tree: ast.Module) -> Iterator[str]:
    """Names after a dot that are called: `x.commit()` gives "commit"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def imported_names(tree: ast.Module, package: str) -> Iterator[str]:
    """Names imported from a package or from inside it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            yield from (alias.name for alias in node.names)
