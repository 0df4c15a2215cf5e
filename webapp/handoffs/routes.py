"""Addresses of the letters."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from webapp.handoffs import acts, inputs, page, words
from webapp.pages.now import platform
from webapp.pages.returns import safe_return
from webapp.security import access, current_actor
from workflows.handoffs.queries.letters import list_letters, load_letter

blueprint = Blueprint("handoffs", __name__)
blueprint.add_app_template_global(words.states, "letter_states")


@blueprint.get("/letters")
@access("signed_in")
def letters() -> str:
    """Letters in and out of the actor's units, and those that did not arrive."""
    address = inputs.read_address(request.args)
    return page.render(list_letters(platform(), current_actor(), address.query()), address)


@blueprint.get("/letters/find")
@access("signed_in")
def find() -> Response:
    """The letter whose number was scanned or typed."""
    found = load_letter(platform(), current_actor(), inputs.read_number(request.args))
    return redirect(page.letter_url(found.letter.id), 303)


@blueprint.get("/letters/<letter>")
@access("signed_in")
def letter(letter: str) -> str:
    """One letter: where it is, what was answered."""
    return page.render_letter(load_letter(platform(), current_actor(), letter))


@blueprint.post("/letters/<letter>/resend")
@access("signed_in")
def resend(letter: str) -> Response:
    """Brings again what did not arrive."""
    acts.resend(letter)
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.post("/letters/<letter>/answer")
@access("signed_in")
def answer(letter: str) -> acts.Answer:
    """Writes down an answer that came on paper."""
    return acts.answer(letter, request.form, request.files)
