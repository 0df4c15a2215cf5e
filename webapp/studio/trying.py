"""Expressions tried on a sample case."""

from __future__ import annotations

from typing import Any

from webapp.pages.formats import spoken
from webapp.pages.kept import walked
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.studio import workbench
from workflows.studio.expressions import Typed, look_at


def look(package: str, typed: Typed, revision: int) -> dict[str, Any]:
    """{"problems": [{line, column, message}], "values": [{name, value}]}."""
    tree = workbench.tree_at(platform(), current_actor(), package, revision)
    found = look_at(typed, walked(tree))
    return {
        "problems": [
            {"line": one.line, "column": one.column, "message": spoken(one.message)}
            for one in found.problems
        ],
        "values": [{"name": name, "value": value} for name, value in found.values],
    }
