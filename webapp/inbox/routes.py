"""Addresses of the inbox."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.inbox import acts, inputs, page, views
from webapp.pages.now import platform, today
from webapp.pages.returns import safe_return
from webapp.security import access, current_actor
from workflows.cases.claim_task import BulkCommand
from workflows.cases.moments import check_reason
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.errors import RuleError

blueprint = Blueprint("inbox", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/inbox")
@access("signed_in")
def inbox() -> str:
    """What waits for the actor: tabs, filters, groups by urgency. Without parameters: the view
    the actor wants to see first."""
    address = inputs.read_address(request.args or views.first_address())
    found = list_inbox(platform(), current_actor(), inputs.to_query(address, today()))
    return page.render(found, address)


@blueprint.post("/inbox/bulk")
@access("signed_in")
def bulk() -> Response:
    """One act on all picked items; each item answers for itself."""
    acts.bulk(BulkCommand(inputs.read_picked(request.form), inputs.read_action(request.form)))
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.post("/inbox/return")
@access("signed_in")
def ask_reason() -> str:
    """Why the picked items shall go back."""
    return acts.ask_reason(inputs.read_picked(request.form), safe_return(request.form.get("next")))


@blueprint.post("/inbox/return/with")
@access("signed_in")
def hand_back() -> Answer:
    """Gives the picked items back to everybody who may claim them, each with the reason."""
    items, back = inputs.read_picked(request.form), safe_return(request.form.get("next"))
    try:
        reason = check_reason(inputs.read_reason(request.form))
    except RuleError as missing:
        return acts.ask_reason(items, back, missing.message), 422
    acts.bulk(BulkCommand(items, "return", reason=reason))
    return redirect(back, 303)


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
    items, to = inputs.read_picked(request.form), acts.read_person(request.form)
    acts.bulk(BulkCommand(items, "assign", to=to, reason=inputs.read_reason(request.form)))
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.get("/inbox/next")
@access("signed_in")
def next_task() -> Response:
    """To the most urgent item of the actor's own; to the inbox where there is none."""
    query = InboxQuery(tab="mine", page_size=1)
    rows = list_inbox(platform(), current_actor(), query).rows
    if not rows:
        return redirect(url_for("inbox.inbox"), 303)
    return redirect(url_for("cases.task", item=rows[0].id), 303)


@blueprint.post("/inbox/views")
@access("signed_in")
def save_view() -> Response:
    """Keeps the list as it is under a name."""
    return redirect(views.keep(request.form), 303)


@blueprint.post("/inbox/views/<view>/delete")
@access("signed_in")
def delete_view(view: str) -> Response:
    """Forgets a view."""
    views.drop(view)
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
