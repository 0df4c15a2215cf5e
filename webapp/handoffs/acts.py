"""Acts on letters: sending again, writing an answer down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.wrappers import Response

from webapp.handoffs import inputs, page
from webapp.pages import occurred
from webapp.pages.entries import filled
from webapp.pages.formats import spoken
from webapp.pages.now import now, platform
from webapp.security import check_text, current_actor
from workflows.cases import files
from workflows.errors import (
    FengqiaoError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    RuleError,
)
from workflows.handoffs import by_hand
from workflows.handoffs import resend as sending
from workflows.handoffs.queries.letters import LetterPage, load_letter

Answer: TypeAlias = Response | tuple[str, int]
OCCURRED_CODES = ("cases.occurred", "web.date")
"""Refusals about the moment; they stand beside its inputs."""


def resend(letter: str) -> None:
    """Sends again; a letter that has arrived meanwhile is a sentence, no error page."""
    try:
        sending.resend(platform(), current_actor(), letter)
    except (ForbiddenError, RuleError) as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已重新发送，稍后刷新可以看到是否送达。"), "done")


def answer(
    letter: str, form: ImmutableMultiDict[str, str], sent: ImmutableMultiDict[str, FileStorage]
) -> Answer:
    """Writes a paper answer down, or returns the page with what is wrong."""
    found = load_letter(platform(), current_actor(), letter)
    if "answer" not in found.letter.may:
        raise ForbiddenError("web.act_not_possible")
    scans = inputs.read_scans(form)
    if "_action" in form:
        return _again(found, form, scans, {}), 200
    try:
        uploads = sent.getlist(f"{inputs.SCAN}.upload")
        scans += tuple(_keep(one) for one in uploads[: inputs.MOST_SCANS] if one.filename)
        command = inputs.read_answer(letter, form, scans, now())
        by_hand.record_answer(platform(), current_actor(), command)
    except (InvalidFormError, InvalidInputError, RuleError) as refused:
        return _again(found, form, scans, _said(refused)), 422
    flash(_("已记下对方的答复。"), "done")
    return redirect(page.letter_url(letter), 303)


def _again(
    found: LetterPage, form: Mapping[str, str], scans: tuple[str, ...], wrong: dict[str, str]
) -> str:
    """The page with what was typed, and each sentence where it belongs."""
    about_time = wrong.pop("occurred", "")
    typed = {name: form.get(name, "") for name in ("outcome", "reason", "note")}
    errors = [*wrong.items(), *([("occurred-error", about_time)] if about_time else [])]
    return page.render_letter(
        found,
        filled(page.answer_entries(), typed, wrong),
        scans,
        occurred.typed(form, about_time),
        tuple(errors),
    )


def _keep(upload: FileStorage) -> str:
    name = check_text(upload.filename or "")
    kind = upload.mimetype or "application/octet-stream"
    command = files.Upload(upload.stream, name, kind)
    return files.upload(platform(), current_actor(), command).id


def _said(refused: FengqiaoError) -> dict[str, str]:
    """Input name → sentence; what names no input stands at the first one."""
    if isinstance(refused, InvalidFormError):
        names: Sequence[str] = ("outcome", "reason", "note")
        found = {error.path.lstrip("/"): spoken(error.message) for error in refused.errors}
        return {name if name in names else "outcome": words for name, words in found.items()}
    where = "occurred" if refused.message.code.startswith(OCCURRED_CODES) else "outcome"
    return {where: spoken(refused.message)}
