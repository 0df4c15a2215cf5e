"""Demo cases on both databases: all or none, once. `test_demo_week.py` looks at the whole week."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.factories.demo import FEW, ROOT, demo_office, few_scripts
from workflows.cases.platform import Platform
from workflows.cases.queries.decided import load_decided
from workflows.cases.tables import CaseRecord, ClockRow, IssuedNumber, TimelineEntry, WorkItem
from workflows.cases.timeline import verify
from workflows.deadlines.compute import local_day
from workflows.errors import NotVisibleError
from workflows.messages import Message
from workflows.organisation.actors import load_actor
from workflows.organisation.tables import Account
from workflows.rollout.demo import build_demo_cases
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id

TABLES = (CaseRecord, ClockRow, WorkItem, TimelineEntry, IssuedNumber, Account)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Platform:
    return demo_office(database, tmp_path)


def counts(database: Database) -> list[int]:
    """Rows of every table a demo case writes to."""
    with database.reading(SYSTEM) as session:
        return [session.scalars(select(func.count()).select_from(t)).one() for t in TABLES]


def test_build_demo_cases_makes_chained_cases_in_the_past_once(office: Platform) -> None:
    assert build_demo_cases(office, scripts=few_scripts()) == len(FEW)
    with office.database.reading(SYSTEM) as session:
        states = Counter(session.scalars(select(CaseRecord.status)))
        newest = session.scalars(select(func.max(TimelineEntry.recorded_at))).one()
        assert list(verify(session)) == []
    assert states == {"open": 4, "merged": 1, "closed": 1}
    assert newest <= office.clock.now()
    before = counts(office.database)
    assert build_demo_cases(office, scripts=few_scripts()) == 0
    assert counts(office.database) == before


def test_build_demo_cases_killed_in_the_middle_leaves_none_and_can_start_again(
    office: Platform, tmp_path: Path
) -> None:
    before = counts(office.database)
    command = [sys.executable, "-m", "tests.factories.demo", office.database.url, str(tmp_path)]
    killed = subprocess.run(command, cwd=ROOT, check=False, timeout=120)
    assert killed.returncode == -9
    assert counts(office.database) == before
    assert build_demo_cases(office, scripts=few_scripts()[:1]) == 1


def test_why_each_decision_came_out_so_is_kept_with_the_case(office: Platform) -> None:
    build_demo_cases(office, scripts=few_scripts())
    with office.database.reading(SYSTEM) as session:
        closed = session.scalars(select(CaseRecord.id).where(CaseRecord.status == "closed")).one()
        stranger = session.scalars(select(Account.id).where(Account.username == "grid")).one()
        actor = load_actor(session, stranger, local_day(office.clock.now()))
    page = load_decided(office, SYSTEM, encode_id(closed))
    made = {view.title: view for view in page.decisions}
    assert [view.at for view in page.decisions] == sorted(
        (view.at for view in page.decisions), reverse=True
    )
    recusal = made["判断是否回避"]
    assert dict(recusal.inputs)["当事人要求更换"] == Message("cases.value_no")
    assert dict(recusal.outputs)["须回避"] == Message("cases.value_no")
    assert [rule.number for rule in recusal.rules] == [6]
    with pytest.raises(NotVisibleError):
        load_decided(office, actor, encode_id(closed))
