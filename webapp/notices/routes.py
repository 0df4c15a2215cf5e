"""Addresses of the notices."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.notices import acts, inputs, page
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases.queries.notices import list_notices

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@access("signed_in")
def notices() -> str:
    """What the actor was told, newest first."""
    address = inputs.read_address(request.args)
    found = list_notices(platform(), current_actor(), address.query())
    return page.render(found, address)


@blueprint.get("/notices/<notice>")
@access("signed_in")
def follow(notice: str) -> Response:
    """Goes where a notice leads; it counts as read from then on."""
    return redirect(acts.follow(notice), 303)


@blueprint.post("/notices/read")
@access("signed_in")
def mark_read() -> Response:
    """Marks everything as read that the page showed or could have shown."""
    acts.read_all(inputs.read_until(request.form))
    return redirect(url_for("notices.notices"), 303)
