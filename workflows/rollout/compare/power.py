"""Whether a difference shifts who may do, see or send something: then a second person looks.

DESIGN of the rule: lanes, scope, access, outbound operations, handoffs, what a restricted package
says, and who may begin or owns a package (docs/decisions/0010-second-person.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.engine import OPERATIONS
from workflows.formspec import Store
from workflows.messages import Message
from workflows.rollout.compare.changes import Change, Group, Kind
from workflows.rollout.compare.comparison import Comparison

INSIDE = frozenset(name for name, one in OPERATIONS.items() if one.local) - {
    "handoff.send", "handoff.answer", "handoff.withdraw",
}  # fmt: skip
"""Operations that neither leave the house nor write to another unit. Everything else does."""
ASPECTS = {
    "lane": "lanes",
    "role": "lanes",
    "scope": "scope",
    "acts_for": "scope",
    "access": "access",
    "assignee": "lanes",
}
"""Aspect of an element → the power it touches."""
SETTINGS = {
    "access_class": "access",
    "start_roles": "start_roles",
    "owner_role": "owner_role",
    "senders": "senders",
    "handoffs": "handoffs",
}
"""First part of a setting's path → the power it touches."""
MOST_NAMED = 3
CODES = (
    "lanes", "scope", "access", "operations", "handoffs", "senders", "start_roles", "owner_role",
    "sealed_texts", "sealed_fields",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a second person has to look. `changes`: those that touch it, at least one."""

    code: str
    changes: tuple[Change, ...]

    @property
    def message(self) -> Message:
        """“泳道或承办岗位有变化：登记、受理”."""
        names = [one.title["zh"] for one in self.changes], [one.title["en"] for one in self.changes]
        told = [list(dict.fromkeys(side)) for side in names]
        zh = "、".join(told[0][:MOST_NAMED]) + ("等" if len(told[0]) > MOST_NAMED else "")
        en = ", ".join(told[1][:MOST_NAMED]) + (" …" if len(told[1]) > MOST_NAMED else "")
        return Message(f"compare.power_{self.code}", {"names": {"zh": zh, "en": en}})


def touches_power(comparison: Comparison) -> tuple[Reason, ...]:
    """The reasons, empty where one person may publish.

    A first version takes nothing from anybody, so its lanes and its own roles are no reason; what
    reaches out of its unit is.
    """
    found: dict[str, list[Change]] = {code: [] for code in CODES}
    for change in comparison.changes:
        for code in _powers(change, comparison):
            found[code].append(change)
    if comparison.is_first:
        for code in ("lanes", "start_roles", "owner_role"):
            found[code] = []
    return tuple(Reason(code, tuple(changes)) for code, changes in found.items() if changes)


def _powers(change: Change, comparison: Comparison) -> set[str]:
    if change.group is Group.DIAGRAM:
        return set(_drawn(change))
    if change.group is Group.SETTING:
        return set(_setting(change, comparison))
    codes = set()
    if change.group in (Group.TEXT, Group.FORM) and comparison.is_restricted:
        codes.add("sealed_texts")
    if change.kind is Kind.CHANGED and any(
        one.aspect == "store" and Store.SEALED in (one.before, one.after) for one in change.details
    ):
        codes.add("sealed_fields")
    return codes


def _drawn(change: Change) -> Iterator[str]:
    """Of an element that came or went only its access and what leaves the house: who does it is
    told by its lane, which came, went or changed with it."""
    if change.noun == "lane":
        yield "lanes"
        yield from (ASPECTS[one.aspect] for one in change.details if one.aspect in ASPECTS)
    elif change.kind is Kind.CHANGED:
        yield from (ASPECTS[one.aspect] for one in change.details if one.aspect in ASPECTS)
    elif any(one.aspect == "access" for one in change.details):
        yield "access"
    if change.noun == "serviceTask" and _leaves(change):
        yield "operations"


def _leaves(change: Change) -> bool:
    """Whether it calls, or called, an operation that leaves the house. A new title does not."""
    called = {change.calls} | {
        text
        for one in change.details
        if one.aspect == "operation"
        for text in (one.before, one.after)
    }
    meant = change.kind is not Kind.CHANGED or any(
        one.aspect in ("operation", "parameter") for one in change.details
    )
    return meant and bool(called - INSIDE - {""})


def _setting(change: Change, comparison: Comparison) -> Iterator[str]:
    first, _, rest = change.element.partition(".")
    if first == "access_class" and comparison.is_first and not comparison.is_restricted:
        return
    if first in SETTINGS and not rest.endswith((".title.zh", ".title.en")):
        yield SETTINGS[first]
    if first == "start" and rest.endswith(".by_handoff"):
        yield "handoffs"
