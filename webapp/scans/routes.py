"""Addresses of the room."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.pdf.answers import file_answer
from webapp.scans import inputs, page
from webapp.security import access, current_actor, takes
from workflows.errors import InvalidInputError
from workflows.scans.by_hand import place_page
from workflows.scans.send import send_scans
from workflows.scans.views import batch_of, open_page

blueprint = Blueprint("scans", __name__)


@blueprint.get("/scans")
@access("ability:print")
def start() -> Response:
    """Where signed papers are dropped."""
    return page.show_start(inputs.read_document(request.args))


@blueprint.post("/scans")
@access("ability:print")
@takes(inputs.MOST_SENT_BYTES)
def send() -> Response:
    """Takes the files in; the worker reads them."""
    document = inputs.read_document(request.form)
    try:
        with inputs.read_files(request.files) as files:
            batch = send_scans(platform(), current_actor(), files, document)
    except InvalidInputError as refused:
        return page.show_start(None, spoken(refused.message))
    return redirect(url_for("scans.batch", batch=batch), 303)


@blueprint.get("/scans/<batch>")
@access("ability:print")
def batch(batch: str) -> Response:
    """What became of each page."""
    return page.show_batch(batch)


@blueprint.get("/scans/pages/<scan>")
@access("ability:print")
def picture(scan: str) -> Response:
    """A scanned page as it is kept."""
    return file_answer(open_page(platform(), current_actor(), scan), "", "image/jpeg")


@blueprint.post("/scans/pages/<scan>")
@access("ability:print")
def place(scan: str) -> Response:
    """Somebody says which page it is."""
    try:
        command = inputs.read_place(scan, request.form)
        found = place_page(platform(), current_actor(), command)
    except InvalidInputError as refused:
        typed = request.form
        wrong = page.Wrong(
            scan, typed.get("code", ""), typed.get("page", ""), spoken(refused.message)
        )
        return page.show_batch(batch_of(platform(), current_actor(), scan), wrong)
    return redirect(url_for("scans.batch", batch=found), 303)
