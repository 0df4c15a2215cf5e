"""Addresses of jobs: moving running cases, replaying past ones."""

from __future__ import annotations

from webapp.api import jobs
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.security import access


@blueprint.get("/jobs/<id:job>")
@operation(jobs.Job, tag="packages", query=jobs.ReadJob, refuses=(403,))
@access("signed_in")
def read_job(job: str, query: jobs.ReadJob) -> jobs.Job:
    """How far a job is, what came of it, and one page of its cases."""
    return jobs.read(job, query.cursor)


@blueprint.post("/jobs/<id:job>/stop")
@operation(jobs.Job, tag="packages")
@once
@access("signed_in")
def stop_job(job: str) -> jobs.Job:
    """No further case is moved or replayed. For whoever may give such an order."""
    jobs.stop(job)
    return jobs.read(job)


@blueprint.post("/jobs/<id:job>/resume")
@operation(jobs.Job, tag="packages")
@once
@access("signed_in")
def resume_job(job: str) -> jobs.Job:
    """Goes on where it was stopped. For whoever may give such an order."""
    jobs.resume(job)
    return jobs.read(job)
