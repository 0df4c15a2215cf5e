"""Acts on other people's work and posts, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from webapp.pages.formats import spoken
from webapp.pages.now import platform, today
from webapp.people import inputs, page
from webapp.people.inputs import Progress
from webapp.security import current_actor
from workflows.cases.handover import HandOver, hand_over
from workflows.cases.queries.desk import load_desk
from workflows.errors import ForbiddenError, InvalidFormError, RuleError
from workflows.organisation.posts import end_post
from workflows.storage.ids import decode_id

Answer = str | Response | tuple[str, int]


def hand(username: str, form: Mapping[str, str]) -> Answer:
    """One chunk; the next page goes on, or says how it ended."""
    found = load_desk(platform(), current_actor(), username)
    try:
        command = inputs.read_hand_over(username, form)
    except InvalidFormError as wrong:
        said = spoken(wrong.errors[0].message)
        return page.desk(found, inputs.read_choice(form), form, said), 422
    before = inputs.read_progress(form)
    step = hand_over(platform(), current_actor(), command)
    progress = Progress(
        before.done + step.done,
        before.refused + step.refused,
        before.total or found.movable(command.to),
    )
    if step.after is not None:
        return page.handing(found, command, progress, step.after)
    _say(command, progress)
    return redirect(url_for("people.handover", username=username), 303)


def end(username: str, post: str, form: Mapping[str, str]) -> Response:
    """Ends a post on a day."""
    last_on = inputs.read_last_day(form)
    try:
        with platform().database.transaction(current_actor()) as session:
            end_post(session, decode_id(post), username, last_on, today())
    except (RuleError, ForbiddenError) as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已记下离岗日期，手头的待办请在这里移交。"), "done")
    return redirect(url_for("people.handover", username=username), 303)


def _say(command: HandOver, progress: Progress) -> None:
    count = progress.done
    if command.to is None:
        flash(ngettext("已退回待认领 %(num)s 件。", "已退回待认领 %(num)s 件。", count), "done")
    else:
        flash(ngettext("已移交 %(num)s 件。", "已移交 %(num)s 件。", count), "done")
    if progress.refused:
        flash(
            ngettext(
                "有 %(num)s 件没有移交：别人先动过了，请核对。",
                "有 %(num)s 件没有移交：别人先动过了，请核对。",
                progress.refused,
            ),
            "warn",
        )
