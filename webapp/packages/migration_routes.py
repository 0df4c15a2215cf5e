"""Addresses of moving running cases to a version, and of how far that is."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.packages import migration_inputs, migration_page
from webapp.packages.blueprint import blueprint
from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.errors import ConflictError, InvalidInputError
from workflows.rollout.migration import orders

PAGE = "/packages/<package>/versions/<int:number>/migrate"


@blueprint.get(PAGE)
@access("ability:publish")
def moving(package: str, number: int) -> str:
    """Choose a version to move from; the newest order with its verdicts."""
    return migration_page.render(package, number, migration_inputs.read_shown(request.args))


@blueprint.post(PAGE)
@access("ability:publish")
def move(package: str, number: int) -> Response | tuple[str, int]:
    """Tries it out, or moves all that can go or the chosen ones."""
    try:
        order = migration_inputs.read_order(package, number, request.form)
        job = orders.order_migration(platform(), current_actor(), order)
    except (InvalidInputError, ConflictError) as refused:
        shown = migration_inputs.Shown(request.form.get("job", "")[:13], None)
        return migration_page.render(package, number, shown, spoken(refused.message)), 422
    return _back(package, number, job)


@blueprint.post(f"{PAGE}/<job>/stop")
@access("ability:publish")
def stop_moving(package: str, number: int, job: str) -> Response:
    """No further case is moved."""
    done = _("已停止，没有迁移的案件不变。")
    return _act(package, number, job, done, lambda: _do(orders.stop_migration, job))


@blueprint.post(f"{PAGE}/<job>/resume")
@access("ability:publish")
def resume_moving(package: str, number: int, job: str) -> Response:
    """Goes on where it was stopped."""
    done = _("继续迁移。")
    return _act(package, number, job, done, lambda: _do(orders.resume_migration, job))


@blueprint.post(f"{PAGE}/<job>/runs/<run>/revert")
@access("ability:publish")
def move_back(package: str, number: int, job: str, run: str) -> Response:
    """One case goes back to its version."""

    def back() -> None:
        orders.revert_case(platform(), current_actor(), job, run)

    return _act(package, number, job, _("已恢复到原版本。"), back)


def _do(act: Callable[..., None], job: str) -> None:
    act(platform(), current_actor(), job)


def _act(package: str, number: int, job: str, done: str, act: Callable[[], None]) -> Response:
    """Does it and says so, or says why it cannot be done any more."""
    try:
        act()
    except ConflictError as refused:
        flash(spoken(refused.message), "warn")
    else:
        flash(done, "done")
    return _back(package, number, job)


def _back(package: str, number: int, job: str) -> Response:
    return redirect(url_for("packages.moving", package=package, number=number, job=job), 303)
