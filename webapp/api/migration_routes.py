"""Addresses of orders to move running cases to another version."""

from __future__ import annotations

from webapp.api import jobs, migrations
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout.migration import orders


@blueprint.post("/packages/<package:package>/versions/<version:number>/migrate")
@operation(jobs.JobStarted, tag="packages", status=202, body=migrations.Migrate)
@once
@access("ability:publish")
def migrate(package: str, number: int, body: migrations.Migrate) -> jobs.JobStarted:
    """The worker goes through the running cases; the job says how far it is."""
    order = body.command(package, number)
    return {"job": orders.order_migration(platform(), current_actor(), order)}


@blueprint.post("/jobs/<id:job>/runs/<id:run>/revert")
@operation(jobs.Job, tag="packages")
@once
@access("ability:publish")
def revert_run(job: str, run: str) -> jobs.Job:
    """One case goes back to its version, as long as nothing was done since."""
    orders.revert_case(platform(), current_actor(), job, run)
    return jobs.read(job)
