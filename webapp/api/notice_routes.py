"""Addresses of the caller's own notices."""

from __future__ import annotations

from webapp.api import answers, inputs, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.pages.now import now, platform
from webapp.security import access, current_actor
from workflows.cases.queries import notices
from workflows.notices.read import mark_all_read, mark_read
from workflows.storage.ids import decode_id


@blueprint.get("/notices")
@operation(shapes.NoticeList, tag="tasks", query=inputs.FindNotices)
@access("signed_in")
def list_notices(query: inputs.FindNotices) -> shapes.NoticeList:
    """What the caller was told, newest first."""
    return answers.notices(notices.list_notices(platform(), current_actor(), query.query()))


@blueprint.post("/notices/read")
@operation(shapes.NoticesRead, tag="tasks", body=inputs.ReadNotices)
@once
@access("signed_in")
def read_notices(body: inputs.ReadNotices) -> shapes.NoticesRead:
    """Marks notices of the caller as read; whose they are not, nothing happens to."""
    actor = current_actor()
    with platform().database.transaction(actor) as session:
        if body.notices:
            mark_read(session, [decode_id(one) for one in body.notices], now())
        if body.until is not None:
            mark_all_read(session, body.until, now())
    return {"unread": notices.count_unread(platform(), actor)}
