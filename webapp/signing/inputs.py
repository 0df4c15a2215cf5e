"""What the forms of the room bring."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Response, current_app, request

from webapp.security import check_text
from workflows.cases.strokes import Strokes, read_strokes
from workflows.errors import InvalidInputError
from workflows.signing.paper import Holder

COOKIE = "fengqiao-device"
COOKIE_DAYS = 365
LONGEST_COOKIE = 40


def holder(token: str) -> Holder:
    """Who asks, by link and cookie; a device that has none yet gets one with the answer."""
    known = request.cookies.get(COOKIE, "")[:LONGEST_COOKIE]
    agent = request.headers.get("User-Agent", "")
    return Holder(token, known or secrets.token_urlsafe(16), agent)


def keep_device(answer: Response, who: Holder) -> Response:
    """The answer with the device's cookie: it tells devices apart and nothing else."""
    answer.set_cookie(
        COOKIE,
        who.device,
        max_age=COOKIE_DAYS * 86400,
        path="/sign",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def read_given(form: Mapping[str, str]) -> Strokes:
    """The strokes of a page on which somebody said that they read it. Raises InvalidInputError."""
    if form.get("read") != "yes":
        raise InvalidInputError("signing.confirm_missing")
    return read_strokes(form.get("strokes", ""))


def read_text(form: Mapping[str, str], name: str, most: int) -> str:
    """A typed text, cut to what is kept."""
    return check_text(form.get(name, ""))[:most].strip()
