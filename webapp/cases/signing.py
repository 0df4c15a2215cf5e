"""The buttons of a signature field: keep what was typed, then on to the pad or the QR picture."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from webapp.cases import submissions, task_page, tasks
from webapp.cases.submissions import Files, Posted
from webapp.pages.now import platform
from webapp.pdf.answers import renderer
from webapp.security import current_actor
from workflows.cases.save_draft import SaveDraft, save_draft
from workflows.cases.signature_tables import TABLE
from workflows.errors import ConflictError, InvalidInputError, RuleError
from workflows.signing.ask import AskSignature, ask_signature, withdraw_signature

Answer = str | Response | tuple[str, int]
BUTTON, AGAIN = "_sign", "again"


def start(item: str, posted: Posted, files: Files) -> Answer:
    """To the pad on this device, to the QR picture, or back without the signature; a refusal
    comes back with the form as it was typed."""
    task = tasks.load(item)
    sent = submissions.read(task.form, posted, files)
    way, _, field = posted.get(BUTTON, "").partition(":")
    try:
        save_draft(platform(), current_actor(), SaveDraft(item, sent.raw, sent.draft_revision))
        if way == AGAIN:
            withdraw_signature(platform(), current_actor(), item, field)
            return redirect(url_for("cases.task", item=item), 303)
        command = AskSignature(item, field, way)
        asked = ask_signature(platform(), current_actor(), renderer(), command)
    except (RuleError, InvalidInputError) as wrong:
        return task_page.render(tasks.load(item), sent.raw, refusal=wrong, page=sent.page), 422
    except ConflictError as conflict:
        return task_page.render(tasks.load(item), sent.raw, refusal=conflict, page=sent.page), 409
    if way == TABLE:
        return redirect(url_for("signing.paper", token=asked.token), 303)
    return redirect(url_for("signing.link", signature=asked.id), 303)
