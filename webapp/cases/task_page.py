"""A `TaskPage` record, and what was typed → the form page of one work item."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp.cases.known import known
from webapp.forms.render import error_links, render_form
from webapp.pages import occurred
from webapp.pages.formats import data, moment, spoken, titled
from webapp.pages.language import current_language
from webapp.pages.layout import render_page
from webapp.pages.markdown import render_markdown
from webapp.pages.now import today
from workflows.cases.queries.records import TaskPage
from workflows.cases.save_draft import DraftConflictError
from workflows.errors import (
    AlreadyDoneError,
    FengqiaoError,
    FieldError,
    InvalidFormError,
    StaleRevisionError,
)

OCCURRED = "cases.occurred"
"""How codes about the time of an act begin: said beside its inputs, not above the form."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happened meanwhile, and what the reader can do."""

    heading: str
    sentence: str
    way_on: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Why the form cannot be filled in."""

    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template reads besides the record itself."""

    form: Markup
    key: str
    may_complete: bool
    submit_words: Markup
    instructions: Markup
    previews: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    closed: Closed | None = None
    conflict: Conflict | None = None
    errors: tuple[tuple[str, str], ...] = ()
    occurred: occurred.Occurred = field(default_factory=occurred.Occurred)


def render(
    task: TaskPage,
    raw: Mapping[str, Any] | None = None,
    *,
    refusal: FengqiaoError | None = None,
    page: Mapping[str, str] | None = None,
) -> str:
    """The page. `raw`: what was typed, None when it is opened; `page`: its own inputs."""
    shown = show(task, raw, refusal=refusal, page=page or {})
    return render_page("cases/task.html", task=task, shown=shown)


def render_presence(task: TaskPage) -> str:
    """Only the line about others who have the form open."""
    return render_page("cases/presence.html", task=task, shown=show(task, None))


def show(
    task: TaskPage,
    raw: Mapping[str, Any] | None,
    *,
    refusal: FengqiaoError | None = None,
    page: Mapping[str, str] | None = None,
) -> Shown:
    """The record in the words of the page."""
    wrong = refusal.errors if isinstance(refusal, InvalidFormError) else ()
    late = spoken(refusal.message) if refusal and _is_about_time(refusal) else ""
    may_complete = "complete" in task.row.may
    links = _links(task, wrong) + ((("_occurred_on", late),) if late else ())
    return Shown(
        form=_form(task, raw, wrong) if may_complete else Markup(""),
        key=secrets.token_urlsafe(12),
        may_complete=may_complete,
        submit_words=escape(_("提交：%(title)s")) % {"title": data(titled(task.row.title))},
        instructions=render_markdown(task.instructions),
        previews=tuple((kind, titled(title)) for kind, title in task.documents.items()),
        others=task.others,
        closed=None if may_complete else _closed(task),
        conflict=_conflict(refusal) if refusal and not links else None,
        errors=links,
        occurred=occurred.typed(page or {}, late),
    )


def _form(task: TaskPage, raw: Mapping[str, Any] | None, wrong: tuple[FieldError, ...]) -> Markup:
    if task.form is None:
        return Markup("<p>{}</p>").format(_("这一步没有要填的内容，办好后直接提交。"))
    values = raw if raw is not None else {**task.data, **(task.draft or {})}
    around = known(task.form, values, task.case.unit, task)
    return render_form(task.form, values, wrong, current_language(), known=around)


def _links(task: TaskPage, wrong: tuple[FieldError, ...]) -> tuple[tuple[str, str], ...]:
    return () if task.form is None else error_links(task.form, wrong, current_language())


def _is_about_time(refusal: FengqiaoError) -> bool:
    return refusal.message.code.startswith((OCCURRED, "web.date"))


def _closed(task: TaskPage) -> Closed:
    if task.row.state != "open":
        return Closed(_("这件待办已经办完了"), _("已经有人提交，不用再办。"))
    if task.row.assignee_name:
        return Closed(
            _("这件待办由别人承办"), _("承办人是 %(name)s。", name=task.row.assignee_name)
        )
    if "claim" in task.row.may:
        return Closed(_("先认领，再办理"), _("认领后由您承办，别人就不会重复办。"))
    return Closed(_("这件待办不归您的岗位办"), _("由%(role)s办理。", role=task.row.role))


def _conflict(refusal: FengqiaoError) -> Conflict:
    if isinstance(refusal, DraftConflictError):
        when = moment(refusal.at, today())
        return Conflict(
            _("草稿有两份"),
            _("%(name)s 在 %(when)s 也存过草稿。", name=refusal.by, when=when),
            _("这一页是您写的内容，再存一次就以您的为准；不想盖掉，就先打开新页看看。"),
        )
    if isinstance(refusal, AlreadyDoneError):
        return Conflict(
            _("有人先办了一步"),
            spoken(refusal.message),
            _("您写的没有提交，也没有改动案件。需要的话，请先抄下来。"),
        )
    if isinstance(refusal, StaleRevisionError):
        return Conflict(
            _("这件待办刚刚变动过"),
            spoken(refusal.message),
            _("您写的都还在这一页。核对无误后，再提交一次就可以。"),
        )
    return Conflict(
        _("这次没有提交"), spoken(refusal.message), _("您写的都还在这一页，什么都没有改动。")
    )
