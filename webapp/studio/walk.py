"""Scenarios of a working copy: which to walk → how they went, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from webapp.pages.formats import spoken, titled
from webapp.pages.now import platform
from webapp.pages.reference import role_title
from webapp.security import current_actor
from webapp.studio.inputs import SentCopy
from workflows.catalogue.manifest import Titles
from workflows.catalogue.source import PackageSource, change_files
from workflows.catalogue.versions import list_published
from workflows.errors import PackageError
from workflows.storage import SYSTEM
from workflows.studio import workbench
from workflows.studio.walk import Ready, StepView, Walked, make_ready, walk_one

MOST_READY = 4
"""Compiled trees a process keeps: somebody who runs all scenarios asks for them one by one."""


def walk(package: str, sent: SentCopy, names: tuple[str, ...]) -> dict[str, Any]:
    """{"results": […], "broken": sentence or null}; `broken`: why nothing could be walked."""
    actor = current_actor()
    tree = change_files(workbench.tree_at(platform(), actor, package, sent.revision), sent.changes)
    try:
        ready = _ready(_Key(tree.digest, _beside(), tree))
    except PackageError as broken:
        return {"results": [], "broken": spoken(broken.message)}
    return {"results": [_tell(walk_one(ready, name)) for name in names], "broken": None}


@dataclass(frozen=True, slots=True)
class _Key:
    """Equal trees beside the same published packages run alike."""

    digest: str
    beside: tuple[object, ...]
    tree: PackageSource = field(compare=False)


def _beside() -> tuple[object, ...]:
    with platform().database.reading(SYSTEM) as session:
        return tuple(list_published(session))


@lru_cache(maxsize=MOST_READY)
def _ready(key: _Key) -> Ready:
    return make_ready(platform(), key.tree)


def _tell(one: Walked) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "role": str(role_title(one.role)),
        "end": titled(one.end) if one.end else "",
        "steps": [_step(step) for step in one.steps],
        "reasons": [{"step": r.step, "message": spoken(r.message)} for r in one.reasons],
        "passed": _titles(one.passed),
        "missed": _titles(one.missed),
    }


def _step(one: StepView) -> dict[str, str]:
    title = titled(one.title) if one.title else ""
    return {"kind": one.kind, "what": one.what, "title": title, "role": str(role_title(one.role))}


def _titles(found: Mapping[str, Titles]) -> dict[str, str]:
    return {key: titled(title) for key, title in found.items()}
