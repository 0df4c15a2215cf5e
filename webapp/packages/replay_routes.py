"""Addresses of replaying past cases through a version, and of what came of it."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp.packages import jobs, replay_inputs, replay_page
from webapp.packages.blueprint import blueprint
from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.errors import InvalidInputError, PackageError
from workflows.rollout.replay import orders

PAGE = "/packages/<package>/versions/<int:number>/replay"


@blueprint.get(PAGE)
@access("signed_in")
def replays(package: str, number: int) -> str:
    """Choose how many cases; the newest replay with its verdicts. For whoever looks after the
    package."""
    return replay_page.render(package, number, replay_inputs.read_shown(request.args))


@blueprint.post(PAGE)
@access("signed_in")
def replay(package: str, number: int) -> AnyResponse | tuple[str, int]:
    """Orders a replay. For whoever publishes or approves the package."""
    try:
        order = replay_inputs.read_order(package, number, request.form)
        job = orders.order_replay(platform(), current_actor(), order)
    except (InvalidInputError, PackageError) as refused:
        shown = replay_inputs.Shown()
        return replay_page.render(package, number, shown, spoken(refused.message)), 422
    return jobs.to_job("packages.replays", package, number, job)


@blueprint.post(f"{PAGE}/<job>/stop")
@access("signed_in")
def stop_replaying(package: str, number: int, job: str) -> AnyResponse:
    """No further case is walked."""
    back = jobs.to_job("packages.replays", package, number, job)
    done = _("已停止，已有的结果保留。")
    return jobs.act(lambda: orders.stop_replay(platform(), current_actor(), job), done, back)


@blueprint.post(f"{PAGE}/<job>/resume")
@access("signed_in")
def resume_replaying(package: str, number: int, job: str) -> AnyResponse:
    """Goes on where it was stopped."""
    back = jobs.to_job("packages.replays", package, number, job)
    done = _("继续重走。")
    return jobs.act(lambda: orders.resume_replay(platform(), current_actor(), job), done, back)


@blueprint.get(f"{PAGE}/<job>/diagrams/<process>.svg")
@access("signed_in")
def parted(package: str, number: int, job: str, process: str) -> Response:
    """A diagram of the version with the places at which runs come out otherwise."""
    return replay_page.picture(package, number, job, process)
