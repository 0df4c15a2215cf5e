"""Addresses of outside lists: files in, rows that wait, lists out, one case to copy."""

from __future__ import annotations

from flask import Response

from webapp.api import outside
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation, takes_file
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message
from workflows.outside.apply import apply_file, retry_row
from workflows.outside.copying import load_copy_page
from workflows.outside.findings import Finding
from workflows.outside.queries.lists import list_rows
from workflows.outside.row_acts import dismiss_row, give_row
from workflows.outside.take_file import take_file

FILE = "application/octet-stream"


@blueprint.get("/outside/systems")
@operation(outside.OutsideSystemList, tag="outside", refuses=(403,))
@access("ability:outside")
def list_outside_systems() -> outside.OutsideSystemList:
    """The systems this installation knows, with their columns."""
    return outside.listed_systems(outside.systems().by_key)


@blueprint.post("/outside/files")
@operation(outside.OutsideFile, tag="outside", status=201, query=outside.TakeOutsideFile)
@once
@takes_file
@access("ability:outside")
def take_outside_file(query: outside.TakeOutsideFile) -> outside.OutsideFile:
    """Takes a list in as a preview; the same content again gives the first one."""
    command = query.command()
    return outside.taken(take_file(platform(), current_actor(), outside.systems(), command))


@blueprint.post("/outside/files/<id:outside_file>/apply")
@operation(outside.OutsideApplied, tag="outside")
@access("ability:outside")
def apply_outside_file(outside_file: str) -> outside.OutsideApplied:
    """Writes what is sure of the next rows; repeated until nothing is left."""
    done = apply_file(platform(), current_actor(), outside.systems(), outside_file)
    return outside.applied(done)


@blueprint.get("/outside/rows")
@operation(outside.OutsideRowList, tag="outside", query=outside.FindOutsideRows, refuses=(403, 404))
@access("ability:outside")
def list_outside_rows(query: outside.FindOutsideRows) -> outside.OutsideRowList:
    """Rows of the caller's units in the order of files and lines."""
    return outside.listed_rows(list_rows(platform(), current_actor(), query.query()))


@blueprint.post("/outside/rows/<item:outside_row>/give")
@operation(outside.OutsideGiven, tag="outside", body=outside.OutsideGive)
@access("ability:outside")
def give_outside_row(outside_row: str, body: outside.OutsideGive) -> outside.OutsideGiven:
    """Notes the row's number with a case."""
    if body.case is None and body.our_number is None:
        raise InvalidFormError([FieldError("/case", Message("api.missing"))])
    command = body.command(outside_row)
    return {"case": give_row(platform(), current_actor(), outside.systems(), command)}


@blueprint.post("/outside/rows/<item:outside_row>/retry")
@operation(outside.OutsideFound, tag="outside")
@access("ability:outside")
def retry_outside_row(outside_row: str) -> outside.OutsideFound:
    """Looks again at a row, and writes it where it is sure now."""
    found = retry_row(platform(), current_actor(), outside.systems(), outside_row)
    return {"row_finding": found}  # type: ignore[typeddict-item]


@blueprint.post("/outside/rows/<item:outside_row>/dismiss")
@operation(outside.OutsideFound, tag="outside", body=outside.OutsideDismissal)
@access("ability:outside")
def dismiss_outside_row(outside_row: str, body: outside.OutsideDismissal) -> outside.OutsideFound:
    """Puts a row aside."""
    dismiss_row(platform(), current_actor(), outside_row, body.reason)
    return {"row_finding": Finding.DISMISSED.value}


@blueprint.get("/outside/systems/<package:outside_system>/export")
@operation(None, tag="outside", query=outside.ExportOutside, media_type=FILE, refuses=(403,))
@access("ability:outside")
def export_outside(outside_system: str, query: outside.ExportOutside) -> Response:
    """The caller's cases in the columns of a system; noted in the record of each."""
    return outside.exported(outside_system, query.query())


@blueprint.get("/cases/<id:case>/copy/<package:outside_system>")
@operation(outside.OutsideCopy, tag="outside", refuses=(403, 410))
@access("signed_in")
def copy_case(case: str, outside_system: str) -> outside.OutsideCopy:
    """One case in the order of a system's form."""
    system = outside.systems().load(outside_system)
    return outside.copied(load_copy_page(platform(), current_actor(), system, case))
