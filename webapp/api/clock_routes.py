"""Addresses of clocks, and of the test clock where the installation has one."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.api import answers, board, inputs, shapes, time_travel
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.api.reading import idempotency_key
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases import clocks
from workflows.cases.queries.clock_board import list_clocks as load_board


@blueprint.get("/clocks")
@operation(board.ClockList, tag="clocks", query=board.FindClocks)
@access("signed_in")
def list_clocks(query: board.FindClocks) -> board.ClockList:
    """Running clocks of the cases the caller may know of, soonest due first."""
    return board.listed(load_board(platform(), current_actor(), query.query()))


@blueprint.post("/clocks/<item:clock>/pause")
@operation(shapes.Clock, tag="clocks", body=inputs.Pause)
@access("signed_in")
def pause_clock(clock: str, body: inputs.Pause) -> shapes.Clock:
    """Time stops."""
    command = body.command(clock, idempotency_key())
    return answers.clock(clocks.pause(platform(), current_actor(), command))


@blueprint.post("/clocks/<item:clock>/resume")
@operation(shapes.Clock, tag="clocks", body=inputs.Resume)
@access("signed_in")
def resume_clock(clock: str, body: inputs.Resume) -> shapes.Clock:
    """Time runs again."""
    command = body.command(clock, idempotency_key())
    return answers.clock(clocks.resume(platform(), current_actor(), command))


@blueprint.post("/clocks/<item:clock>/extend")
@operation(shapes.Clock, tag="clocks", body=inputs.Extend)
@access("signed_in")
def extend_clock(clock: str, body: inputs.Extend) -> shapes.Clock:
    """More days, as the rule of the clock allows."""
    command = body.command(clock, idempotency_key())
    return answers.clock(clocks.extend(platform(), current_actor(), command))


@operation(shapes.Now, tag="clocks", body=inputs.MoveClock)
@once
@access("ability:test_clock")
def move_test_clock(body: inputs.MoveClock) -> shapes.Now:
    """Moves the installation's clock and does what falls due, before it answers."""
    return {"now": time_travel.advance(body.by())}


def _add_test_clock(state: BlueprintSetupState) -> None:
    """The address exists only where the installation was started with a test clock."""
    if time_travel.is_allowed(state.app):
        state.add_url_rule("/test/clock", "move_test_clock", move_test_clock, methods=["POST"])


blueprint.record_once(_add_test_clock)
