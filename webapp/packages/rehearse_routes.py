"""Addresses of a rehearsal: where it stands, and every act of it."""

from __future__ import annotations

from flask import Response, request

from webapp.packages import rehearse_acts, rehearse_page
from webapp.packages.blueprint import blueprint
from webapp.packages.rehearse_acts import Answer
from webapp.packages.rehearse_inputs import read_chosen
from webapp.security import access

PAGE = "/packages/<package>/versions/<int:number>/rehearse"


@blueprint.get(PAGE)
@access("signed_in")
def rehearse(package: str, number: int) -> str:
    """Where one's own walk stands; the form of the task that was chosen."""
    return rehearse_page.open_page(package, number, read_chosen(request.args))


@blueprint.get(f"{PAGE}/diagrams/<process>.svg")
@access("signed_in")
def rehearsed(package: str, number: int, process: str) -> Response:
    """A diagram with the elements of the address painted as current."""
    active, around = request.args.getlist("at"), request.args.get("around", "")
    return rehearse_page.picture(package, number, process, active, around)


@blueprint.post(f"{PAGE}/start")
@access("signed_in")
def rehearse_start(package: str, number: int) -> Answer:
    """Begins."""
    return rehearse_acts.start(package, number, read_chosen(request.args), request.form)


@blueprint.post(f"{PAGE}/task")
@access("signed_in")
def rehearse_task(package: str, number: int) -> Answer:
    """Completes a task."""
    return rehearse_acts.complete(package, number, read_chosen(request.args), request.form)


@blueprint.post(f"{PAGE}/clock")
@access("signed_in")
def rehearse_clock(package: str, number: int) -> Answer:
    """Lets time pass."""
    return rehearse_acts.advance(package, number, request.form)


@blueprint.post(f"{PAGE}/message")
@access("signed_in")
def rehearse_message(package: str, number: int) -> Answer:
    """A message from outside, or a withdrawal."""
    return rehearse_acts.bring(package, number, request.form)


@blueprint.post(f"{PAGE}/undo")
@access("signed_in")
def rehearse_undo(package: str, number: int) -> Answer:
    """One step back."""
    return rehearse_acts.undo(package, number, request.form)


@blueprint.post(f"{PAGE}/again")
@access("signed_in")
def rehearse_again(package: str, number: int) -> Answer:
    """From the beginning."""
    return rehearse_acts.again(package, number, request.form)


@blueprint.post(f"{PAGE}/keep")
@access("signed_in")
def rehearse_keep(package: str, number: int) -> Answer:
    """As a scenario of a new draft, or as a file."""
    return rehearse_acts.keep(package, number, request.form)
