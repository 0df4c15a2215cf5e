"""Addresses of orders to move running cases to another version."""

from __future__ import annotations

from webapp.api import migrations
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout.migration import orders
from workflows.rollout.migration.view import load_job_page


@blueprint.post("/packages/<package:package>/versions/<version:number>/migrate")
@operation(migrations.JobStarted, tag="packages", status=202, body=migrations.Migrate)
@once
@access("ability:publish")
def migrate(package: str, number: int, body: migrations.Migrate) -> migrations.JobStarted:
    """The worker goes through the running cases; the job says how far it is."""
    order = body.command(package, number)
    return {"job": orders.order_migration(platform(), current_actor(), order)}


@blueprint.get("/jobs/<id:job>")
@operation(migrations.Job, tag="packages", query=migrations.ReadJob, refuses=(403,))
@access("signed_in")
def read_job(job: str, query: migrations.ReadJob) -> migrations.Job:
    """How far an order is, why cases stay, and one page of its cases."""
    page = load_job_page(platform(), current_actor(), job, after=query.cursor)
    return migrations.job(page)


@blueprint.post("/jobs/<id:job>/stop")
@operation(migrations.Job, tag="packages")
@once
@access("ability:publish")
def stop_job(job: str) -> migrations.Job:
    """No further case is moved."""
    orders.stop_migration(platform(), current_actor(), job)
    return migrations.job(load_job_page(platform(), current_actor(), job))


@blueprint.post("/jobs/<id:job>/resume")
@operation(migrations.Job, tag="packages")
@once
@access("ability:publish")
def resume_job(job: str) -> migrations.Job:
    """Goes on where it was stopped."""
    orders.resume_migration(platform(), current_actor(), job)
    return migrations.job(load_job_page(platform(), current_actor(), job))


@blueprint.post("/jobs/<id:job>/runs/<id:run>/revert")
@operation(migrations.Job, tag="packages")
@once
@access("ability:publish")
def revert_run(job: str, run: str) -> migrations.Job:
    """One case goes back to its version, as long as nothing was done since."""
    orders.revert_case(platform(), current_actor(), job, run)
    return migrations.job(load_job_page(platform(), current_actor(), job))
