"""Whether this process can work now. Says what is missing by name, never how it is set up."""

from __future__ import annotations

import os
from collections.abc import Callable

import orjson
from flask import Response, current_app
from sqlalchemy import literal, select

from webapp.pages.log import log_failure
from webapp.pages.now import platform
from workflows.storage import SYSTEM


def answer_ready() -> Response:
    """200 with every check true, else 503."""
    checks = {"database": _passes(_ask_database), "files": _passes(_ask_files)}
    ready = all(checks.values())
    body = orjson.dumps({"ready": ready, "checks": checks})
    return Response(body, 200 if ready else 503, content_type="application/json")


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:
        log_failure(error)
        return False
    return True


def _ask_database() -> None:
    with platform().database.reading(SYSTEM) as session:
        session.execute(select(literal(1))).one()


def _ask_files() -> None:
    settings = current_app.extensions["fengqiao.settings"]
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError("the data folder cannot be written")
