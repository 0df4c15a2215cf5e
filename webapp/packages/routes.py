"""Addresses of packages, their versions and their differences."""

from __future__ import annotations

from flask import Response, request

from webapp.packages import (
    acts,
    inputs,
    migration_routes,
    own_way_routes,
    page,
    pictures,
    rehearse_routes,
    replay_routes,
    scenario_routes,
)
from webapp.packages.blueprint import blueprint
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout.version_page import list_packages, load_pair, load_version_page

__all__ = [
    "blueprint",
    "migration_routes",
    "own_way_routes",
    "rehearse_routes",
    "replay_routes",
    "scenario_routes",
]


@blueprint.get("/packages")
@access("signed_in")
def packages() -> str:
    """What counts, what is drafted; and a place to bring a package."""
    return page.render_packages(list_packages(platform(), current_actor()))


@blueprint.post("/packages")
@access("ability:publish")
def take() -> acts.Answer:
    """A zip becomes a draft."""
    return acts.take(request.form, request.files)


@blueprint.get("/packages/<package>/versions/<int:number>")
@access("signed_in")
def version(package: str, number: int) -> str:
    """One version, what is found in it and what publishing it means."""
    found = load_version_page(platform(), current_actor(), package, number)
    return page.render_version(found, walked="walked" in request.args)


@blueprint.post("/packages/<package>/versions/<int:number>/approve")
@access("ability:approve")
def approve(package: str, number: int) -> acts.Answer:
    """The second person agrees."""
    return acts.approve(package, number, request.form)


@blueprint.post("/packages/<package>/versions/<int:number>/ask")
@access("ability:publish")
def ask(package: str, number: int) -> acts.Answer:
    """Whoever may approve it is told that somebody waits."""
    return acts.ask(package, number, request.form)


@blueprint.post("/packages/<package>/versions/<int:number>/publish")
@access("ability:publish")
def publish(package: str, number: int) -> acts.Answer:
    """New cases use it from now on, or once more."""
    return acts.publish(package, number, request.form)


@blueprint.get("/packages/<package>/compare")
@access("signed_in")
def compare(package: str) -> str:
    """Two versions in words and painted side by side."""
    asked = inputs.read_pair(request.args)
    pair = load_pair(platform(), current_actor(), package, asked.old, asked.new)
    return page.render_pair(pair, asked)


@blueprint.get("/packages/<package>/compare/<side>/<process>.svg")
@access("signed_in")
def compared(package: str, side: str, process: str) -> Response:
    """One side of a diagram, the differences painted."""
    asked = inputs.read_pair(request.args)
    pair = load_pair(platform(), current_actor(), package, asked.old, asked.new)
    return pictures.answer_side(pair, side, process, asked.at)


@blueprint.get("/packages/<package>/versions/<int:number>/diagrams/<process>.svg")
@access("signed_in")
def covered(package: str, number: int, process: str) -> Response:
    """A diagram with what its scenarios pass and what none does."""
    pair = load_pair(platform(), current_actor(), package, number, number)
    return pictures.answer_coverage(pair, process)
