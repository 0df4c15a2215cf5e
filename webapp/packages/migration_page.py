"""Records of orders to move cases → what the template shows."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from webapp.packages.jobs import states
from webapp.packages.migration_inputs import Shown
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.rollout.migration.view import JobPage, load_moving_page

STYLES = {"waiting": "plain", "can": "done", "moved": "done", "stays": "warn", "reverted": "plain"}
"""Verdict → style of its tag."""


def verdicts() -> dict[str, str]:
    """Verdict → its words."""
    return {
        "waiting": _("等待处理"),
        "can": _("可以迁移"),
        "moved": _("已迁移"),
        "stays": _("留在原版本"),
        "reverted": _("已恢复"),
    }


def render(package: str, number: int, shown: Shown, error: str = "") -> str:
    """The page. Raises NotVisibleError, ForbiddenError."""
    found = load_moving_page(
        platform(), current_actor(), package, number, job=shown.job or None, after=shown.after
    )
    return render_page(
        "packages/migrate.html",
        page=found,
        shown=found.shown,
        job=found.shown.job if found.shown else None,
        next_url=_next(package, number, found.shown),
        verdicts=verdicts(),
        styles=STYLES,
        states=states(),
        error=error,
    )


def _next(package: str, number: int, shown: JobPage | None) -> str | None:
    if shown is None or shown.next is None:
        return None
    path = {"package": package, "number": number, "job": shown.job.id}
    return url_for("packages.moving", **path, after=shown.next)
