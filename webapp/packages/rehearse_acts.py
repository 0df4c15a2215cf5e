"""Acts of a rehearsal: what was sent → one step more or less of the walk → the page again.

A refusal changes nothing: the page returns with what was typed and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.packages import rehearse_inputs, rehearse_page, rehearse_walk
from webapp.packages.rehearse_inputs import Chosen, Posted
from webapp.packages.rehearse_page import Typed
from webapp.packages.rehearse_walk import Asked, Walk
from webapp.pages.kept import examined
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.errors import (
    ConflictError,
    FengqiaoError,
    FieldError,
    InvalidFormError,
    NotVisibleError,
    ProcessFaultError,
    RuleError,
    StaleRevisionError,
)
from workflows.messages import Message
from workflows.rollout.scenarios import rehearsal, rehearsal_rows, rehearsal_tasks, rehearsal_view
from workflows.rollout.scenarios.rehearsal_forms import read_data
from workflows.rollout.scenarios.run_scenario import WITHDRAW

Answer: TypeAlias = Response | str | tuple[str, int]
Content: TypeAlias = rehearsal.Content
CONFLICTS = (ConflictError, NotVisibleError, ProcessFaultError)
"""Refusals that are nobody's typing mistake."""


def start(package: str, number: int, chosen: Chosen, posted: Posted) -> Answer:
    """Begins the walk with its start form."""

    def begin(walk: Walk, asked: Asked, raw: Mapping[str, Any]) -> Content:
        person, stand = asked.person, walk.stand
        data = read_data(stand, asked.real, None, raw, person.who)
        form = asked.start.name if asked.start is not None else ""
        return rehearsal.begin_walk(stand.world.now, person.who, person.unit, form, data)

    return _submit(package, number, chosen, posted, begin)


def complete(package: str, number: int, chosen: Chosen, posted: Posted) -> Answer:
    """Completes an open task."""

    def step(walk: Walk, asked: Asked, raw: Mapping[str, Any]) -> Content:
        who, stand = asked.person.who, walk.stand
        if asked.task is None:
            raise NotVisibleError("rollout.rehearsal_task_gone")
        stand.world.look_at(asked.task.package)
        data = read_data(stand, asked.real, asked.run, raw, who)
        written = rehearsal_tasks.step_of(stand.world, asked.task, who, data)
        return rehearsal.add(stand.content, written)

    return _submit(package, number, chosen, posted, step)


def _submit(
    package: str,
    number: int,
    chosen: Chosen,
    posted: Posted,
    make: Callable[[Walk, Asked, Mapping[str, Any]], Content],
) -> Answer:
    """What both forms have in common. A page that is older than the walk is refused with what was
    typed, where the form is still there."""
    walk, revision = rehearse_walk.load(package, number), rehearse_inputs.read_revision(posted)
    raw: Mapping[str, Any] = {}
    try:
        asked = rehearse_walk.find_asked(walk, chosen)
        if asked is None:
            raise StaleRevisionError("rollout.rehearsal_stale")
        sent = rehearse_inputs.read_form(asked.form, posted)
        raw = sent.raw
        if sent.action:
            return rehearse_page.render(walk, chosen, Typed(form=raw))
        _check_revision(walk, revision)
        content = make(walk, asked, raw)
        return _go_on(walk, content, revision)
    except InvalidFormError as wrong:
        return rehearse_page.render(walk.anew(), chosen, Typed(form=raw, errors=wrong.errors)), 422
    except FengqiaoError as refused:
        return _refused(package, number, chosen, refused, Typed(form=raw))


def advance(package: str, number: int, posted: Posted) -> Answer:
    """Lets time pass: a day, a week, until the next time limit, or a number of days."""

    def step(walk: Walk) -> Content:
        by = _how_long(walk, posted)
        written = {"advance": rehearsal_view.duration_text(by)}
        return rehearsal.add(walk.stand.content, written)

    return _act(package, number, posted, step, Typed(days=posted.get("days", "")[:10]))


def _how_long(walk: Walk, posted: Posted) -> timedelta:
    way = posted.get("by", "days")
    if way in ("1", "7"):
        return timedelta(days=int(way))
    if way != "next":
        return rehearse_inputs.read_days(posted)
    clocks = rehearsal_view.list_clocks(walk.stand)
    if not clocks:
        raise RuleError("rollout.rehearsal_no_clock")
    return rehearsal_view.until(walk.stand, clocks[0].due)


