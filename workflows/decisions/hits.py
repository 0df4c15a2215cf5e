"""Hit policies: the rules that match → the value of a table. DMN 1.5 §8.2.10, §8.2.11."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.feel import compile_expression

Result = tuple[Any, ...]
"""Values of all output columns of one rule."""
Rank = tuple[int, ...]

_AGGREGATE: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "SUM": compile_expression("sum(values)", ("values",)),
    "MIN": compile_expression("min(values)", ("values",)),
    "MAX": compile_expression("max(values)", ("values",)),
}


class Hits:
    """One table's policy. `results` gives a rule's outputs by its index; `ranks` orders them by
    priority; `compose` makes a value of them."""

    def __init__(
        self,
        hit: str,
        aggregation: str | None,
        where: Where,
        compose: Callable[[Result], Any],
        rank: Callable[[Result], Rank],
    ) -> None:
        self._where = where
        self._compose = compose
        self._rank = rank
        self._aggregation = aggregation
        self._choose: Callable[[Sequence[int], Callable[[int], Result]], tuple[Any, list[int]]] = {
            "UNIQUE": self._unique,
            "FIRST": self._first,
            "ANY": self._any,
            "PRIORITY": self._priority,
            "COLLECT": self._collect if aggregation is None else self._aggregate,
            "RULE ORDER": self._collect,
            "OUTPUT ORDER": self._output_order,
        }[hit]
        self.lists = aggregation is None and hit in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
        """Whether the value is a list."""

    def choose(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        """(value, indexes of the rules it is made of). DecisionError `two_match`, `not_any`."""
        return self._choose(matched, results)

    def nothing(self) -> Any:
        """The value where no rule matches and no default is given: null, [], or 0 of a count."""
        if self._aggregation == "COUNT":
            return Decimal(0)
        return [] if self.lists else None

    def _unique(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        if len(matched) > 1:
            raise fault(self._where, "two_match", rules=_numbers(matched))
        return self._compose(results(matched[0])), list(matched)

    def _first(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        return self._compose(results(matched[0])), [matched[0]]

    def _any(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        found = [results(index) for index in matched]
        if any(_keys(other) != _keys(found[0]) for other in found):
            raise fault(self._where, "not_any", rules=_numbers(matched))
        return self._compose(found[0]), list(matched)

    def _priority(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        best = min(matched, key=lambda index: self._rank(results(index)))
        return self._compose(results(best)), [best]

    def _collect(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        return [self._compose(results(index)) for index in matched], list(matched)

    def _output_order(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        ordered = sorted(matched, key=lambda index: self._rank(results(index)))
        return [self._compose(results(index)) for index in ordered], ordered

    def _aggregate(
        self, matched: Sequence[int], results: Callable[[int], Result]
    ) -> tuple[Any, list[int]]:
        columns = zip(*(results(index) for index in matched), strict=True)
        return self._compose(tuple(self._sum_up(list(column)) for column in columns)), list(matched)

    def _sum_up(self, values: list[Any]) -> Any:
        if self._aggregation == "COUNT":
            return Decimal(len(values))
        return _AGGREGATE[str(self._aggregation)]({"values": values})


def _numbers(matched: Sequence[int]) -> str:
    return "、".join(str(index + 1) for index in matched)


def _keys(result: Result) -> list[tuple[type, Any]]:
    """What makes two results equal: in FEEL true is not 1."""
    return [(type(value), value) for value in result]
