"""Acts of the studio: what was sent → use case → JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml.etree import XMLSyntaxError

from webapp.diagrams.tidy import tidy
from webapp.pages.formats import spoken
from webapp.pages.kept import examined
from webapp.pages.now import platform
from webapp.security import current_actor
from webapp.studio import told
from webapp.studio.inputs import SentCopy, Wanted
from webapp.studio.words import vocabulary
from workflows.catalogue.source import change_files
from workflows.errors import InvalidInputError
from workflows.rollout.approval import AskApproval, ask_approval
from workflows.rollout.versions import Drafted
from workflows.studio import workbench
from workflows.studio.check import check_tree

Answer: TypeAlias = dict[str, Any] | tuple[dict[str, Any], int]


def tell_all(package: str) -> dict[str, Any]:
    """The working copy and the words its panels offer."""
    bench = workbench.open_workbench(platform(), current_actor(), package)
    return {**told.tell_workbench(bench), "vocabulary": vocabulary()}


def save(package: str, sent: SentCopy) -> Answer:
    """The new save; 409 with the newest save and its files where somebody was faster."""
    command = workbench.Save(package, sent.revision, sent.changes, sent.notes)
    try:
        return {"saved": told.tell_save(workbench.save(platform(), current_actor(), command))}
    except workbench.OvertakenError:
        bench = workbench.open_workbench(platform(), current_actor(), package)
        return {"theirs": told.tell_workbench(bench)}, 409


def check(package: str, sent: SentCopy) -> dict[str, Any]:
    """Findings of the tree as the browser has it."""
    tree = workbench.tree_at(platform(), current_actor(), package, sent.revision)
    return told.tell_check(check_tree(change_files(tree, sent.changes)))


def bring_back(package: str, wanted: Wanted) -> dict[str, Any]:
    """The save it became, with its files."""
    if wanted.save:
        workbench.restore(platform(), current_actor(), package, wanted.save)
    else:
        workbench.take_version(platform(), current_actor(), package, wanted.version)
    return told.tell_workbench(workbench.open_workbench(platform(), current_actor(), package))


def hand_in(package: str, sent: SentCopy) -> Answer:
    """The version, and whether it is new."""
    actor = current_actor()
    try:
        made = workbench.hand_in(platform(), actor, package, sent.revision, sent.notes, examined)
    except workbench.OvertakenError:
        bench = workbench.open_workbench(platform(), actor, package)
        return {"theirs": told.tell_workbench(bench)}, 409
    version = made.version if isinstance(made, Drafted) else made
    return {"version": told.tell_version(package, version), "is_new": isinstance(made, Drafted)}


def ask(package: str, number: int, whom: str) -> dict[str, Any]:
    """{"message"}: who was told."""
    command = AskApproval(package, number, whom)
    return {"message": spoken(ask_approval(platform(), current_actor(), command, examined).message)}


def tidy_diagram(content: str) -> dict[str, Any]:
    """{"content", "reordered"}: the diagram drawn anew, and gateways whose exits changed their
    order. Raises InvalidInputError for what is no diagram."""
    try:
        done = tidy(content.encode("utf-8"))
    except (ValueError, XMLSyntaxError) as broken:
        raise InvalidInputError("studio.not_drawable") from broken
    return {"content": done.source.decode("utf-8"), "reordered": list(done.reordered)}
