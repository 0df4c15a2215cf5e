"""Addresses of moving running cases to a version, and of how far that is."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.packages import jobs, migration_inputs, migration_page
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
    back, done = _back(package, number, job), _("已停止，没有迁移的案件不变。")
    return jobs.act(lambda: orders.stop_migration(platform(), current_actor(), job), done, back)


@blueprint.post(f"{PAGE}/<job>/resume")
@access("ability:publish")
def resume_moving(package: str, number: int, job: str) -> Response:
    """Goes on where it was stopped."""
    back, done = _back(package, number, job), _("继续迁移。")
    return jobs.act(lambda: orders.resume_migration(platform(), current_actor(), job), done, back)


@blueprint.post(f"{PAGE}/<job>/runs/<run>/revert")
@access("ability:publish")
def move_back(package: str, number: int, job: str, run: str) -> Response:
    """One case goes back to its version."""
    back, done = _back(package, number, job), _("已恢复到原版本。")
    return jobs.act(lambda: orders.revert_case(platform(), current_actor(), job, run), done, back)


def _back(package: str, number: int, job: str) -> Response:
    return jobs.to_job("packages.moving", package, number, job)
