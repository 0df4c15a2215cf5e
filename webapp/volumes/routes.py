"""Addresses of the volumes."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.pages.now import platform
from webapp.pdf.answers import pdf_answer, renderer
from webapp.security import access, current_actor
from webapp.volumes import acts, inputs, page
from workflows.volumes.open_volume import read_volume
from workflows.volumes.review import print_review

blueprint = Blueprint("volumes", __name__)


@blueprint.get("/cases/<case>/volume")
@access("signed_in")
def volume(case: str) -> Response:
    """The volume of a case: what is in it, what is missing, how far its making is."""
    return page.render(case, inputs.read_address(request.args))


@blueprint.post("/cases/<case>/volume/<run>")
@access("ability:print")
def make(case: str, run: str) -> AnyResponse:
    """Orders a new volume."""
    return acts.make(case, run, request.form)


@blueprint.get("/volumes/<volume_id>")
@access("signed_in")
def pdf(volume_id: str) -> Response:
    """A finished volume's PDF; the reading is recorded."""
    found, content = read_volume(platform(), current_actor(), volume_id)
    return pdf_answer(content, found.file_name)


@blueprint.post("/volumes/<volume_id>/accept")
@access("ability:archive")
def accept(volume_id: str) -> AnyResponse:
    """An archivist takes a volume in."""
    return acts.accept(volume_id, request.form)


@blueprint.post("/cases/<case>/hold")
@access("ability:archive")
def place_hold(case: str) -> AnyResponse:
    """Nothing of the case may be erased from now on."""
    return acts.place_hold(case, request.form)


@blueprint.post("/cases/<case>/hold/lift")
@access("ability:archive")
def lift_hold(case: str) -> AnyResponse:
    """Ends the hold."""
    return acts.lift_hold(case)


@blueprint.post("/cases/<case>/volumes/<volume_id>/review")
@access("ability:archive")
def score(case: str, volume_id: str) -> AnyResponse:
    """Stores a score sheet."""
    return acts.score(case, volume_id, request.form)


@blueprint.get("/volumes/<volume_id>/review")
@access("signed_in")
def sheet(volume_id: str) -> Response:
    """The newest score sheet as a PDF."""
    made = print_review(platform(), current_actor(), renderer(), volume_id)
    return pdf_answer(BytesIO(made.pdf), "卷宗评查评分表.pdf")
