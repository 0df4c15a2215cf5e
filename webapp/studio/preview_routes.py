"""Addresses of previews: what is typed comes in, what officers and parties will see goes out."""

from __future__ import annotations

from typing import Any

from webapp.pages.json_body import read_object
from webapp.security import access
from webapp.studio import preview, preview_inputs
from webapp.studio.blueprint import blueprint

PAGE = "/studio/<package>/preview"


@blueprint.post(f"{PAGE}/form")
@access("signed_in")
def preview_form(package: str) -> dict[str, Any]:
    """A form as it will look, or what is wrong with it."""
    return preview.show_form(package, preview_inputs.read_form(read_object()))


@blueprint.post(f"{PAGE}/text")
@access("signed_in")
def preview_text(package: str) -> dict[str, Any]:
    """A document as it will be printed, or what is wrong with its text."""
    return preview.show_text(package, preview_inputs.read_text(read_object()))
