"""Our own source files for the guard tests: read once, parsed where a name stands in the text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("workflows", "webapp", "migrations")


@cache
def sources() -> dict[str, str]:
    """Path from the root → text of every module we wrote."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


@cache
def parsed(path: str) -> ast.Module:
    """The syntax tree of one of them."""
    return ast.parse(sources()[path])


def speaking_of(words: Iterable[str]) -> dict[str, ast.Module]:
    """Path → tree of the modules whose text holds one of the words. A name cannot be used where
    it is not written, and parsing all modules takes seconds."""
    wanted = tuple(words)
    return {
        path: parsed(path) for path, text in sources().items() if any(w in text for w in wanted)
    }


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements, however deep: no `def` or `import` stands inside an expression, and most of
    a tree is expressions."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, part, ())
            waiting += inner if isinstance(inner, list) else ()


def called_names(tree: ast.Module) -> Iterator[str]:
    """Names after a dot that are called: `x.commit()` gives "commit"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def imported_names(tree: ast.Module, package: str) -> Iterator[str]:
    """Names imported from a package or from inside it."""
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            yield from (alias.name for alias in node.names)
