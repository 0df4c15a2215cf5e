"""Addresses of cases, their record, their runs, and acts outside the diagram."""

from __future__ import annotations

from webapp.api import answers, inputs, reads, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.api.reading import idempotency_key
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases import case_bonds, case_commands
from workflows.cases import open_case as opening
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.cases_list import list_cases as list_visible_cases
from workflows.cases.receive_message import receive_message
from workflows.handoffs.by_hand import answer_by_message


@blueprint.post("/cases")
@operation(shapes.Opened, tag="cases", status=201, body=inputs.NewCase, refuses=(404,))
@access("signed_in")
def open_case(body: inputs.NewCase) -> shapes.Opened:
    """A new case with its first run."""
    command = body.command(idempotency_key())
    return answers.opened(opening.open_case(platform(), current_actor(), command))


@blueprint.get("/cases")
@operation(shapes.CaseList, tag="cases", query=inputs.FindCases)
@access("signed_in")
def list_cases(query: inputs.FindCases) -> shapes.CaseList:
    """Every case the caller may know of, newest first."""
    return answers.cases(list_visible_cases(platform(), current_actor(), query.query()))


@blueprint.get("/cases/<id:case>")
@operation(shapes.Case, tag="cases", refuses=(410,))
@access("signed_in")
def read_case(case: str) -> shapes.Case:
    """One case as the caller may see it."""
    return answers.case(load_case_page(platform(), current_actor(), case))


@blueprint.get("/cases/<id:case>/timeline")
@operation(shapes.Timeline, tag="cases", query=inputs.Page, refuses=(410,))
@access("signed_in")
def read_timeline(case: str, query: inputs.Page) -> shapes.Timeline:
    """The record of a case, oldest first."""
    return reads.timeline(case, query)


@blueprint.post("/cases/<id:case>/withdraw")
@operation(shapes.CaseChanged, tag="cases", body=inputs.CaseReason)
@access("signed_in")
def withdraw_case(case: str, body: inputs.CaseReason) -> shapes.CaseChanged:
    """The parties withdraw."""
    command = body.command(case, idempotency_key())
    return answers.case_changed(case_commands.withdraw(platform(), current_actor(), command))


@blueprint.post("/cases/<id:case>/void")
@operation(shapes.CaseChanged, tag="cases", body=inputs.CaseReason)
@access("signed_in")
def void_case(case: str, body: inputs.CaseReason) -> shapes.CaseChanged:
    """Registered in error."""
    command = body.command(case, idempotency_key())
    return answers.case_changed(case_commands.void(platform(), current_actor(), command))


@blueprint.post("/cases/<id:case>/merge")
@operation(shapes.CaseChanged, tag="cases", body=inputs.Merge)
@access("signed_in")
def merge_case(case: str, body: inputs.Merge) -> shapes.CaseChanged:
    """The same matter as another case."""
    command = body.command(case, idempotency_key())
    return answers.case_changed(case_bonds.merge(platform(), current_actor(), command))


@blueprint.post("/cases/<id:case>/correct")
@operation(shapes.CaseChanged, tag="cases", body=inputs.Correction)
@access("signed_in")
def correct_case(case: str, body: inputs.Correction) -> shapes.CaseChanged:
    """One value of the record set right."""
    command = body.command(case, idempotency_key())
    return answers.case_changed(case_commands.correct(platform(), current_actor(), command))


@blueprint.post("/cases/<id:case>/seal")
@operation(shapes.CaseChanged, tag="cases", body=inputs.SealReason)
@access("signed_in")
def seal_case(case: str, body: inputs.SealReason) -> shapes.CaseChanged:
    """Only those who take part may see it from now on."""
    command = body.command(case, idempotency_key())
    return answers.case_changed(case_bonds.seal(platform(), current_actor(), command))


@blueprint.post("/cases/<id:case>/messages")
@operation(shapes.Received, tag="cases", body=inputs.NewMessage)
@once
@access("signed_in")
def send_message(case: str, body: inputs.NewMessage) -> shapes.Received:
    """A message of a sender the package knows."""
    command, actor = body.command(case), current_actor()
    received = answer_by_message(platform(), actor, command)
    received = received or receive_message(platform(), actor, command)
    return {"outcome": received.outcome}  # type: ignore[typeddict-item]


@blueprint.get("/runs/<id:run>")
@operation(shapes.RunPage, tag="cases", query=inputs.Wait)
@access("signed_in")
def read_run(run: str, query: inputs.Wait) -> shapes.RunPage:
    """One run, after its open calls are answered or the time is over."""
    return answers.run_page(reads.for_calls(run, query.wait))
