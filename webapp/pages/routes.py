"""The addresses no room owns: the root, browser files, health checks and figures."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.pages.assets import send_asset
from webapp.pages.health import answer_ready
from webapp.pages.metrics import answer_metrics
from webapp.security import access

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@access("public")
def root() -> AnyResponse:
    """The site begins with what has to be done."""
    return redirect(url_for("inbox.inbox"), 303)


@blueprint.get("/static/<path:name>")
@access("public")
def asset(name: str) -> Response:
    """A browser file."""
    return send_asset(name)


@blueprint.get("/healthz")
@access("public")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
@access("public")
def readyz() -> Response:
    """The process can work: database and file store are there."""
    return answer_ready()


@blueprint.get("/metrics")
@access("ability:audit")
def metrics() -> Response:
    """How much waits, for a monitoring system that shows a bearer token."""
    return answer_metrics()
