"""Addresses of the room: all public, all limited in how often they answer."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.now import platform
from webapp.security import access, limiter
from webapp.verify import inputs, page
from webapp.verify.checker import checker
from workflows.errors import InvalidInputError
from workflows.sealing.signing import SealingError
from workflows.sealing.verify import verify_code, verify_file

blueprint = Blueprint("verify", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/verify")
@access("public")
@limiter.limit("60 per minute")
def ask() -> Answer:
    """The forms; a typed code leads to its page."""
    code = inputs.read_code(request.args.get("code", ""))
    return redirect(url_for("verify.code", code=code), 303) if code else page.ask()


@blueprint.get("/verify/<code>")
@access("public")
@limiter.limit("30 per minute")
def code(code: str) -> Answer:
    """What the QR picture of a document opens. Public: whoever holds a paper may ask about it."""
    typed = inputs.read_code(code)
    return page.by_code(verify_code(platform(), typed), typed)


@blueprint.post("/verify")
@access("public")
@limiter.limit("10 per minute")
def check() -> Answer:
    """The verdict on an uploaded file, which is not kept. Public like the code's."""
    try:
        content = inputs.read_file(request.files.get("file"))
        return page.by_file(verify_file(platform(), checker(), content))
    except InvalidInputError as refusal:
        return page.ask(problem=refusal.message), 422
    except SealingError as refusal:
        return page.ask(problem=refusal.message), 503
