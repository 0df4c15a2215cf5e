"""The tasks of a state's document, by name: what migrating reads and cuts (see `state.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.engine.pruning import ALIVE

ID, PARENT, CHILDREN, STATE, NAME, CHANGED, TRIGGERED, INTERNAL, CHANGE = range(9)
"""Places in a task's row."""
LAST, TREE, ROWS = 2, 5, 6
"""Places in a body: the last task that ran, the root, the rows, parents first."""
Row = list[Any]


class Body:
    """The tasks of the spine, of a sub-process or of a called process; changes are made in the
    document itself."""

    def __init__(self, raw: list[Any]) -> None:
        self._raw = raw
        self.rows: list[Row] = raw[ROWS]
        self._by_id: dict[int, Row] = {row[ID]: row for row in self.rows}

    def row(self, number: int) -> Row:
        """The task with this number."""
        return self._by_id[number]

    def alive(self) -> list[Row]:
        """Tasks that wait, are ready or have begun."""
        return [row for row in self.rows if int(row[STATE]) & int(ALIVE)]

    def above(self, row: Row) -> Iterator[Row]:
        """The tasks that led to this one, nearest first."""
        while row[PARENT] is not None:
            row = self._by_id[row[PARENT]]
            yield row

    def remove(self, row: Row) -> None:
        """Takes one task out; whoever calls has given its children to somebody."""
        self.rows.remove(row)
        del self._by_id[row[ID]]
        if self._raw[LAST] == row[ID]:
            self._raw[LAST] = row[PARENT]

    def drop(self, number: int) -> None:
        """Takes a task out with everything below it."""
        row = self._by_id[number]
        for child in list(row[CHILDREN]):
            self.drop(child)
        self._by_id[row[PARENT]][CHILDREN].remove(number)
        self.remove(row)
