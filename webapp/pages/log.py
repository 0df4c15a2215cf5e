"""One JSON line per request, and one per failure, with the reader's reference number.

Lines never hold what people typed: no query strings, no form values, no exception texts (they
may quote a parameter). A failure is logged as exception classes and code places.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback
from typing import Any, cast

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O, 1/I: people read the number out over the telephone."""


def configure(stream: Any = None) -> None:
    """JSON lines on standard error (or `stream`); the process does this once."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """The log of the web. Event names are stable, values plain."""
    return structlog.get_logger("webapp")


def new_reference() -> str:
    """Like `E-7KQ2M9XC`: 40 random bits, read out easily."""
    return "E-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))


def begin() -> None:
    """Before a request: its reference number and start time."""
    g.reference = new_reference()
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(reference=g.reference)


def finish(response: Response) -> Response:
    """After a request: one line. The route's pattern, never the address itself."""
    if request.endpoint != "pages.asset":
        logger().info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1),
            account=_account(),
        )
    return response


def log_refusal(status: int, code: str) -> None:
    """A refusal with its stable code."""
    logger().info("refused", status=status, code=code)


def log_failure(error: BaseException) -> None:
    """An exception nobody expected: classes along the chain and where it came from."""
    logger().error("failed", kinds=_kinds(error), places=_places(error))


def _account() -> int | None:
    if "_login_user" not in g or not current_user.is_authenticated:
        return None
    return cast(int, current_user.actor.account_id)


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    step: BaseException | None = error
    while step is not None and len(kinds) < 8:
        kinds.append(f"{type(step).__module__}.{type(step).__qualname__}")
        step = step.__cause__ or step.__context__
    return kinds


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def install(app: Flask) -> None:
    """Hook the two ends of every request."""
    app.before_request(begin)
    app.after_request(finish)
