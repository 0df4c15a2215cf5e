"""The address that orders past cases to be replayed through a version."""

from __future__ import annotations

from webapp.api import jobs, replays
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout.replay.orders import order_replay


@blueprint.post("/packages/<package:package>/versions/<version:number>/replay")
@operation(jobs.JobStarted, tag="packages", status=202, body=replays.Replay)
@once
@access("signed_in")
def replay(package: str, number: int, body: replays.Replay) -> jobs.JobStarted:
    """The worker walks past cases through the version and changes none; the job says what differs.
    For whoever publishes or approves the package."""
    return {"job": order_replay(platform(), current_actor(), body.command(package, number))}
