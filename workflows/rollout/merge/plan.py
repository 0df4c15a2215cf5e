"""What there is to take over: the pieces of a newer version that the office's own way has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflows.catalogue.source import PackageSource
from workflows.rollout.compare.changes import Change, Group, Kind
from workflows.rollout.compare.comparison import compare

WHOLE = frozenset({Group.TABLE, Group.TEXT, Group.SETTING, Group.SCENARIO})
"""Parts that are taken as one: their lines and rules mean nothing without each other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to take or to leave. `changes`: what the newer version has otherwise than the one
    both come from; `own`: what the office changed in the same place, empty where it did not."""

    key: str
    changes: tuple[Change, ...]
    own: tuple[Change, ...] = ()

    @property
    def group(self) -> Group:
        """What kind of part it belongs to."""
        return self.changes[0].group


def plan(base: PackageSource | None, own: PackageSource, newer: PackageSource) -> tuple[Piece, ...]:
    """The pieces in the order they are read. `base`: what both come from; None where nobody knows:
    then everything in which the two differ is one, as changed on both sides."""
    missing = _by_key(compare(own, newer).changes)
    changed = missing if base is None else _by_key(compare(base, newer).changes)
    ours = missing if base is None else _by_key(compare(base, own).changes)
    return tuple(
        Piece(key, tuple(changes), tuple(ours.get(key, ())))
        for key, changes in changed.items()
        if key in missing
    )


def _by_key(changes: Sequence[Change]) -> Mapping[str, list[Change]]:
    """Changes by the piece they belong to. A diagram or form that is new or gone is one piece."""
    found: defaultdict[str, list[Change]] = defaultdict(list)
    whole = {
        (one.group, one.part)
        for one in changes
        if one.element == one.part and one.kind is not Kind.CHANGED
    }
    for one in changes:
        is_inside = (one.group, one.part) in whole and one.element != one.part
        if not is_inside and not _is_order_only(one):
            found[key_of(one)].append(one)
    return dict(found)


def _is_order_only(change: Change) -> bool:
    """A form whose questions stand otherwise: each question is placed when it is taken."""
    aspects = {detail.aspect for detail in change.details}
    return change.group is Group.FORM and change.noun == "form" and aspects == {"order"}


def key_of(change: Change) -> str:
    """The piece a change belongs to."""
    if change.group in WHOLE:
        return f"{change.group}:{change.part}"
    noun = "lane" if change.noun == "lane" else "one"
    return f"{change.group}:{change.part}:{noun}:{change.element}"
