"""The room's addresses: about the caller and about this description; the others stand beside."""

from __future__ import annotations

from webapp.api import (
    answers,
    case_routes,
    clock_routes,
    description_routes,
    handoff_routes,
    job_routes,
    migration_routes,
    notice_routes,
    outside_routes,
    package_routes,
    paper_routes,
    replay_routes,
    shapes,
    task_routes,
)
from webapp.api.blueprint import blueprint
from webapp.api.operations import operation
from webapp.pages.now import now, platform, today
from webapp.security import access, current_actor
from workflows.cases.queries.starts import list_offers
from workflows.organisation.names import list_posts

__all__ = [
    "blueprint",
    "case_routes",
    "clock_routes",
    "description_routes",
    "handoff_routes",
    "job_routes",
    "migration_routes",
    "notice_routes",
    "outside_routes",
    "package_routes",
    "paper_routes",
    "replay_routes",
    "task_routes",
]


@blueprint.get("/me")
@operation(shapes.Me, tag="account")
@access("signed_in")
def me() -> shapes.Me:
    """Who the caller is, with the posts of today."""
    actor = current_actor()
    with platform().database.reading(actor) as session:
        posts = list_posts(session, actor.account_id)
    return answers.me(actor, posts, today(), now())


@blueprint.get("/processes")
@operation(shapes.ProcessList, tag="account")
@access("signed_in")
def list_processes() -> shapes.ProcessList:
    """What the caller may start."""
    return answers.processes(list_offers(platform(), current_actor()))
