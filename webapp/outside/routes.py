"""Addresses of outside lists and of the copy page."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.outside import acts, inputs, page
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.outside import copying
from workflows.outside.queries.lists import list_rows, load_file_page
from workflows.outside.queries.row_page import load_row_page

blueprint = Blueprint("outside", __name__)


@blueprint.get("/outside")
@access("ability:outside")
def outside() -> str:
    """Importing, files of the actor's units, exporting."""
    return page.render_desk()


@blueprint.post("/outside/files")
@access("ability:outside")
def take() -> acts.Answer:
    """Takes a file in as a preview."""
    return acts.take(request.form, request.files)


@blueprint.get("/outside/files/<file>")
@access("ability:outside")
def file(file: str) -> str:
    """What would be done with each row, and after: what was done."""
    address = inputs.read_address(request.args)
    return page.render_file(
        load_file_page(platform(), current_actor(), address.query(file)), address
    )


@blueprint.post("/outside/files/<file>/apply")
@access("ability:outside")
def apply(file: str) -> Response:
    """Writes what is sure."""
    return acts.apply(file)


@blueprint.post("/outside/files/<file>/discard")
@access("ability:outside")
def discard(file: str) -> Response:
    """Throws a preview away."""
    return acts.discard(file)


@blueprint.get("/outside/rows")
@access("ability:outside")
def rows() -> str:
    """What waits to be matched, what was put aside, what is done."""
    address = inputs.read_address(request.args, "open")
    return page.render_rows(list_rows(platform(), current_actor(), address.query()), address)


@blueprint.post("/outside/rows/retry")
@access("ability:outside")
def retry_all() -> Response:
    """Looks again at everything that waits."""
    return acts.retry_all()


@blueprint.get("/outside/rows/<row>")
@access("ability:outside")
def row(row: str) -> str:
    """One row and the cases it may belong to."""
    return page.render_row(load_row_page(platform(), current_actor(), page.systems(), row))


@blueprint.post("/outside/rows/<row>/give")
@access("ability:outside")
def give(row: str) -> acts.Answer:
    """Gives a row to a case."""
    return acts.give(row, request.form)


@blueprint.post("/outside/rows/<row>/retry")
@access("ability:outside")
def retry(row: str) -> Response:
    """Looks again at one row."""
    return acts.retry(row)


@blueprint.post("/outside/rows/<row>/dismiss")
@access("ability:outside")
def dismiss(row: str) -> acts.Answer:
    """Puts a row aside, with a reason."""
    return acts.dismiss(row, request.form)


@blueprint.get("/outside/export")
@access("ability:outside")
def export() -> str:
    """Asks what shall go out."""
    inputs.read_cases(request.args)
    return page.render_export(request.args)


@blueprint.post("/outside/export")
@access("ability:outside")
def do_export() -> acts.Answer:
    """Sends the list."""
    return acts.export(request.form)


@blueprint.get("/cases/<case>/copy")
@access("signed_in")
def copy_first(case: str) -> Response:
    """The copy page of the first system."""
    first = next(iter(page.systems().by_key))
    return redirect(url_for("outside.copy", case=case, system=first), 303)


@blueprint.get("/cases/<case>/copy/<system>")
@access("signed_in")
def copy(case: str, system: str) -> str:
    """One case in the order of a system's form."""
    wanted = page.systems().load(system)
    found = copying.load_copy_page(platform(), current_actor(), wanted, case)
    return page.render_copy(found, wanted)


@blueprint.post("/cases/<case>/copy/<system>")
@access("signed_in")
def note_number(case: str, system: str) -> acts.Answer:
    """Notes the number received over there."""
    return acts.note_number(case, system, request.form)


@blueprint.post("/cases/<case>/copy/<system>/whole")
@access("signed_in")
def show_whole(case: str, system: str) -> acts.Answer:
    """Shows whole ID numbers, for a reason that is kept."""
    return acts.show_whole(case, system, request.form)
