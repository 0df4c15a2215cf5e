"""Addresses of cases: the list, one case, its record, its diagrams, acts with a reason."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.cases import (
    correct_routes,
    decided,
    diagrams,
    listing,
    page,
    reasons,
    start_routes,
    task_routes,
)
from webapp.cases.blueprint import blueprint
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.cases_list import list_cases as list_visible_cases

__all__ = ["blueprint", "correct_routes", "start_routes", "task_routes"]
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/cases")
@access("signed_in")
def list_cases() -> str:
    """Every case the actor may see, newest first."""
    address = listing.read_address(request.args)
    found = list_visible_cases(platform(), current_actor(), listing.to_query(address))
    return listing.render(found, address)


@blueprint.get("/cases/<case>")
@access("signed_in")
def case(case: str) -> str:
    """One case."""
    return page.render(load_case_page(platform(), current_actor(), case))


@blueprint.get("/cases/<case>/timeline")
@access("signed_in")
def timeline(case: str) -> str:
    """Older lines of its record."""
    return page.load_older(case, request.args.get("before", ""))


@blueprint.get("/cases/<case>/decisions")
@access("signed_in")
def decisions(case: str) -> str:
    """Why each decision came out as it did."""
    return decided.render(case)


@blueprint.get("/cases/<case>/<act>")
@access("signed_in")
def case_act(case: str, act: str) -> str:
    """Asks for what an act on the case needs: above all its reason."""
    return reasons.ask_case(case, act)


@blueprint.post("/cases/<case>/<act>")
@access("signed_in")
def do_case_act(case: str, act: str) -> Answer:
    """Does it, or returns with every wrong field."""
    return reasons.do_case(case, act, request.form)


@blueprint.get("/cases/<case>/clocks/<clock>/<act>")
@access("signed_in")
def clock_act(case: str, clock: str, act: str) -> str:
    """Asks why a clock shall pause, go on, or be extended."""
    return reasons.ask_clock(case, clock, act)


@blueprint.post("/cases/<case>/clocks/<clock>/<act>")
@access("signed_in")
def do_clock_act(case: str, clock: str, act: str) -> Answer:
    """Does it, or returns with every wrong field."""
    return reasons.do_clock(case, clock, act, request.form)


@blueprint.get("/runs/<run>/diagrams/<process>.<any(svg, bpmn):form>")
@access("signed_in")
def diagram(run: str, process: str, form: str) -> Response:
    """One diagram of a run's package, as a picture with the position or as it is drawn."""
    return diagrams.answer(run, process, form)
