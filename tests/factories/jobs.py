"""Sources that fail on purpose, and an office full of open cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import String, Table, cast, insert, literal, select, true

from tests.factories.cases import World
from workflows.cases.tables import CaseRecord, ClockRow, Run
from workflows.storage import SYSTEM
from workflows.storage.types import UtcDateTime

SHIFT = 1 << 40
"""Between the ids of a case and those of its first copy."""


class KilledError(BaseException):
    """The process ends here."""


@dataclass
class PretendSource:
    """Does what it is given to do at each turn; nothing afterwards."""

    name: str
    turns: list[Callable[[], int]] = field(default_factory=list)
    done: int = 0

    def run_due(self, limit: int) -> int:
        if not self.turns:
            return 0
        self.done += 1
        return self.turns.pop(0)()


def crowd(world: World, copies: int) -> None:
    """Copies the rows of all open cases `copies` times, due much later: many cases to look past.

    The copies share the originals' contents; nobody can open them, which no search needs.
    """
    one = select(literal(1).label("n")).cte(recursive=True)
    numbers = one.union_all(select(one.c.n + 1).where(one.c.n < copies))
    later = literal(world.clock.now() + timedelta(days=400), UtcDateTime())
    with world.platform.database.transaction(SYSTEM) as session:
        for mapped, ids in ((CaseRecord, "id"), (Run, "id case_id"), (ClockRow, "run_id case_id")):
            table = mapped.__table__
            assert isinstance(table, Table)
            every = table.join(numbers, true())
            changed = {name: table.c[name] + SHIFT + numbers.c.n for name in ids.split()}
            if mapped is CaseRecord:
                changed["number"] = table.c.number.concat(cast(numbers.c.n, String))
            if mapped is ClockRow:
                changed |= {"due_at": later, "fires_at": later}
            values = [changed.get(column.name, column) for column in table.c]
            session.execute(
                insert(table).from_select(table.c.keys(), select(*values).select_from(every))
            )
