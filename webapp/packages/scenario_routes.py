"""Addresses of a version's scenarios: how they went, and one as data."""

from __future__ import annotations

from flask import request

from webapp.packages import scenario_acts, scenario_page
from webapp.packages.blueprint import blueprint
from webapp.packages.scenario_inputs import read_name, read_sent
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout.scenarios.edit import load_scenarios

PAGE = "/packages/<package>/versions/<int:number>/scenarios"


@blueprint.get(PAGE)
@access("signed_in")
def scenarios(package: str, number: int) -> str:
    """Every scenario with how it went, and what none of them passes."""
    return scenario_page.render_all(load_scenarios(platform(), current_actor(), package, number))


@blueprint.get(f"{PAGE}/one")
@access("signed_in")
def scenario(package: str, number: int) -> str:
    """One scenario as data, or an empty one."""
    found = load_scenarios(platform(), current_actor(), package, number)
    return scenario_page.render_one(found, read_name(request.args))


@blueprint.post(f"{PAGE}/one")
@access("ability:publish")
def save_scenario(package: str, number: int) -> scenario_acts.Answer:
    """A new draft with the scenario as it was sent."""
    return scenario_acts.save(package, number, read_sent(request.form))


@blueprint.post(f"{PAGE}/drop")
@access("ability:publish")
def drop_scenario(package: str, number: int) -> scenario_acts.Answer:
    """A new draft without it."""
    return scenario_acts.drop(package, number, read_name(request.form))
