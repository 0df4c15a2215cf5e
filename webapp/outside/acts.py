"""Acts on outside lists: what was sent → use case → where to go, or the page with what is wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import TypeAlias

from flask import flash, redirect, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.wrappers import Response

from webapp.outside import inputs, page, words
from webapp.pages.formats import spoken
from webapp.pages.now import platform, today
from webapp.security import current_actor
from workflows.errors import (
    AlreadyDoneError,
    FengqiaoError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    RuleError,
)
from workflows.outside import copying
from workflows.outside.apply import Applied, apply_file, retry_row, retry_waiting
from workflows.outside.export import export_cases
from workflows.outside.queries.row_page import load_row_page
from workflows.outside.row_acts import discard_file, dismiss_row, give_row
from workflows.outside.take_file import take_file
from workflows.outside.writers import FORMATS

Answer: TypeAlias = Response | str | tuple[str, int]
IN_MEMORY_BYTES = 2**20
"""A list that goes out is kept in memory so far, then in a temporary file."""


def take(form: ImmutableMultiDict[str, str], files: ImmutableMultiDict[str, FileStorage]) -> Answer:
    """Takes a file in and shows what would be done."""
    try:
        command = inputs.read_file(form, files)
        taken = take_file(platform(), current_actor(), page.systems(), command)
    except InvalidInputError as refused:
        return page.render_desk(spoken(refused.message)), 422
    if taken.is_known:
        flash(_("这份文件以前导入过，下面是上次的结果。"), "warn")
    return redirect(url_for("outside.file", file=taken.file), 303)


def apply(file: str) -> Response:
    """Writes what is sure."""
    done = apply_file(platform(), current_actor(), page.systems(), file)
    _tell(done)
    if done.left:
        flash(
            ngettext("还有 %(num)s 行，请继续写入。", "还有 %(num)s 行，请继续写入。", done.left),
            "warn",
        )
    return redirect(url_for("outside.file", file=file), 303)


def discard(file: str) -> Response:
    """Throws a preview away."""
    discard_file(platform(), current_actor(), file)
    flash(_("已弃用，文件内容已删除。"), "done")
    return redirect(url_for("outside.outside"), 303)


def retry_all() -> Response:
    """Looks again at everything that waits."""
    _tell(retry_waiting(platform(), current_actor(), page.systems()))
    return redirect(url_for("outside.rows", state="open"), 303)


def _tell(done: Applied) -> None:
    written = done.counts.get("written", 0)
    flash(ngettext("写入 %(num)s 个编号。", "写入 %(num)s 个编号。", written), "done")


def retry(row: str) -> Response:
    """Looks again at one row."""
    found = retry_row(platform(), current_actor(), page.systems(), row)
    tag = words.findings()[found]
    flash(_("已重新核对：%(found)s", found=tag.words), "done" if tag.style == "done" else "warn")
    return redirect(url_for("outside.row", row=row), 303)


def give(row: str, form: Mapping[str, str]) -> Answer:
    """Gives a row to a case."""
    command = inputs.read_give(row, form)
    try:
        if not command.case and not command.our_number:
            return _row_again(row, form, {"our_number": _("请选一件案子，或者写明受理号")})
        case = give_row(platform(), current_actor(), page.systems(), command)
    except (InvalidFormError, InvalidInputError, ForbiddenError) as refused:
        return _row_again(row, form, _said(refused, "our_number"))
    flash(_("已把编号记到这件案子。"), "done")
    return redirect(url_for("cases.case", case=case), 303)


def dismiss(row: str, form: Mapping[str, str]) -> Answer:
    """Puts a row aside."""
    try:
        dismiss_row(platform(), current_actor(), row, inputs.read_reason(form))
    except RuleError as refused:
        return _row_again(row, form, {"reason": spoken(refused.message)})
    flash(_("已搁置，可以随时重新核对。"), "done")
    return redirect(url_for("outside.rows", state="open"), 303)


def _row_again(row: str, form: Mapping[str, str], wrong: Mapping[str, str]) -> Answer:
    found = load_row_page(platform(), current_actor(), page.systems(), row)
    return page.render_row(found, form, wrong), 422


def export(form: Mapping[str, str]) -> Answer:
    """A file with the cases asked for."""
    # Kept whole until it is sent: a list that breaks off half-way must not look like one.
    target = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - sent, then closed
    try:
        query = inputs.read_export(form)
        system = page.systems().load(form.get("system", ""))
        export_cases(platform(), current_actor(), system, query, target)  # type: ignore[arg-type]
    except (InvalidInputError, RuleError, ForbiddenError) as refused:
        target.close()
        where = "reason" if isinstance(refused, RuleError) else "system"
        return page.render_export(form, {where: spoken(refused.message)}), 422
    target.seek(0)
    media_type, ending = FORMATS[query.format]
    name = f"{system.name}_{today().isoformat()}.{ending}"
    return send_file(target, mimetype=media_type, as_attachment=True, download_name=name)


def note_number(case: str, key: str, form: Mapping[str, str]) -> Answer:
    """The number received over there becomes a reference of the case."""
    system, typed = page.systems().load(key), inputs.read_number(form)
    try:
        number = copying.note_number(platform(), current_actor(), system, case, typed)
    except (InvalidFormError, ForbiddenError, AlreadyDoneError) as refused:
        found = copying.load_copy_page(platform(), current_actor(), system, case)
        return page.render_copy(found, system, typed=typed, wrong=_said(refused, "number")), 422
    flash(_("已记下编号 %(number)s。", number=number), "done")
    return redirect(url_for("outside.copy", case=case, system=key), 303)


def show_whole(case: str, key: str, form: Mapping[str, str]) -> Answer:
    """The copy page with whole ID numbers, for a reason that is kept."""
    system, reason = page.systems().load(key), inputs.read_reason(form)
    try:
        found = copying.show_whole(platform(), current_actor(), system, case, reason)
    except RuleError as refused:
        again = copying.load_copy_page(platform(), current_actor(), system, case)
        return page.render_copy(again, system, wrong={"reason": spoken(refused.message)}), 422
    return page.render_copy(found, system)


def _said(refused: FengqiaoError, first: str) -> dict[str, str]:
    """Input name → sentence."""
    if isinstance(refused, InvalidFormError):
        return {one.path.lstrip("/") or first: spoken(one.message) for one in refused.errors}
    return {first: spoken(refused.message)}
