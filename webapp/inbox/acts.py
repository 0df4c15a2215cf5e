"""Acts on items of the inbox, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from webapp.pages.formats import data, spoken, titled
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import check_text, current_actor
from workflows.cases import claim_task
from workflows.cases.claim_task import BulkAnswer, BulkCommand, ItemCommand
from workflows.cases.queries.records import InboxRow
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError, RuleError
from workflows.messages import Message

MOST_REFUSALS_SHOWN = 5


def claim(item: str, revision: int) -> None:
    """Takes one item; a colleague who was faster is not an error page but a sentence."""
    try:
        row = claim_task.claim(platform(), current_actor(), ItemCommand(item, revision))
    except (ConflictError, ForbiddenError, RuleError) as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已认领：%(title)s。", title=titled(row.title)), "done")


def release(item: str, revision: int) -> None:
    """Gives one item back."""
    try:
        row = claim_task.release(platform(), current_actor(), ItemCommand(item, revision))
    except (ConflictError, ForbiddenError, RuleError) as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已退回待认领：%(title)s。", title=titled(row.title)), "done")


def bulk(command: BulkCommand) -> None:
    """One act on many; says how many went well, and for the others why not."""
    answers = claim_task.bulk(platform(), current_actor(), command)
    done = [answer.row for answer in answers if answer.row is not None]
    if done:
        flash(_said(command.action, done), "done")
    refused = [answer for answer in answers if answer.refusal is not None]
    if refused:
        flash(_refusals(refused), "warn")


def ask_reason(items: Sequence[str], back: str, problem: Message | None = None) -> str:
    """The page that asks why the items go back; with what was wrong about the reason."""
    error = spoken(problem) if problem else ""
    return render_page("inbox/hand_back.html", items=items, back=back, error=error)


def choose_person(items: Sequence[str], back: str) -> str:
    """The page that asks to whom the items shall go: everybody who may do the first of them.

    Whether a person may do the others is checked for each one when they are handed over.
    """
    people = claim_task.list_assignable(platform(), current_actor(), items[0])
    chosen = [person for person in people if person.username]
    return render_page("inbox/assign.html", items=items, people=chosen, back=back)


def read_person(form: Mapping[str, str]) -> str:
    """The username chosen; InvalidInputError for none."""
    username = check_text(form.get("to", "").strip())[:80]
    if not username:
        raise InvalidInputError("web.choose_person")
    return username


def _said(action: str, rows: Sequence[InboxRow]) -> str:
    count = len(rows)
    if action == "claim":
        return ngettext("已认领 %(num)s 件。", "已认领 %(num)s 件。", count)
    if action == "return":
        return ngettext("已退回 %(num)s 件。", "已退回 %(num)s 件。", count)
    name = rows[0].assignee_name or ""
    return ngettext(
        "已把 %(num)s 件转交给 %(name)s。", "已把 %(num)s 件转交给 %(name)s。", count, name=name
    )


def _refusals(refused: Sequence[BulkAnswer]) -> Markup:
    count = ngettext("有 %(num)s 件没有办成：", "有 %(num)s 件没有办成：", len(refused))
    reasons = dict.fromkeys(spoken(a.refusal) for a in refused if a.refusal is not None)
    shown = [data(reason) for reason in list(reasons)[:MOST_REFUSALS_SHOWN]]
    return escape(count) + Markup(" ").join(shown)
