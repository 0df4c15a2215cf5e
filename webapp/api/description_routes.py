"""Addresses of the description: for programs and for people. Both are public: they say what can
be asked, nothing of what is kept."""

from __future__ import annotations

from flask import Response

from webapp.api import reference_page
from webapp.api.blueprint import blueprint
from webapp.api.description import description
from webapp.api.operations import as_json
from webapp.security import access


@blueprint.get("/openapi.json")
@access("public")
def openapi() -> Response:
    """OpenAPI 3.1, made from the code. Public: it describes calls, it holds no data."""
    return as_json(description(), 200)


@blueprint.get("/docs")
@access("public")
def docs() -> str:
    """The same, to read. Public like the description itself."""
    return reference_page.render(description())
