"""Everything by which something can leave the product, found in the product itself.

A surface is a name with its kind before it: `route POST api.claim`, `command outbox list`,
`topic notice.mail`, `source clocks`, `column notice.title`, `document petition/opinion`,
`operation case.seal`, `metric fengqiao_open_tasks`, `log request`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import BigInteger, Boolean, Date, Integer

from tests.conftest import load_tables
from webapp.cli import fengqiao
from webapp.pages.metrics import HELP
from workflows.catalogue.source import read_folder
from workflows.engine.operations import OPERATIONS
from workflows.storage import Base
from workflows.storage.types import SealedBytes, UtcDateTime

ROOT = Path(__file__).parents[2]
SILENT = (BigInteger, Boolean, Date, Integer, SealedBytes, UtcDateTime)
"""Types that hold no words: numbers, moments, what a key has sealed."""
LOG_LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def every_surface(app: Flask) -> set[str]:
    """All of them."""
    return {
        *routes(app),
        *commands(fengqiao),
        *topics(),
        *columns(),
        *documents(),
        *(f"operation {name}" for name in operations()),
        *(f"metric {name}" for name in HELP),
        *logs(),
    }


def routes(app: Flask) -> Iterator[str]:
    """Every rule with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"route {method} {rule.endpoint}"


def commands(group: click.Command, before: str = "") -> Iterator[str]:
    """Every command that does something."""
    context = click.Context(group)
    if not isinstance(group, click.Group):
        yield f"command {before.strip()}"
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, f"{before} {name}")


def topics() -> Iterator[str]:
    """Outbox topics: constants that say so; and the names of the worker's sources."""
    for tree in _modules("workflows").values():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                target = node.targets[0]
                name = target.id if isinstance(target, ast.Name) else ""
                if name == "TOPIC" or name.endswith("_TOPIC"):
                    yield f"topic {node.value.value}"
    for tree in _modules("workflows/jobs").values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Source"):
                yield from (f"source {name}" for name in _named(node))


def _named(source: ast.ClassDef) -> Iterator[object]:
    """What a source calls itself; a protocol has no name of its own."""
    for node in source.body:
        is_name = isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "name"
        if is_name and isinstance(node.value, ast.Constant):
            yield node.value.value


def columns() -> Iterator[str]:
    """Columns that can hold words in clear."""
    load_tables()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if not isinstance(column.type, SILENT):
                yield f"column {table.name}.{column.name}"


def packages() -> list[str]:
    """Keys of the built-in packages."""
    return sorted(path.parent.name for path in (ROOT / "bpmn").glob("*/package.toml"))


def documents() -> Iterator[str]:
    """Document kinds of the built-in packages."""
    for key in packages():
        for name in read_folder(ROOT, key).files:
            if "/documents/" in name and name.endswith(".html"):
                yield f"document {key}/{Path(name).stem}"


def operations() -> set[str]:
    """What a diagram may ask for."""
    return set(OPERATIONS)


def logs() -> Iterator[str]:
    """First words of every line that is logged."""
    for tree in (*_modules("workflows").values(), *_modules("webapp").values()):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in LOG_LEVELS and _is_log(node.func.value) and node.args:
                first = node.args[0]
                words = first.value if isinstance(first, ast.Constant) else ast.unparse(first)
                yield f"log {words}"


def _is_log(owner: ast.expr) -> bool:
    return "log" in ast.unparse(owner).rpartition(".")[2].lower()


def _modules(folder: str) -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
