"""What a replay may tell of a run: places of the diagram and posts, never a fact or a person.

Whoever drafts a version chooses what it computes. A condition that gives a case's account instead
of yes or no must not bring that account to somebody who may not read the case.
"""

from __future__ import annotations

from workflows.cases.decision import NewItem
from workflows.messages import Message

PLAIN = frozenset({"element", "decision", "exits", "condition", "type", "most", "revision"})
"""Parameters of refusals that quote the version or count; every other one may hold a value of the
case."""
HIDDEN = "…"


def without_facts(message: Message) -> Message:
    """The sentence with everything hidden that is not of the version itself."""
    params: dict[str, object] = {}
    for name, value in message.params.items():
        if isinstance(value, Message):
            params[name] = without_facts(value)
        else:
            params[name] = value if name in PLAIN else HIDDEN
    return Message(message.code, params)


def other_owner(item: NewItem, other: NewItem) -> Message | None:
    """How the owners of a step differ, None where they don't. A unit or a person is not named:
    an expression may have chosen them."""
    if item.role != other.role:
        return Message("rollout.other_owner", {"before": item.role, "after": other.role})
    if item.scope != other.scope:
        return Message("rollout.other_unit", {"post": item.role})
    if item.assignee != other.assignee:
        return Message("rollout.other_person", {"post": item.role})
    return None
