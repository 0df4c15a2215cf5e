"""Addresses of a new case: which procedure, then its first form."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from webapp.cases import starts
from webapp.cases.blueprint import blueprint
from webapp.security import access

Answer = str | Response | tuple[str, int]


@blueprint.get("/start")
@access("ability:open_case")
def choose_start() -> str:
    """What the actor may begin, by unit."""
    return starts.render_choice()


@blueprint.get("/start/<process>/<form>")
@access("ability:open_case")
def start(process: str, form: str) -> str:
    """An empty start form."""
    return starts.render_form_page(starts.load(process, form, request.args.get("unit")))


@blueprint.post("/start/<process>/<form>")
@access("ability:open_case")
def open_case(process: str, form: str) -> Answer:
    """Opens the case, or returns with every error and what was typed."""
    opening = starts.load(process, form, request.args.get("unit"))
    return starts.open_it(opening, request.form, request.files)
