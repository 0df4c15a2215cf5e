"""Acts on notices: following one, marking all as read."""

from __future__ import annotations

from datetime import datetime

from flask import flash, url_for
from flask_babel import gettext as _

from webapp.pages.formats import spoken
from webapp.pages.now import now, platform
from webapp.security import current_actor
from workflows.cases.queries.notices import load_notice
from workflows.messages import Message
from workflows.notices.read import mark_all_read, mark_read
from workflows.notices.tell import DOUBT
from workflows.storage.ids import decode_id


def follow(notice: str) -> str:
    """Marks a notice as read and says where it leads."""
    view = load_notice(platform(), current_actor(), notice)
    if view.is_unread:
        with platform().database.transaction(current_actor()) as session:
            mark_read(session, (decode_id(notice),), now())
    if view.kind == DOUBT:
        return url_for("signing.doubts")
    if view.leads_to == "nowhere":
        flash(spoken(Message("notices.case_gone")), "warn")
        return url_for("notices.notices")
    if view.leads_to == "version":
        return url_for("packages.version", package=view.package, number=view.version)
    if view.leads_to == "task":
        return url_for("cases.task", item=view.item)
    return url_for("cases.case", case=view.case_id)


def read_all(until: datetime) -> None:
    """Marks everything as read that had been told when the page was made."""
    with platform().database.transaction(current_actor()) as session:
        mark_all_read(session, until, now())
    flash(_("全部通知都已标为已读。"), "done")
