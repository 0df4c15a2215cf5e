"""Opening, renewing and closing a session.

A session is begun empty: whatever a cookie held before sign-in is forgotten, so that nobody can
hand a prepared session to somebody else.
"""

from __future__ import annotations

from flask import session
from flask_login import login_user

from webapp.account.inputs import Passwords, SignIn
from webapp.pages.identity import SignedIn
from webapp.pages.language import forget_language
from webapp.pages.now import now, platform
from workflows.organisation import accounts
from workflows.storage import SYSTEM, Actor


def sign_in(typed: SignIn) -> None:
    """Checks the password and begins a session. ForbiddenError says why not."""
    signed = accounts.authenticate(platform().database, typed.username, typed.password, now=now())
    _begin(SignedIn(signed.actor, signed.stamp))


def switch_language(language: str, actor: Actor | None) -> None:
    """Keeps the choice with the account, or in the session before sign-in."""
    if actor is None:
        session["language"] = language
    else:
        with platform().database.transaction(SYSTEM) as opened:
            accounts.set_language(opened, actor.account_id, language)
    forget_language()


def change_password(actor: Actor, typed: Passwords) -> None:
    """Sets the new password; this session goes on, all others end.

    InvalidFormError when the new one is too short or the present one is wrong; nothing changes.
    """
    stamp = accounts.change_password(
        platform().database, actor.account_id, typed.present, typed.new, now=now()
    )
    _begin(SignedIn(actor, stamp))


def _begin(signed_in: SignedIn) -> None:
    session.clear()
    session.permanent = True
    login_user(signed_in)
    forget_language()
