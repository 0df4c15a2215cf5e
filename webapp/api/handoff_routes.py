"""Addresses of handoffs: letters in and out of the caller's units."""

from __future__ import annotations

from webapp.api import letters
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.api.reading import idempotency_key
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.handoffs.by_hand import record_answer
from workflows.handoffs.queries.letters import list_letters
from workflows.handoffs.resend import resend


@blueprint.get("/handoffs")
@operation(letters.HandoffList, tag="handoffs", query=letters.FindHandoffs)
@access("signed_in")
def list_handoffs(query: letters.FindHandoffs) -> letters.HandoffList:
    """Letters of the caller's units, by when they were sent."""
    return letters.listed(list_letters(platform(), current_actor(), query.query()))


@blueprint.post("/handoffs/<id:handoff>/resend")
@operation(letters.HandoffMoved, tag="handoffs")
@once
@access("signed_in")
def resend_handoff(handoff: str) -> letters.HandoffMoved:
    """Brings again what did not arrive."""
    state = resend(platform(), current_actor(), handoff)
    return {"state": state}  # type: ignore[typeddict-item]


@blueprint.post("/handoffs/<id:handoff>/answer")
@operation(letters.HandoffMoved, tag="handoffs", body=letters.HandoffAnswer)
@access("signed_in")
def answer_handoff(handoff: str, body: letters.HandoffAnswer) -> letters.HandoffMoved:
    """Writes down an answer that came on paper."""
    command = body.command(handoff, idempotency_key())
    return {"state": record_answer(platform(), current_actor(), command)}  # type: ignore[typeddict-item]
