"""What stands in a package and belongs to none: keys nobody reads, files of no kind, power.

A package draws how a matter goes; who holds a post is said by the administrator alone. Whatever a
package says about that has no effect, and is refused so that nobody believes it had.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from workflows.catalogue.manifest import FILE
from workflows.catalogue.source import PackageSource
from workflows.engine.findings import Finding
from workflows.messages import Message

KEYS = frozenset(
    {"key", "title", "case_kind", "number_format", "owner_role", "start_roles", "start", "stage"}
    | {"documents", "outcomes", "legal_basis", "senders", "access_class", "case", "process"}
    | {"handoffs", "volume", "packet", "signing"}
)
"""Of package.toml."""
POWER = frozenset(
    {"role", "roles", "post", "posts", "account", "accounts", "user", "users", "grant", "grants"}
    | {"abilities", "permissions", "access", "admin", "publish", "approve", "token", "tokens"}
)
"""Keys and file names with which a package would give somebody rights."""
_KINDS = {"bpmn": (".bpmn", ".dmn", ".json"), "forms": (".json", ".html")}
_SCENARIOS = "scenarios/"


def check_strange(source: PackageSource) -> Iterator[Finding]:
    """Errors where power is given, warnings where something is not read. Never raises."""
    for key in sorted(_table(source).keys() - KEYS):
        if key in POWER:
            yield _finding("error", "package.grants", FILE, name=key)
        else:
            yield _finding("warning", "package.key_unknown", FILE, name=key[:60])
    for path in source.files:
        tree, _key, *rest = PurePosixPath(path).parts
        inside = "/".join(rest)
        if inside.startswith(_SCENARIOS) or (tree, inside) == ("bpmn", FILE):
            continue
        if PurePosixPath(inside).stem.partition(".")[0] in POWER:
            yield _finding("error", "package.grants", inside, name=rest[-1][:60])
        elif not inside.endswith(_KINDS[tree]):
            yield _finding("warning", "package.file_unknown", inside, name=rest[-1][:60])


def _table(source: PackageSource) -> dict[str, Any]:
    try:
        return tomllib.loads(source.under("bpmn").get(FILE, b"").decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _finding(severity: Any, code: str, file: str, **params: object) -> Finding:
    return Finding(severity, code, None, Message(code, {"file": file, **params}), file, None)
