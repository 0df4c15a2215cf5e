"""What a working copy would change, and what past cases came to, as the studio paints them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from webapp.pages.formats import spoken, titled
from webapp.pages.now import platform
from webapp.pages.verdicts import verdicts
from webapp.security import current_actor
from webapp.studio.inputs import SentCopy
from workflows.catalogue.source import change_files
from workflows.rollout.compare.changes import Change
from workflows.rollout.replay.orders import OrderReplay, order_replay
from workflows.studio import workbench
from workflows.studio.results import differences, last_replay

USUAL = 200
"""Past cases of one order."""


def tell_differences(package: str, sent: SentCopy) -> dict[str, Any]:
    """{"against": {number, url} or null, "changes": […]}; `url` compares the two as they are
    stored."""
    actor = current_actor()
    tree = change_files(workbench.tree_at(platform(), actor, package, sent.revision), sent.changes)
    found = differences(platform(), actor, package, tree)
    against = None
    if found.against is not None:
        name, number = found.against
        url = url_for("packages.version", package=name, number=number)
        against = {"package": name, "number": number, "url": url}
    return {"against": against, "changes": [tell_change(one) for one in found.comparison.changes]}


def tell_change(one: Change) -> dict[str, Any]:
    """One change in words."""
    return {
        "group": one.group.value,
        "kind": one.kind.value,
        "noun": one.noun,
        "part": one.part,
        "part_title": titled(one.part_title),
        "element": one.element,
        "message": spoken(one.message),
        "details": [spoken(detail.message) for detail in one.details],
    }


def order(package: str, number: int) -> dict[str, Any]:
    """Gives the order; how far it is."""
    order_replay(platform(), current_actor(), OrderReplay(package, number, USUAL))
    return tell_replay(package, number)


def tell_replay(package: str, number: int) -> dict[str, Any]:
    """{"job": null} before the first; else counts in words, and where runs part."""
    found = last_replay(platform(), current_actor(), package, number)
    url = url_for("packages.replays", package=package, number=number)
    if found is None:
        return {"job": None, "partings": [], "url": url}
    words = verdicts()
    counts = [
        {"verdict": key, "name": words[key], "runs": runs}
        for key in words
        if (runs := found.job.counts.get(key, 0))
    ]
    job = {"state": found.job.state, "done": found.job.done, "total": found.job.total}
    partings = [
        {
            "verdict": one.verdict,
            "name": words[one.verdict],
            "element": one.element,
            "title": titled(one.title),
            "process": one.diagram,
            "runs": one.runs,
        }
        for one in found.partings
    ]
    return {"job": {**job, "counts": counts}, "partings": partings, "url": url}
