"""Acts that need a reason: on a case, on a clock, giving a task back. One page for all of them.

What an act means and who may do it is decided in `workflows.cases`; here stand its words and what
it asks for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.cases import acts
from webapp.cases.acts import Input
from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import check_text, current_actor
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.queries.records import CasePage, TaskPage
from workflows.cases.queries.task_page import load_task_page
from workflows.errors import (
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)

Answer: TypeAlias = str | Response | tuple[str, int]
Doing: TypeAlias = Callable[[Mapping[str, str], str], object]
LONGEST = 2000
REFUSALS = (InvalidFormError, InvalidInputError, RuleError, StaleRevisionError)


@dataclass(frozen=True, slots=True)
class Asking:
    """An act about to be done to one thing: its words, its inputs, where to go back to."""

    words: acts.Words
    inputs: tuple[Input, ...]
    url: str
    back_url: str
    back_words: str
    number: str
    case_title: str
    do: Doing
    done: str
    case: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template reads."""

    asking: Asking
    inputs: tuple[Input, ...]
    key: str
    errors: tuple[tuple[str, str], ...]


def ask_case(case: str, act: str) -> str:
    """The page that asks for what an act on a case needs."""
    return _render(_on_case(case, act))


def do_case(case: str, act: str, form: Mapping[str, str]) -> Answer:
    """Does it."""
    return _do(_on_case(case, act), form)


def ask_clock(case: str, clock: str, act: str) -> str:
    """The page that asks why a clock shall pause, go on, or be extended."""
    return _render(_on_clock(case, clock, act))


def do_clock(case: str, clock: str, act: str, form: Mapping[str, str]) -> Answer:
    """Does it."""
    return _do(_on_clock(case, clock, act), form)


def ask_return(item: str) -> str:
    """The page that asks why a work item goes back."""
    return _render(_on_task(item))


def do_return(item: str, form: Mapping[str, str]) -> Answer:
    """Does it."""
    return _do(_on_task(item), form)


def _on_case(case: str, act: str) -> Asking:
    found = load_case_page(platform(), current_actor(), case)
    name = act.replace("-", "_")
    if name not in acts.CASE_ACTS:
        raise NotVisibleError("web.no_such_page")
    if name not in found.may:
        raise ForbiddenError("web.act_not_possible")
    words, inputs = acts.CASE_ACTS[name](found)
    url = url_for("cases.do_case_act", case=case, act=act)
    return _of_case(found, words, inputs, url, acts.case_doing(name, found))


def _on_clock(case: str, clock: str, act: str) -> Asking:
    found = load_case_page(platform(), current_actor(), case)
    view = next((one for one in found.clocks if one.id == clock), None)
    if view is None or act not in acts.CLOCK_ACTS:
        raise NotVisibleError("web.no_such_page")
    if act not in view.may:
        raise ForbiddenError("web.act_not_possible")
    words, inputs = acts.CLOCK_ACTS[act](view, found.parties)
    url = url_for("cases.do_clock_act", case=case, clock=clock, act=act)
    return _of_case(found, words, inputs, url, acts.clock_doing(act, clock, found.parties))


def _on_task(item: str) -> Asking:
    task: TaskPage = load_task_page(platform(), current_actor(), item)
    if "return" not in task.row.may:
        raise ForbiddenError("web.act_not_possible")
    words, inputs = acts.returning()
    return Asking(
        words=words,
        inputs=inputs,
        url=url_for("cases.do_return_task", item=item),
        back_url=url_for("cases.task", item=item),
        back_words=_("返回这件待办"),
        number=task.case.number,
        case_title=task.case.title,
        do=acts.return_doing(item, task.row.revision),
        done=url_for("inbox.inbox"),
        case=task.case.id,
    )


def _of_case(
    case: CasePage, words: acts.Words, inputs: tuple[Input, ...], url: str, do: Doing
) -> Asking:
    back = url_for("cases.case", case=case.id)
    return Asking(
        words=words,
        inputs=inputs,
        url=url,
        back_url=back,
        back_words=_("返回案件"),
        number=case.number,
        case_title=case.title,
        do=do,
        done=back,
        case=case.id,
    )


def _do(asking: Asking, form: Mapping[str, str]) -> Answer:
    typed = {one.name: _typed(form, one.name) for one in asking.inputs}
    missing = {
        one.name: one.missing for one in asking.inputs if not one.optional and not typed[one.name]
    }
    if missing:
        return _render(asking, typed, missing), 422
    try:
        asking.do(typed, check_text(form.get("_key", ""))[:100])
    except REFUSALS as refused:
        return _render(asking, typed, _said(asking, refused)), 422
    flash(asking.words.done, "done")
    return redirect(_way_on(asking), 303)


def _way_on(asking: Asking) -> str:
    """Where to go when it is done: the list, where the actor has lost sight of the case."""
    if asking.words.may_hide and not _still_seen(asking):
        return url_for("cases.list_cases")
    return asking.done


def _still_seen(asking: Asking) -> bool:
    query = CasesQuery(q=asking.number, page_size=10)
    found = list_cases(platform(), current_actor(), query)
    return any(row.id == asking.case for row in found.rows)


def _typed(form: Mapping[str, str], name: str) -> str:
    return check_text(form.get(name, "").strip())[:LONGEST]


def _said(asking: Asking, refused: Exception) -> dict[str, str]:
    """Input name → sentence. What names no input stands at the first one."""
    names = {one.name for one in asking.inputs}
    first = asking.inputs[0].name
    if isinstance(refused, InvalidFormError):
        found = [(error.path.lstrip("/"), spoken(error.message)) for error in refused.errors]
        return {name if name in names else first: sentence for name, sentence in found}
    assert isinstance(refused, InvalidInputError | RuleError | StaleRevisionError)
    return {first: spoken(refused.message)}


def _render(
    asking: Asking,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> str:
    wrong, typed = wrong or {}, typed or {}
    inputs = tuple(
        replace(one, value=typed.get(one.name, one.value), error=wrong.get(one.name, ""))
        for one in asking.inputs
    )
    errors = tuple((one.name, one.error) for one in inputs if one.error)
    shown = Shown(asking, inputs, secrets.token_urlsafe(12), errors)
    return render_page("cases/reason.html", shown=shown)
