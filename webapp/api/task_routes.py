"""Addresses of work items: lists, one with its form, who has it, its draft, its completion."""

from __future__ import annotations

from webapp.api import answers, inputs, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import once, operation
from webapp.api.reading import idempotency_key
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.cases import claim_task, complete_task, save_draft
from workflows.cases.queries.inbox import list_inbox
from workflows.cases.queries.task_page import load_task_page


@blueprint.get("/tasks")
@operation(shapes.TaskList, tag="tasks", query=inputs.FindTasks)
@access("signed_in")
def list_tasks(query: inputs.FindTasks) -> shapes.TaskList:
    """Work items of the caller, or that the caller may see."""
    return answers.tasks(list_inbox(platform(), current_actor(), query.query()))


@blueprint.get("/tasks/<item:item>")
@operation(shapes.Task, tag="tasks")
@access("signed_in")
def read_task(item: str) -> shapes.Task:
    """One work item with its form, filled with what is known, and the draft."""
    return answers.task(load_task_page(platform(), current_actor(), item))


@blueprint.post("/tasks/<item:item>/claim")
@operation(shapes.WorkItem, tag="tasks", body=inputs.Claim)
@access("signed_in")
def claim(item: str, body: inputs.Claim) -> shapes.WorkItem:
    """Takes a work item nobody has."""
    command = body.command(item, idempotency_key())
    return answers.work_item(claim_task.claim(platform(), current_actor(), command))


@blueprint.post("/tasks/<item:item>/release")
@operation(shapes.WorkItem, tag="tasks", body=inputs.Claim)
@access("signed_in")
def release(item: str, body: inputs.Claim) -> shapes.WorkItem:
    """Gives a work item back to everybody who may claim it."""
    command = body.command(item, idempotency_key())
    return answers.work_item(claim_task.release(platform(), current_actor(), command))


@blueprint.post("/tasks/<item:item>/assign")
@operation(shapes.WorkItem, tag="tasks", body=inputs.Assign)
@access("signed_in")
def assign(item: str, body: inputs.Assign) -> shapes.WorkItem:
    """Hands a work item to somebody."""
    command = body.command(item, idempotency_key())
    return answers.work_item(claim_task.assign(platform(), current_actor(), command))


@blueprint.post("/tasks/<item:item>/return")
@operation(shapes.WorkItem, tag="tasks", body=inputs.Return)
@access("signed_in")
def return_task(item: str, body: inputs.Return) -> shapes.WorkItem:
    """Gives a work item back with a reason."""
    command = body.command(item, idempotency_key())
    return answers.work_item(claim_task.return_task(platform(), current_actor(), command))


@blueprint.post("/tasks/bulk")
@operation(shapes.BulkAnswer, tag="tasks", body=inputs.Bulk)
@once
@access("signed_in")
def bulk(body: inputs.Bulk) -> shapes.BulkAnswer:
    """The same act on many work items, each with its own answer."""
    return answers.bulk(claim_task.bulk(platform(), current_actor(), body.command()))


@blueprint.put("/tasks/<item:item>/draft")
@operation(shapes.DraftSaved, tag="tasks", body=inputs.Draft)
@access("signed_in")
def put_draft(item: str, body: inputs.Draft) -> shapes.DraftSaved:
    """Keeps what is typed, unchecked, and never over somebody else's."""
    saved = save_draft.save_draft(platform(), current_actor(), body.command(item))
    return {"draft_revision": saved.draft_revision, "saved_at": saved.saved_at}


@blueprint.post("/tasks/<item:item>/complete")
@operation(shapes.Completed, tag="tasks", body=inputs.Complete)
@access("signed_in")
def complete(item: str, body: inputs.Complete) -> shapes.Completed:
    """Completes a work item; the case goes on."""
    actor, command = current_actor(), body.command(item, idempotency_key())
    done = complete_task.complete_task(platform(), actor, command)
    return answers.completed(done, actor.username)
