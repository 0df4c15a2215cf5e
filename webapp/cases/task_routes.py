"""Addresses of one work item: its form, its draft, its files."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from webapp.cases import drafts, reasons, signing, task_page, tasks, uploads
from webapp.cases.blueprint import blueprint
from webapp.security import access

Answer = str | Response | tuple[str, int]


@blueprint.get("/tasks/<item>")
@access("signed_in")
def task(item: str) -> str:
    """The form of one work item, with what is known filled in."""
    return task_page.render(tasks.load(item))


@blueprint.post("/tasks/<item>")
@access("signed_in")
def complete(item: str) -> Answer:
    """Completes it, or returns with every error and what was typed."""
    return tasks.complete(item, request.form, request.files)


@blueprint.put("/tasks/<item>/draft")
@access("signed_in")
def save_draft(item: str) -> Response:
    """Keeps what is typed, unchecked, while somebody types."""
    return drafts.save_typed(item)


@blueprint.post("/tasks/<item>/draft")
@access("signed_in")
def keep_draft(item: str) -> Answer:
    """The same for the button, without scripts."""
    return drafts.keep(item, request.form, request.files)


@blueprint.post("/tasks/<item>/sign")
@access("signed_in")
def sign(item: str) -> Answer:
    """Begins a signature on a screen, or takes one back; what is typed is kept."""
    return signing.start(item, request.form, request.files)


@blueprint.get("/tasks/<item>/presence")
@access("signed_in")
def presence(item: str) -> str:
    """Who else has it open."""
    return task_page.render_presence(tasks.load(item))


@blueprint.get("/tasks/<item>/return")
@access("signed_in")
def return_task(item: str) -> str:
    """Asks why a work item goes back to whoever gives out work."""
    return reasons.ask_return(item)


@blueprint.post("/tasks/<item>/return")
@access("signed_in")
def do_return_task(item: str) -> Answer:
    """Gives it back with that reason."""
    return reasons.do_return(item, request.form)


@blueprint.post("/files")
@access("signed_in")
def upload() -> Response:
    """Takes one file for a form; only its uploader may use it until a form binds it."""
    return uploads.take(request.files, request.form)
