"""Addresses of the page on which a package is begun."""

from __future__ import annotations

from flask import Response, request

from webapp.security import access
from webapp.studio import start
from webapp.studio.blueprint import blueprint


@blueprint.get("/studio")
@access("ability:publish")
def choose() -> str:
    """Starting points to choose from; with `from` the form for one of them."""
    return start.show(request.args.get("from", ""))


@blueprint.get("/studio/starting-points/<name>.svg")
@access("ability:publish")
def point(name: str) -> Response:
    """The diagram of a starting point."""
    return start.picture(name)


@blueprint.post("/studio")
@access("ability:publish")
def make() -> start.Answer:
    """A new package, from a starting point or from files of another editor."""
    return start.make(request.form, request.files)
