"""How points and ranges lie to each other. DMN 1.5 §10.3.4.9.1, table 78.

A point is taken as the closed range from itself to itself; under that reading the rules for
ranges give those for points. An end that is open to its side lies beyond every value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from workflows.feel.equality import equal, less
from workflows.feel.signatures import built_in
from workflows.feel.values import Range, Value

_Relation: TypeAlias = Callable[[Range, Range], bool]


class _IncomparableError(Exception):
    """Two ends have no order."""


def _order(left: Value, right: Value, left_open: int = 0, right_open: int = 0) -> int:
    """-1, 0, 1. `…_open`: what a missing end counts as (-1 before, 1 behind everything)."""
    if left is None or right is None:
        a = left_open if left is None else 0
        b = right_open if right is None else 0
        return (a > b) - (a < b)
    smaller = less(left, right)
    if smaller is None:
        raise _IncomparableError
    if smaller:
        return -1
    return 0 if equal(left, right) is True else 1


def _starts(a: Range, b: Range) -> int:
    return _order(a.start, b.start, -1, -1)


def _ends(a: Range, b: Range) -> int:
    return _order(a.end, b.end, 1, 1)


def _end_to_start(a: Range, b: Range) -> int:
    return _order(a.end, b.start, 1, -1)


def _before(a: Range, b: Range) -> bool:
    order = _end_to_start(a, b)
    return order < 0 or (order == 0 and not (a.end_included and b.start_included))


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _end_to_start(a, b) == 0


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    start, end = _starts(a, b), _ends(a, b)
    begins_before = start < 0 or (start == 0 and a.start_included and not b.start_included)
    ends_before = end < 0 or (end == 0 and (not a.end_included or b.end_included))
    return begins_before and not _before(a, b) and ends_before


def _finishes(a: Range, b: Range) -> bool:
    start = _starts(a, b)
    begins_inside = start > 0 or (start == 0 and (not a.start_included or b.start_included))
    return a.end_included == b.end_included and _ends(a, b) == 0 and begins_inside


def _includes(a: Range, b: Range) -> bool:
    start, end = _starts(a, b), _ends(a, b)
    return (start < 0 or (start == 0 and (a.start_included or not b.start_included))) and (
        end > 0 or (end == 0 and (a.end_included or not b.end_included))
    )


def _begins(a: Range, b: Range) -> bool:
    end = _ends(a, b)
    ends_inside = end < 0 or (end == 0 and (not a.end_included or b.end_included))
    return a.start_included == b.start_included and _starts(a, b) == 0 and ends_inside


def _coincides(a: Range, b: Range) -> bool:
    return (
        _starts(a, b) == 0
        and _ends(a, b) == 0
        and a.start_included == b.start_included
        and a.end_included == b.end_included
    )


def _swapped(relation: _Relation) -> _Relation:
    return lambda a, b: relation(b, a)


def _declare(name: str, relation: _Relation, allowed: str) -> None:
    """`allowed`: the pairs of p(oint) and r(ange) that the function is defined for."""

    def body(left: Value, right: Value) -> bool | None:
        if left is None or right is None:
            return None
        kinds = f"{'r' if type(left) is Range else 'p'}{'r' if type(right) is Range else 'p'}"
        if kinds not in allowed.split():
            return None
        try:
            return relation(_as_range(left), _as_range(right))
        except _IncomparableError:
            return None

    names = {"p": ("point", "point1", "point2"), "r": ("range", "range1", "range2")}
    for pair in allowed.split():
        same = pair[0] == pair[1]
        first = names[pair[0]][1 if same else 0]
        second = names[pair[1]][2 if same else 0]
        built_in(name, f"{first}: any, {second}: any")(body)


def _as_range(value: Value) -> Range:
    return value if type(value) is Range else Range(value, value, True, True)


for _name, _relation, _allowed in (
    ("before", _before, "pp pr rp rr"),
    ("after", _swapped(_before), "pp pr rp rr"),
    ("meets", _meets, "rr"),
    ("met by", _swapped(_meets), "rr"),
    ("overlaps", _overlaps, "rr"),
    ("overlaps before", _overlaps_before, "rr"),
    ("overlaps after", _swapped(_overlaps_before), "rr"),
    ("finishes", _finishes, "pr rr"),
    ("finished by", _swapped(_finishes), "rp rr"),
    ("includes", _includes, "rp rr"),
    ("during", _swapped(_includes), "pr rr"),
    ("starts", _begins, "pr rr"),
    ("started by", _swapped(_begins), "rp rr"),
    ("coincides", _coincides, "pp rr"),
):
    _declare(_name, _relation, _allowed)
