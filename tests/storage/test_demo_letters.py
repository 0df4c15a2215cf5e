"""Letters of the demo: sent, received, refused and answered, so that 函件 looks like a week."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from tests.factories.demo import demo_office, few_scripts
from tests.factories.papers import PretendRenderer
from webapp.house import OPERATIONS
from workflows.cases.tables import Run
from workflows.cases.timeline import verify
from workflows.handoffs.tables import Handoff
from workflows.rollout.demo import build_demo_cases
from workflows.storage import SYSTEM, Database


def test_letters_between_the_offices_stand_in_every_state_of_a_week(
    database: Database, tmp_path: Path
) -> None:
    office = demo_office(database, tmp_path, OPERATIONS)
    build_demo_cases(office, scripts=few_scripts()[:1], renderer=PretendRenderer())
    with database.reading(SYSTEM) as session:
        rows = session.scalars(select(Handoff)).all()
        newest = max(row.recorded_at for row in rows)
        assert list(verify(session)) == []
        open_runs = Counter(session.scalars(select(Run.process).where(Run.status == "open")))
    assert Counter(row.state for row in rows) == {
        "sent": 1,
        "received": 2,
        "accepted": 1,
        "declined": 1,
        "answered": 1,
    }
    assert newest <= office.clock.now()
    assert open_runs["litigation_handoff"] == 3
    assert open_runs["petition"] == 2
