"""Addresses of calendars. The feed is public, because calendar programs cannot sign in: the secret
in it is what lets them in, and it opens nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from webapp.calendar import acts, page
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


@blueprint.get("/calendar")
@access("ability:admin")
def years() -> str:
    """The years that are known, and a form for another one."""
    return page.render_years(acts.desk())


@blueprint.post("/calendar/preview")
@access("ability:admin")
def preview() -> acts.Answer:
    """What a year would change; nothing is written."""
    return acts.preview(request.form, request.files)


@blueprint.post("/calendar/load")
@access("ability:admin")
def load() -> acts.Answer | BaseResponse:
    """Enters the year; the worker counts the open clocks anew."""
    refused = acts.load(request.form)
    return refused or redirect(url_for("calendar.years"), 303)
