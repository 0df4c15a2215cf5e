"""Addresses of the print desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.pdf.answers import pdf_answer
from webapp.printdesk import inputs, page
from webapp.security import access, current_actor
from workflows.errors import ConflictError, InvalidInputError
from workflows.printdesk import jobs, order, packet

blueprint = Blueprint("printdesk", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/desk")
@access("ability:print")
def desk() -> str:
    """Packets that wait, by court, the most pressing first."""
    return page.show_desk(inputs.NOTHING)


@blueprint.post("/desk/print")
@access("ability:print")
def print_out() -> Answer:
    """Orders one job of the chosen packets."""
    wish = inputs.read_wish(request.form)
    try:
        job = order.order_print(platform(), current_actor(), wish.command())
    except InvalidInputError as refused:
        return page.show_desk(wish, spoken(refused.message)), 422
    return redirect(url_for("printdesk.job", job=job), 303)


@blueprint.get("/desk/packets/<run>")
@access("ability:print")
def packet_page(run: str) -> str:
    """What one packet holds, what is missing, what was printed of it."""
    return page.show_packet(packet.load_packet(platform(), current_actor(), run))


@blueprint.get("/desk/jobs/<job>")
@access("ability:print")
def job(job: str) -> Response:
    """How far a job is; asks again by itself until it is ready."""
    return page.show_job(jobs.load_job(platform(), current_actor(), job))


@blueprint.get("/desk/jobs/<job>/pdf")
@access("ability:print")
def job_pdf(job: str) -> Response:
    """The one PDF of a job; its first opening counts as printing."""
    try:
        view, content = jobs.open_pdf(platform(), current_actor(), job)
    except ConflictError as refused:
        flash(spoken(refused.message), "warn")
        return redirect(url_for("printdesk.job", job=job), 303)
    return pdf_answer(content, page.file_name(view))
