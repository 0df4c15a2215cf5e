"""Addresses of one's own account."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask_login import logout_user

from webapp.account import inputs, own_routes, page, signing
from webapp.account.blueprint import Answer, blueprint
from webapp.pages.returns import safe_return
from webapp.security import access, current_actor, find_actor, limiter
from workflows.errors import ForbiddenError, InvalidFormError

__all__ = ["blueprint", "own_routes"]


@blueprint.get("/sign-in")
@access("public")
def sign_in() -> Answer:
    """The sign-in page; whoever is signed in goes on to work."""
    wanted = safe_return(request.args.get("next"))
    if find_actor():
        return redirect(wanted, 303)
    return page.sign_in(next=wanted)


@blueprint.post("/sign-in")
@access("public")
@limiter.limit("20 per minute")
def sign_in_post() -> Answer:
    """Checks name and password; five wrong passwords lock the account for 15 minutes."""
    typed = inputs.read_sign_in(request.form)
    try:
        signing.sign_in(typed)
    except ForbiddenError as refusal:
        return page.sign_in(next=typed.next, username=typed.username, problem=refusal.message), 422
    return redirect(typed.next, 303)


@blueprint.post("/sign-out")
@access("public")
def sign_out() -> Answer:
    """Ends the session; harmless when there is none."""
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


@blueprint.post("/language")
@access("public")
def switch_language() -> Answer:
    """Changes the language of the account, or of the session before sign-in."""
    signing.switch_language(inputs.read_language(request.form), find_actor())
    return redirect(safe_return(request.form.get("next")), 303)


@blueprint.get("/account")
@access("signed_in")
def account() -> Answer:
    """Posts, leave, e-mail, calendar, language, password."""
    return page.account()


@blueprint.post("/account/password")
@access("signed_in")
@limiter.limit("10 per minute")
def change_password() -> Answer:
    """Sets a new password and ends every other session of the account."""
    try:
        signing.change_password(current_actor(), inputs.read_passwords(request.form))
    except InvalidFormError as wrong:
        return page.account(wrong.errors), 422
    return page.password_changed()
