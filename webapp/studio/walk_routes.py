"""Addresses of what the scenarios tab asks for."""

from __future__ import annotations

from typing import Any

from webapp.pages.json_body import read_object
from webapp.security import access
from webapp.studio import inputs, walk, walk_inputs
from webapp.studio.blueprint import blueprint


@blueprint.post("/studio/<package>/walk")
@access("signed_in")
def walk_scenarios(package: str) -> dict[str, Any]:
    """Scenarios walked on the working copy with the changes that are not saved."""
    sent = read_object()
    return walk.walk(package, inputs.read_save(sent), walk_inputs.read_names(sent))
