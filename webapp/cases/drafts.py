"""Keeping what is typed: by the form's script while somebody types, or by its button."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp.cases import submissions, task_page, tasks
from webapp.cases.submissions import Files, Posted
from webapp.pages.formats import spoken
from webapp.pages.json_body import read_object
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.save_draft import DraftConflictError, SaveDraft, save_draft
from workflows.errors import ConflictError, InvalidInputError

Answer = str | AnyResponse | tuple[str, int]


def save_typed(item: str) -> Response:
    """For the script: 200 with the new revision and time; 409 with both versions."""
    body = read_object()
    data, revision = body.get("data"), body.get("draft_revision")
    if not isinstance(data, dict) or type(revision) is not int or revision < 0:
        raise InvalidInputError("web.bad_json")
    try:
        saved = save_draft(platform(), current_actor(), SaveDraft(item, data, revision))
    except DraftConflictError as conflict:
        return _json(409, _both(conflict))
    at = saved.saved_at.isoformat()
    return _json(200, {"draft_revision": saved.draft_revision, "saved_at": at})


def keep(item: str, posted: Posted, files: Files) -> Answer:
    """For the button: back to the form, saying it is kept. A newer draft of somebody else is not
    overwritten unseen: the page returns with the choice, and the next press keeps this one."""
    task = tasks.load(item)
    sent = submissions.read(task.form, posted, files)
    command = SaveDraft(item, sent.raw, sent.draft_revision)
    try:
        save_draft(platform(), current_actor(), command)
    except ConflictError as conflict:
        return task_page.render(tasks.load(item), sent.raw, refusal=conflict, page=sent.page), 409
    flash(_("草稿已保存，可以回头再填。"), "done")
    return redirect(url_for("cases.task", item=item), 303)


def _both(conflict: DraftConflictError) -> dict[str, Any]:
    return {
        "code": "stale_revision",
        "detail": spoken(conflict.message),
        "draft_revision": conflict.revision,
        "theirs": conflict.theirs,
        "mine": conflict.mine,
        "by": conflict.by,
        "saved_at": conflict.at.isoformat(),
    }


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")
