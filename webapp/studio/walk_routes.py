"""Addresses of what the tabs of scenarios and of versions ask for."""

from __future__ import annotations

from typing import Any

from webapp.pages.json_body import read_object
from webapp.pages.now import platform
from webapp.security import access, current_actor
from webapp.studio import inputs, results, walk, walk_inputs
from webapp.studio.blueprint import blueprint
from workflows.studio.saves import compare_save


@blueprint.post("/studio/<package>/walk")
@access("signed_in")
def walk_scenarios(package: str) -> dict[str, Any]:
    """Scenarios walked on the working copy with the changes that are not saved."""
    sent = read_object()
    return walk.walk(package, inputs.read_save(sent), walk_inputs.read_names(sent))


@blueprint.get("/studio/<package>/saves/<int:number>")
@access("signed_in")
def saved(package: str, number: int) -> dict[str, Any]:
    """What a save changed."""
    found = compare_save(platform(), current_actor(), package, number)
    return {"changes": [results.tell_change(one) for one in found.changes]}
