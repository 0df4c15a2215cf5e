"""Addresses of the studio: its page, and what the scripts of the page ask for (all JSON)."""

from __future__ import annotations

from typing import Any

from webapp.pages.json_body import read_object
from webapp.pages.now import platform
from webapp.security import access, current_actor
from webapp.studio import (
    acts,
    inputs,
    page,
    preview_routes,
    results,
    start_routes,
    told,
    trying,
    walk_routes,
)
from webapp.studio.blueprint import blueprint
from workflows.rollout import approval
from workflows.storage.ids import decode_id
from workflows.studio import talk, workbench

__all__ = ["blueprint", "preview_routes", "start_routes", "walk_routes"]

PAGE = "/studio/<package>"


@blueprint.get(PAGE)
@access("signed_in")
def studio(package: str) -> str:
    """The page around the editors."""
    return page.render(workbench.open_workbench(platform(), current_actor(), package))


@blueprint.get(f"{PAGE}/tree")
@access("signed_in")
def tree(package: str) -> dict[str, Any]:
    """The working copy with all its files, and the words panels offer."""
    return acts.tell_all(package)


@blueprint.get(f"{PAGE}/saves")
@access("signed_in")
def saves(package: str) -> dict[str, Any]:
    """All saves, the newest first."""
    found = workbench.list_saves(platform(), current_actor(), package)
    return {"saves": [told.tell_save(one) for one in found]}


@blueprint.post(f"{PAGE}/save")
@access("signed_in")
def save(package: str) -> acts.Answer:
    """The next save, or 409 with what somebody else saved."""
    return acts.save(package, inputs.read_save(read_object()))


@blueprint.post(f"{PAGE}/check")
@access("signed_in")
def check(package: str) -> dict[str, Any]:
    """Every finding of the working copy with the changes that are not saved."""
    return acts.check(package, inputs.read_save(read_object()))


@blueprint.post(f"{PAGE}/expression")
@access("signed_in")
def expression(package: str) -> dict[str, Any]:
    """What is wrong with an expression as it is typed, and its value on a sample case."""
    sent = read_object()
    return trying.look(package, inputs.read_expression(sent), inputs.read_revision(sent))


@blueprint.post(f"{PAGE}/differences")
@access("signed_in")
def differences(package: str) -> dict[str, Any]:
    """What the working copy changes against the version that counts."""
    return results.tell_differences(package, inputs.read_save(read_object()))


@blueprint.get(f"{PAGE}/replay/<int:number>")
@access("signed_in")
def replayed(package: str, number: int) -> dict[str, Any]:
    """What past cases came to in a version."""
    return results.tell_replay(package, number)


@blueprint.post(f"{PAGE}/replay/<int:number>")
@access("signed_in")
def replay(package: str, number: int) -> dict[str, Any]:
    """Lets the newest past cases walk through a version."""
    return results.order(package, number)


@blueprint.post(f"{PAGE}/restore")
@access("signed_in")
def restore(package: str) -> dict[str, Any]:
    """An older save, or a version, as the newest save."""
    return acts.bring_back(package, inputs.read_wanted(read_object()))


@blueprint.post(f"{PAGE}/hand-in")
@access("signed_in")
def hand_in(package: str) -> acts.Answer:
    """The working copy as a version."""
    return acts.hand_in(package, inputs.read_save(read_object()))


@blueprint.get(f"{PAGE}/approvers/<int:number>")
@access("signed_in")
def approvers(package: str, number: int) -> dict[str, Any]:
    """Who can be asked to approve a version."""
    found = approval.load_approvers(platform(), current_actor(), package, number)
    return {"approvers": [told.tell_approver(one) for one in found]}


@blueprint.post(f"{PAGE}/approvers/<int:number>")
@access("signed_in")
def ask_approval(package: str, number: int) -> dict[str, Any]:
    """Those are told that somebody waits for them."""
    return acts.ask(package, number, inputs.read_whom(read_object()))


@blueprint.post(f"{PAGE}/tidy")
@access("signed_in")
def tidy(package: str) -> dict[str, Any]:
    """A diagram drawn anew; nothing is written."""
    workbench.open_workbench(platform(), current_actor(), package)
    return acts.tidy_diagram(inputs.read_content(read_object()))


@blueprint.get(f"{PAGE}/comments")
@access("signed_in")
def comments(package: str) -> dict[str, Any]:
    """All remarks, the oldest first."""
    found = talk.list_comments(platform(), current_actor(), package)
    return {"comments": [told.tell_comment(one) for one in found]}


@blueprint.post(f"{PAGE}/comments")
@access("signed_in")
def comment(package: str) -> dict[str, Any]:
    """A remark."""
    sent = inputs.read_comment(read_object())
    added = talk.add_comment(platform(), current_actor(), package, *sent)
    return told.tell_comment(added)


@blueprint.post(f"{PAGE}/comments/<comment_id>")
@access("signed_in")
def settle(package: str, comment_id: str) -> dict[str, Any]:
    """A remark is dealt with, or open again."""
    settled, wanted = bool(read_object().get("settled")), decode_id(comment_id)
    found = talk.settle_comment(platform(), current_actor(), package, wanted, settled=settled)
    return told.tell_comment(found)


@blueprint.post(f"{PAGE}/presence")
@access("signed_in")
def presence(package: str) -> dict[str, Any]:
    """Who else has it open."""
    file = str(read_object().get("file") or "")
    found = talk.tell_presence(platform(), current_actor(), package, file)
    return {"others": [{"who": one.who, "file": one.file} for one in found]}
