"""One work item: loading it, completing it, and every way that can go wrong."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.cases import submissions, task_page
from webapp.cases.submissions import Files, Posted, Submission
from webapp.pages import occurred
from webapp.pages.formats import titled
from webapp.pages.now import now, platform
from webapp.security import current_actor
from workflows.cases.complete_task import Completed, CompleteTask, complete_task
from workflows.cases.queries.records import InboxRow, TaskPage, Titles
from workflows.cases.queries.task_form import load_task_form
from workflows.cases.queries.task_page import load_task_page
from workflows.errors import (
    ConflictError,
    FengqiaoError,
    InvalidFormError,
    InvalidInputError,
    ProcessFaultError,
    RuleError,
)

Answer = str | Response | tuple[str, int]


def load(item: str) -> TaskPage:
    """The item with its form, for the actor."""
    return load_task_page(platform(), current_actor(), item)


def complete(item: str, posted: Posted, files: Files) -> Answer:
    """Completes the item and goes on with the case; else the page again, nothing lost."""
    asked = load_task_form(platform(), item)
    sent = submissions.read(asked.form, posted, files)
    if sent.action:
        return task_page.render(load(item), sent.raw, refusal=sent.refusal, page=sent.page)
    try:
        sent.check()
        done = complete_task(platform(), current_actor(), _command(item, sent))
    except (InvalidFormError, InvalidInputError, RuleError) as wrong:
        return _again(item, sent, wrong), 422
    except (ConflictError, ProcessFaultError) as conflict:
        return _again(item, sent, conflict), 409
    return go_on(asked.title, done)


def go_on(title: Titles, done: Completed) -> Response:
    """To the case, saying what was sent and what comes next."""
    sent = _("已提交：%(title)s。", title=titled(title))
    username = current_actor().username
    following = next((row for row in done.tasks if _is_mine(row, username)), None)
    if following is not None:
        link = Markup('<a href="{}">{}</a>').format(
            url_for("cases.task", item=following.id), titled(following.title)
        )
        flash(Markup("{} {}{}").format(sent, _("下一步："), link), "done")
    else:
        link = Markup('<a href="{}">{}</a>').format(url_for("inbox.next_task"), _("办下一件"))
        flash(Markup("{} {}").format(sent, link), "done")
    return redirect(url_for("cases.case", case=done.case), 303)


def _is_mine(row: InboxRow, username: str) -> bool:
    return row.assignee == username or (row.assignee is None and "complete" in row.may)


def _command(item: str, sent: Submission) -> CompleteTask:
    return CompleteTask(
        item=item,
        revision=sent.revision,
        raw=sent.raw,
        occurred_at=occurred.read(sent.page, now()),
        late_reason=occurred.read_reason(sent.page),
        idempotency_key=sent.key or None,
    )


def _again(item: str, sent: Submission, refusal: FengqiaoError) -> str:
    """The page as the item stands now, with what was typed and why it came back."""
    return task_page.render(load(item), sent.raw, refusal=refusal, page=sent.page)