def bring(package: str, number: int, posted: Posted) -> Answer:
    """A message from outside, or the parties' withdrawal."""
    sent = rehearse_inputs.read_message(posted)

    def step(walk: Walk) -> Content:
        written: dict[str, Any] = {"message": sent.name, "payload": sent.payload}
        if sent.name == walk.package.manifest.key + WITHDRAW:
            people = rehearsal_view.view(walk.stand).withdrawers
            written["as"] = rehearse_walk.pick(people, sent.who).who
        elif sent.name not in rehearsal_tasks.waited_for(walk.stand.world):
            why = Message("rollout.rehearsal_message", {})
            raise InvalidFormError([FieldError("/name", why)])
        return rehearsal.add(walk.stand.content, written)

    return _act(package, number, posted, step, Typed(message=sent))


def undo(package: str, number: int, posted: Posted) -> Answer:
    """Takes the last step back."""
    walk, revision = rehearse_walk.load(package, number), rehearse_inputs.read_revision(posted)
    try:
        rehearse_walk.save(walk, rehearsal.back(walk.stand) or {}, revision)
    except StaleRevisionError as stale:
        return _refused(package, number, Chosen(), stale, Typed())
    flash(_("已退回一步。"), "done")
    return _to_page(walk)


def again(package: str, number: int, posted: Posted) -> Answer:
    """Forgets the walk."""
    walk, revision = rehearse_walk.load(package, number), rehearse_inputs.read_revision(posted)
    try:
        rehearsal_rows.drop_rehearsal(platform(), current_actor(), walk.loaded, revision)
    except StaleRevisionError as stale:
        return _refused(package, number, Chosen(), stale, Typed())
    flash(_("已清空，可以从头再走。"), "done")
    return _to_page(walk)


def keep(package: str, number: int, posted: Posted) -> Answer:
    """The walk as a scenario: of a new draft, or as a file."""
    walk, sent = rehearse_walk.load(package, number), rehearse_inputs.read_keep(posted)
    try:
        if sent.way == "file":
            return _file(walk, sent)
        notes = _("演练留下的场景：%(title)s", title=sent.title)
        command = rehearsal_rows.KeepScenario(sent.name, sent.title, notes)
        drafted = rehearsal_rows.keep_scenario(
            platform(), current_actor(), walk.loaded, walk.stand, command, examined
        )
    except InvalidFormError as wrong:
        typed = Typed(keep=sent, errors=wrong.errors)
        return rehearse_page.render(walk, Chosen(), typed), 422
    except RuleError as refused:
        return _refused(package, number, Chosen(), refused, Typed(keep=sent))
    n = drafted.version.number
    flash(_("场景已存入第 %(n)s 版草稿。", n=n), "done")
    return redirect(url_for("packages.version", package=walk.loaded.package, number=n), 303)


def _file(walk: Walk, sent: rehearse_inputs.SentKeep) -> Response:
    name, title = rehearsal_rows.check_names(walk.loaded.source, sent.name, sent.title)
    content = rehearsal.finish(walk.stand, title)
    answer = FlaskResponse(content, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


def _act(
    package: str, number: int, posted: Posted, step: Callable[[Walk], Content], typed: Typed
) -> Answer:
    walk, revision = rehearse_walk.load(package, number), rehearse_inputs.read_revision(posted)
    try:
        _check_revision(walk, revision)
        if not walk.is_begun:
            raise RuleError("rollout.not_case")
        return _go_on(walk, step(walk), revision)
    except InvalidFormError as wrong:
        typed = typed.wrong(wrong.errors)
        return rehearse_page.render(walk.anew(), Chosen(), typed), 422
    except FengqiaoError as refused:
        return _refused(package, number, Chosen(), refused, typed)


def _check_revision(walk: Walk, revision: int) -> None:
    if walk.stand.refusal is not None:
        raise RuleError("rollout.rehearsal_broken")
    if walk.loaded.revision != revision:
        raise StaleRevisionError("rollout.rehearsal_stale")


def _go_on(walk: Walk, content: Content, revision: int) -> Answer:
    """Walks the new content from its beginning: what is stored is what a scenario would do. Raises
    what its last step is refused with."""
    if walk.is_begun:
        rehearsal.take(walk.stand, rehearsal.parse_step(content["steps"][-1]))
        stand = walk.stand
    else:
        stand = rehearsal.walk_again(walk.package, walk.others, content)
        if stand.refusal is not None:
            raise stand.refusal
    rehearse_walk.save(walk, content, revision)
    flash(rehearse_page.sentence(stand.happened[-1]), "done")
    return _to_page(walk)


def _refused(
    package: str, number: int, chosen: Chosen, refused: FengqiaoError, typed: Typed
) -> tuple[str, int]:
    """The page as the walk stands now, with what was typed and why it came back."""
    status = 409 if isinstance(refused, CONFLICTS) else 422
    walk = rehearse_walk.load(package, number)
    return rehearse_page.render(walk, chosen, typed.refused(refused.message)), status


def _to_page(walk: Walk) -> Response:
    path = {"package": walk.loaded.package, "number": walk.loaded.number}
    return redirect(url_for("packages.rehearse", **path), 303)
