"""Addresses of what people arrange for themselves: leave, e-mail, calendar."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.account import leave, page, reach
from webapp.account.blueprint import Answer, blueprint
from webapp.pages.formats import spoken
from webapp.security import access, limiter
from workflows.errors import InvalidFormError, RuleError


@blueprint.post("/account/leave")
@access("signed_in")
def take_leave() -> Answer:
    """Enters a leave with its substitute."""
    try:
        leave.take(request.form)
    except InvalidFormError as wrong:
        return page.account(wrong.errors, typed=request.form), 422
    except RuleError as refused:
        flash(spoken(refused.message), "warn")
        return page.account(typed=request.form), 422
    return _back()


@blueprint.post("/account/leave/<leave_id>/end")
@access("signed_in")
def end_leave(leave_id: str) -> Response:
    """Back early, or not away after all."""
    leave.end(leave_id)
    return _back()


@blueprint.post("/account/email")
@access("signed_in")
@limiter.limit("20 per minute")
def change_email() -> Answer:
    """Where notices are sent, and whether."""
    try:
        reach.change_email(request.form)
    except InvalidFormError as wrong:
        return page.account(wrong.errors, typed=request.form), 422
    return _back()


@blueprint.post("/account/calendar")
@access("signed_in")
@limiter.limit("10 per minute")
def renew_calendar() -> str:
    """A new secret address, shown this once."""
    return page.account(calendar_url=reach.renew_calendar())


@blueprint.post("/account/calendar/revoke")
@access("signed_in")
def revoke_calendar() -> Response:
    """No program can read the calendar any more."""
    reach.revoke_calendar()
    return _back()


def _back() -> Response:
    return redirect(url_for("account.account"), 303)
