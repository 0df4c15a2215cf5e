"""The address of the board of clocks."""

from __future__ import annotations

from flask import Blueprint, request

from webapp.clocks import inputs, page
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases.queries.clock_board import list_clocks

blueprint = Blueprint("clocks", __name__)


@blueprint.get("/clocks")
@access("signed_in")
def clocks() -> str:
    """Running time limits of the cases the actor may know of, soonest due first."""
    address = inputs.read_address(request.args)
    return page.render(list_clocks(platform(), current_actor(), address.query()), address)
