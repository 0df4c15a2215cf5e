"""Acts on volumes: each says what it did, or why it could not, on the page it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.pages.returns import safe_return
from webapp.security import current_actor
from webapp.volumes import inputs, page
from workflows.errors import ConflictError, InvalidInputError, RuleError
from workflows.volumes import archive, hold, order, review


def make(case: str, run: str, form: Mapping[str, str]) -> AnyResponse:
    """Orders a volume; the page shows how far it is."""
    command = order.OrderVolume(run, inputs.read_retention(form))

    def do() -> None:
        order.order_volume(platform(), current_actor(), command)

    return _done(
        do, _("已开始组卷，页面会显示进度。"), url_for("volumes.volume", case=case, run=run)
    )


def accept(volume: str, form: Mapping[str, str]) -> AnyResponse:
    """Takes a volume in."""

    def do() -> None:
        chosen = inputs.read_retention(form)
        archive.accept_volume(platform(), current_actor(), volume, chosen)

    return _done(do, _("已接收归档。"), _back())


def place_hold(case: str, form: Mapping[str, str]) -> Response | AnyResponse:
    """Puts a case on hold; without a reason the page comes back and says so."""
    reason = inputs.read_reason(form)
    try:
        hold.place_hold(platform(), current_actor(), case, reason)
    except InvalidInputError as refused:
        address = inputs.Address(None, None)
        return page.render(case, address, error=("reason", spoken(refused.message)))
    except ConflictError as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("已暂停销毁本案材料。"), "done")
    return redirect(_back(), 303)


def lift_hold(case: str) -> AnyResponse:
    """Ends a hold."""
    return _done(
        lambda: hold.lift_hold(platform(), current_actor(), case), _("已解除暂停销毁。"), _back()
    )


def score(case: str, volume: str, form: Mapping[str, str]) -> Response | AnyResponse:
    """Stores a score sheet; with an item left out the page comes back with what was typed."""
    points, note = inputs.read_points(form), inputs.read_note(form)
    try:
        review.review_volume(platform(), current_actor(), volume, points, note)
    except InvalidInputError as refused:
        wrong = next(
            (one.key for one in review.items() if not 0 <= points.get(one.key, -1) <= one.points),
            "",
        )
        said = spoken(refused.message)
        return page.render(
            case,
            inputs.Address(None, None),
            typed=dict(form),
            error=(f"{inputs.POINTS}{wrong}", said),
        )
    except RuleError as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(_("评分已保存。"), "done")
    return redirect(_back(), 303)


def _done(do: Callable[[], None], words: str, back: str) -> AnyResponse:
    try:
        do()
    except (ConflictError, RuleError, InvalidInputError) as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(words, "done")
    return redirect(back, 303)


def _back() -> str:
    return safe_return(request.form.get("next"))
