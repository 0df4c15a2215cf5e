"""Addresses of the inbox."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from webapp.inbox import acts, inputs, page
from webapp.pages.now import platform, today
from webapp.pages.returns import safe_return
from webapp.security import access, current_actor
from workflows.cases.queries.inbox import list_inbox

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@access("signed_in")
def inbox() -> str:
    """What waits for the actor: tabs, filters, groups by urgency."""
    address = inputs.read_address(request.args)
    found = list_inbox(platform(), current_actor(), inputs.to_query(address, today()))
    return page.render(found, address)


@blueprint.post("/inbox/bulk")
@access("signed_in")
def bulk() -> Response:
    """One act on all picked items; each item answers for itself."""
    acts.bulk(inputs.read_action(request.form), inputs.read_picked(request.form), None)
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.post("/inbox/assign")
@access("signed_in")
def choose_person() -> str:
    """To whom the picked items shall go."""
    picked = inputs.read_picked(request.form)
    return acts.choose_person(picked, safe_return(request.form.get("next")))


@blueprint.post("/inbox/assign/to")
@access("signed_in")
def assign() -> Response:
    """Hands the picked items to one person."""
    acts.bulk("assign", inputs.read_picked(request.form), acts.read_person(request.form))
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.post("/tasks/<item>/claim")
@access("signed_in")
def claim(item: str) -> Response:
    """Takes one item, then back to where the button was."""
    acts.claim(item, inputs.read_revision(request.form))
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.post("/tasks/<item>/release")
@access("signed_in")
def release(item: str) -> Response:
    """Gives one item back to everybody who may claim it."""
    acts.release(item, inputs.read_revision(request.form))
    return redirect(safe_return(request.form.get("next")), 303)
