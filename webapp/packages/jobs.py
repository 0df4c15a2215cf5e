"""What pages of long orders have in common: the words of their states, acts on them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.pages.formats import spoken
from workflows.errors import ConflictError


def states() -> dict[str, str]:
    """State of an order → its words."""
    return {"open": _("正在进行"), "stopped": _("已停止"), "done": _("已完成")}


def act(do: Callable[[], None], done: str, back: Response) -> Response:
    """Does it and says so, or says why it cannot be done any more; then `back`."""
    try:
        do()
    except ConflictError as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(done, "done")
    return back


def to_job(endpoint: str, package: str, number: int, job: str) -> Response:
    """The page of an order of this version."""
    return redirect(url_for(endpoint, package=package, number=number, job=job), 303)
