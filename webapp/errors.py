"""The one place that knows status codes: every refusal becomes a page or problem+json here.

A user sees a sentence, a stable code and a reference number; the log line has the same number.
Pages and API get the same sentence from the same `Message`.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Flask, Response, g, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.log import log_failure, log_refusal
from webapp.pages.now import forget_world
from webapp.security import find_actor, is_api
from workflows.cases.save_draft import DraftConflictError
from workflows.catalogue.gate import describe
from workflows.documents.rendering import RenderError
from workflows.engine.findings import Finding
from workflows.errors import (
    AlreadyDoneError,
    ConflictError,
    FengqiaoError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    KeyReusedError,
    NotSignedInError,
    NotVisibleError,
    PackageError,
    ProcessFaultError,
    RuleError,
    SecondPersonError,
    StaleRevisionError,
)
from workflows.messages import Message, say
from workflows.sealing.signing import SealingError
from workflows.storage.files import DiskFullError, FileLostError
from workflows.storage.vault import KeyDestroyedError, SealBrokenError

STATUS: dict[type[FengqiaoError], int] = {
    InvalidInputError: 400,
    NotSignedInError: 401,
    ForbiddenError: 403,
    NotVisibleError: 404,
    ConflictError: 409,
    InvalidFormError: 422,
    PackageError: 422,
    RuleError: 422,
    ProcessFaultError: 409,
    DiskFullError: 507,
    FileLostError: 500,
    SealBrokenError: 500,
    KeyDestroyedError: 410,
    RenderError: 503,
    SealingError: 503,
}
"""Nearest class wins. A fault of the diagram is a conflict between case and package: the caller
did nothing wrong, nothing was lost, and a process owner has to act."""

API_CODES: dict[type[FengqiaoError], str] = {
    StaleRevisionError: "stale_revision",
    AlreadyDoneError: "already_done",
    KeyReusedError: "key_reused",
    SecondPersonError: "needs_second_person",
}
"""Names the API promises; every other refusal is known by its message's code."""

API_STATUS: dict[str, int] = {
    "web.form_expired": 403,
    "file.too_large": 413,
    "package.too_large": 413,
    "package.file_too_large": 413,
    "package.too_many_files": 413,
    "cases.draft_too_large": 413,
    "cases.file_type": 415,
    "package.not_a_zip": 415,
}
"""Wrong input that has a status of its own in the API; all other wrong input is 422 there."""

PLACES: dict[str, str] = {
    "cases.occurred_naive": "/occurred_at",
    "cases.occurred_in_future": "/occurred_at",
    "cases.occurred_long_ago": "/late_reason",
    "cases.reason_missing": "/reason",
    "cases.cursor": "/cursor",
    "cases.merge_itself": "/into",
    "cases.assign_to_missing": "/to",
    "cases.not_a_candidate": "/to",
    "cases.unknown_start": "/form",
    "cases.pause_reason_unknown": "/why",
    "cases.consents_missing": "/consents",
    "unit.unknown": "/unit",
}
"""Where in a request the value stands that a sentence speaks of; "" for every other sentence."""

PROBLEM = "application/problem+json"

HTTP_CODES: dict[int, str] = {
    400: "web.bad_request",
    404: "web.no_such_page",
    405: "web.wrong_method",
    413: "web.too_large",
    414: "web.too_large",
    415: "web.wrong_type",
    429: "web.too_many",
}


def status_of(error: FengqiaoError) -> int:
    """The HTTP status a domain error becomes on a page."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def api_status_of(error: FengqiaoError) -> int:
    """The HTTP status a domain error becomes in the API."""
    if isinstance(error, InvalidInputError):
        return API_STATUS.get(error.message.code, 422)
    return status_of(error)


def code_of(error: FengqiaoError) -> str:
    """The stable code of a refusal, as programs read it."""
    kinds = (API_CODES[kind] for kind in type(error).__mro__ if kind in API_CODES)
    return next(kinds, error.message.code)


def register(app: Flask) -> None:
    """Attach the three handlers: domain refusals, HTTP refusals, everything else."""
    app.register_error_handler(FengqiaoError, answer_refusal)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_failure)


def answer_refusal(error: FengqiaoError) -> Response:
    """A domain refusal. Nobody signed in on a page: to the sign-in page and back again."""
    status = api_status_of(error) if is_api() else status_of(error)
    log_refusal(status, error.message.code)
    if isinstance(error, NotSignedInError) and not is_api():
        return _to_sign_in()
    members = _members(error) if status in {403, 409, 422} else {}
    return _answer(status, error.message, code_of(error), members)


def answer_http(error: HTTPException) -> Response:
    """A refusal of Flask itself (no such address, too large, too often)."""
    if isinstance(error.code, int) and error.code < 400 and error.response is None:
        return make_response(error.get_response())
    status = error.code or 500
    log_refusal(status, type(error).__name__)
    response = _answer(status, Message(HTTP_CODES.get(status, "web.bad_request")))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def answer_failure(error: Exception) -> Response:
    """The last resort: our mistake. The log has the place, the reader the reference number.

    The page asks neither database nor clock: they may be what failed.
    """
    log_failure(error)
    forget_world()
    return _answer(500, Message("web.failed"))


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("account.sign_in", next=wanted if wanted != "/" else None)
    return make_response(redirect(target, 303))


def _members(error: FengqiaoError) -> dict[str, object]:
    """What a problem says beyond its sentence: every wrong field, every finding of the gate, both
    versions of a draft."""
    language = current_language()
    if isinstance(error, DraftConflictError):
        return {
            "draft_revision": error.revision,
            "theirs": error.theirs,
            "mine": error.mine,
            "by": error.by,
            "saved_at": error.at,
        }
    if isinstance(error, SecondPersonError):
        return {"reasons": [say(one, language) for one in error.reasons]}
    if isinstance(error, ConflictError | ProcessFaultError | ForbiddenError):
        return {}
    if isinstance(error, PackageError):
        found = [one for one in error.findings if isinstance(one, Finding)]
        return {"errors": [], "findings": [describe(one, language) for one in found]}
    if isinstance(error, InvalidFormError):
        wrong = [(one.path, one.message) for one in error.errors]
    else:
        wrong = [(PLACES.get(error.message.code, ""), error.message)]
    return {
        "errors": [
            {"path": path, "code": message.code, "message": say(message, language)}
            for path, message in wrong
        ]
    }


def _answer(
    status: int,
    message: Message,
    code: str | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    language = current_language()
    sentence = say(message, language)
    if is_api():
        return _problem(status, code or message.code, sentence, members or {})
    page = render_page(
        "pages/error.html",
        status=status,
        heading=say(Message(f"web.heading_{_family(status)}"), language),
        sentence=sentence,
        reference=g.reference,
        signed_in=find_actor() is not None,
    )
    return make_response(page, status)


def _family(status: int) -> int:
    return status if status in {403, 404, 409, 429} else 500 if status >= 500 else 400


def _problem(status: int, code: str, sentence: str, members: Mapping[str, object]) -> Response:
    problem: dict[str, object] = {
        "type": f"urn:fengqiao:problem:{code}",
        "title": say(Message(f"web.heading_{_family(status)}"), current_language()),
        "status": status,
        "detail": sentence,
        "code": code,
        "reference": g.reference,
        **members,
    }
    response = Response(orjson.dumps(problem), status, content_type=f"{PROBLEM}; charset=utf-8")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fengqiao"'
    return response
