"""Addresses of what changes the record: a correction, a party who joins."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from webapp.cases import correcting, registered
from webapp.cases import new_party as joining
from webapp.cases.blueprint import blueprint
from webapp.security import access

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<case>/correct")
@access("signed_in")
def correct(case: str) -> str:
    """Everything registered of the case, to pick what is wrong."""
    return registered.render(case)


@blueprint.get("/cases/<case>/parties/new")
@access("signed_in")
def new_party(case: str) -> str:
    """The form of a party who joins."""
    return joining.ask(case)


@blueprint.post("/cases/<case>/parties/new")
@access("signed_in")
def add_new_party(case: str) -> Answer:
    """Adds the party, or returns with every wrong field."""
    return joining.do(case, request.form, request.files)


@blueprint.get("/cases/<case>/correct/value")
@access("signed_in")
def correct_value(case: str) -> str:
    """One value, with an input for the right one and the reason."""
    return correcting.ask(case, request.args.get("what", ""))


@blueprint.post("/cases/<case>/correct/value")
@access("signed_in")
def do_correct_value(case: str) -> Answer:
    """Sets it right, or returns with every wrong field."""
    return correcting.do(case, request.args.get("what", ""), request.form)
