"""The address of a calendar. Public, because calendar programs cannot sign in: the secret in it is
what lets them in, and it opens nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from webapp.calendar.feed import write_calendar
from webapp.pages.now import now, platform, today
from webapp.security import access, limiter
from workflows.cases.queries.deadlines import list_deadlines
from workflows.organisation.feeds import find_by_feed
from workflows.storage import SYSTEM

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar/<token>.ics")
@access("public")
@limiter.limit("120 per minute")
def feed(token: str) -> Response:
    """Due dates of one person's open work. 404 for an unknown secret and a closed account."""
    with platform().database.reading(SYSTEM) as session:
        actor = find_by_feed(session, token, today())
    if actor is None:
        raise NotFound
    settings = current_app.extensions["fengqiao.settings"]
    base = settings.public_url or request.host_url.rstrip("/")
    deadlines = list_deadlines(platform(), actor)
    file = write_calendar(deadlines, base=base, language=actor.language, now=now())
    return Response(file, content_type="text/calendar; charset=utf-8")
