"""Addresses of the people room. Whose people an actor looks after is asked below: whoever looks
after nobody is refused there."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from webapp.pages.now import platform
from webapp.people import acts, inputs, page
from webapp.people import seals as seal_pages
from webapp.security import access, current_actor
from workflows.cases.queries.desk import load_desk
from workflows.cases.queries.people import list_people

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@access("signed_in")
def people() -> str:
    """The people of the actor's units."""
    address = inputs.read_address(request.args)
    cursor = address.cursor or None
    found = list_people(platform(), current_actor(), q=address.q, cursor=cursor)
    return page.people(found, address)


@blueprint.get("/people/<username>/handover")
@access("signed_in")
def handover(username: str) -> str:
    """What somebody has in hand, and who could take it over."""
    found = load_desk(platform(), current_actor(), username)
    return page.desk(found, inputs.read_choice(request.args))


@blueprint.post("/people/<username>/handover")
@access("signed_in")
def hand(username: str) -> acts.Answer:
    """Hands over one chunk of it."""
    return acts.hand(username, request.form)


@blueprint.post("/people/<username>/posts/<post>/end")
@access("signed_in")
def end_post(username: str, post: str) -> Response:
    """Ends a post on a day; for administrators."""
    return acts.end(username, post, request.form)


@blueprint.get("/seals")
@access("ability:admin")
def seals() -> str:
    """The seal authority and its certificates."""
    return seal_pages.show_all()


@blueprint.get("/seals/<serial>")
@access("ability:admin")
def seal(serial: str) -> str:
    """One certificate."""
    return seal_pages.show(serial)


@blueprint.post("/seals/<serial>")
@access("ability:admin")
def revoke_seal(serial: str) -> seal_pages.Answer:
    """Shows what follows; revokes it once that was read."""
    return seal_pages.revoke(serial, request.form)
