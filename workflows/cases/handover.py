"""Handing over what somebody has in hand, when they leave or are away: any number of items, a
chunk at a time, each in its own transaction through the same door as one alone, so that every
case's record says it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflows.cases.claim_task import ItemCommand, assign, return_task
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.queries.desk import load_desk, next_items
from workflows.errors import FengqiaoError, RuleError
from workflows.storage import Actor

CHUNK = 25
"""Items of one call: about a second."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand over what `username` has to `to`; None: back to everybody who may claim it.

    `after`: the last item of the chunk before, None at the beginning.
    """

    username: str
    to: str | None
    reason: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One chunk. `refused`: of the items tried, those that stayed (somebody was faster). `after`:
    where to go on, None at the end."""

    done: int
    refused: int
    after: str | None


def hand_over(platform: Platform, actor: Actor, command: HandOver, *, chunk: int = CHUNK) -> Step:
    """Works off one chunk, in the order of the items. What `to` may not do is left where it is;
    `load_desk` says what and why.

    RuleError without a reason, or for handing over to the same person; NotVisibleError and
    ForbiddenError like `load_desk`.
    """
    reason = check_reason(command.reason)
    if command.to == command.username:
        raise RuleError("cases.same_person")
    desk = load_desk(platform, actor, command.username)
    pairs = [(heap.role, heap.unit) for heap in desk.heaps if heap.may_go_to(command.to)]
    with platform.database.reading(actor) as session:
        items = next_items(session, command.username, pairs, command.after, chunk + 1)
    done = refused = 0
    for item in items[:chunk]:
        one = ItemCommand(item, to=command.to, reason=reason)
        try:
            (return_task if command.to is None else assign)(platform, actor, one)
            done += 1
        except FengqiaoError:
            refused += 1
    return Step(done, refused, items[chunk - 1] if len(items) > chunk else None)
