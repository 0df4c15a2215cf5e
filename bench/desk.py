"""What the print desk's list costs with 100,000 open items; every fiftieth waits for a court.

Measured is all of `list_waiting`: the list, when each was last printed, what was handed in.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import update

from bench.backlog import committees, fill
from bench.figures import Figure, Spread, timed
from bench.installation import DIALECTS, ROOT, Installation, installed
from tests.factories.cases import add_person
from workflows.cases.tables import WorkItem
from workflows.catalogue.source import read_folder
from workflows.catalogue.versions import add_draft, publish
from workflows.printdesk.queue import list_waiting
from workflows.storage import SYSTEM

ITEMS, EVERY = 100_000, 50
MOST_MS = 50
ROUNDS = 25
COURT, STEP = "judicial_confirmation", "submit"
READERS = {"head of 20 units": "twenty_units", "city observer": "city"}


def measure() -> Iterator[Figure]:
    """One line a reader on both databases."""
    for dialect in DIALECTS:
        with installed(dialect) as house:
            _furnish(house)
            for name, username in READERS.items():
                actor = house.actor(username)
                look = timed(lambda actor=actor: list_waiting(house.platform, actor))  # type: ignore[misc]
                look()
                spread = Spread(tuple(look() for _round in range(ROUNDS)))
                yield spread.in_ms(f"desk of {name} ({dialect})", MOST_MS)


def _furnish(house: Installation) -> None:
    platform = house.platform
    with platform.database.transaction(SYSTEM) as session:
        posts = [f"调委会主任@{office.code}" for office in committees(house)[0][:20]]
        add_person(session, platform.ids, "twenty_units", posts)
        now = platform.clock.now()
        row = add_draft(
            session,
            read_folder(ROOT, COURT),
            version_id=platform.ids.next(),
            author="bench",
            now=now,
        )
        session.flush()
        publish(session, row, now=now)
        platform.catalogue.load(session, row.id)
    fill(house, ITEMS)
    with platform.database.transaction(SYSTEM) as session:
        waiting = (WorkItem.run_id / 256) % EVERY == 0
        session.execute(update(WorkItem).where(waiting).values(process=COURT, element=STEP))
