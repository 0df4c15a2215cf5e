"""Addresses of a correction: what is registered, then one value of it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from webapp.cases import correcting, registered
from webapp.cases.blueprint import blueprint
from webapp.security import access

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<case>/correct")
@access("signed_in")
def correct(case: str) -> str:
    """Everything registered of the case, to pick what is wrong."""
    return registered.render(case)


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
