"""Who a request comes from: a session cookie or an API token, looked up once a request.

The cookie holds the account's id and a stamp of its password: a changed password or a closed
account ends every session at the next request.
"""

from __future__ import annotations

from flask import Flask, Request
from flask_login import LoginManager, UserMixin

from webapp.pages.now import platform, today
from workflows.cases.queries.notices import unread_of
from workflows.errors import FengqiaoError
from workflows.organisation.accounts import find_by_token, find_session
from workflows.storage import SYSTEM, Actor


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the actor, what the cookie says about the account, and how many
    notices are unread (counting stops at 100)."""

    def __init__(self, actor: Actor, stamp: str, unread: int = 0) -> None:
        self.actor = actor
        self.stamp = stamp
        self.unread = unread

    def get_id(self) -> str:
        """`<account id>.<stamp>`."""
        return f"{self.actor.account_id}.{self.stamp}"


def load_session(text: str) -> SignedIn | None:
    """The account of a session cookie, None when the cookie no longer counts."""
    number, _, stamp = text.partition(".")
    if not number.isdigit():
        return None
    with platform().database.reading(SYSTEM) as session:
        found = find_session(session, int(number), stamp, today(), unread_of)
    return SignedIn(found.actor, stamp, found.beside) if found else None


def load_token(request: Request) -> SignedIn | None:
    """The account of a bearer token, None without one or with an unknown one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return None
    with platform().database.reading(SYSTEM) as session:
        try:
            actor = find_by_token(session, token.strip(), today())
        except FengqiaoError:
            return None
    return SignedIn(actor, "") if actor else None


def install(app: Flask, login: LoginManager) -> None:
    """Teach Flask-Login both ways in."""
    login.init_app(app)
    login.session_protection = "basic"
    login.user_loader(load_session)
    login.request_loader(load_token)
