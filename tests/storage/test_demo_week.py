"""The whole demo: what each account finds in the morning. One build for all tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.conftest import load_tables
from tests.factories.demo import demo_office
from workflows.cases.platform import Platform
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.records import InboxRow
from workflows.cases.tables import CaseRecord, ClockRow, Document, Run, WorkItem
from workflows.cases.timeline import verify
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.rollout.demo import build_demo_cases
from workflows.storage import SYSTEM, Base, Database
from workflows.storage.clock import local_day


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    load_tables()
    folder = tmp_path_factory.mktemp("week")
    database = Database(f"sqlite:///{folder / 'fengqiao.db'}")
    Base.metadata.create_all(database.engine)
    platform = demo_office(database, folder / "files")
    told: list[tuple[int, int]] = []
    made = build_demo_cases(platform, tell=lambda done, total: told.append((done, total)))
    assert told == [(done, made) for done in range(1, made + 1)]
    yield platform
    database.dispose()


def rows(platform: Platform, username: str, tab: str) -> tuple[InboxRow, ...]:
    with platform.database.reading(SYSTEM) as session:
        account = load_account(session, username)
        actor = load_actor(session, account.id, local_day(platform.clock.now()))
    return list_inbox(platform, actor, InboxQuery(tab=tab, page_size=100)).rows


INBOXES = {
    ("intake", "mine"): "ask_consent inform_rights review_acceptance",
    ("intake", "claimable"): "ask_consent ask_consent deliver review_acceptance"
    " review_acceptance supplement supplement tell_other_routes",
    ("head", "mine"): "assign_mediator",
    ("head", "claimable"): "assign_mediator seal_paper seal_paper",
    ("mediator", "mine"): "confirm_performance confirm_performance"
    + " draft_agreement extend_consent follow_up"
    + " hold_session" * 4
    + " sign_paper" * 5,
    ("mediator2", "mine"): "confirm_performance confirm_performance confirm_performance"
    + " draft_agreement"
    + " hold_session" * 5
    + " offer_confirmation"
    + " sign_paper" * 8
    + " urge" * 3,
    ("recorder", "mine"): "close_case",
    ("recorder", "claimable"): "close_case oral_agreement",
}


HALF_TYPED = [
    "ask_consent",
    "assign_mediator",
    "draft_agreement",
    "hold_session",
    "review_acceptance",
    "sign_paper",
]


@pytest.mark.parametrize(("username", "tab"), sorted(INBOXES))
def test_inbox_holds_work_of_every_kind(week: Platform, username: str, tab: str) -> None:
    assert sorted(row.name for row in rows(week, username, tab)) == INBOXES[username, tab].split()


@pytest.mark.parametrize("username", ["intake", "mediator", "mediator2"])
def test_something_is_due_soon(week: Platform, username: str) -> None:
    assert rows(week, username, "soon")


def test_closed_cases_have_every_end_of_the_procedure(week: Platform) -> None:
    with week.database.reading(SYSTEM) as session:
        ends = Counter(session.scalars(select(Run.end_state).where(Run.status != "open")))
    assert ends == {
        **{"end_e1": 3, "end_e3": 1, "end_e4": 1, "end_e5": 1, "end_e6": 3},
        **{"end_e7": 8, "end_e8": 1, "voided": 2},
    }


def test_cases_are_as_many_kinds_as_the_office_meets(week: Platform) -> None:
    with week.database.reading(SYSTEM) as session:
        cases = session.scalars(select(CaseRecord)).all()
        paused = session.scalars(select(ClockRow).where(ClockRow.status == "paused")).all()
        drafts = session.scalars(select(WorkItem).where(WorkItem.draft.is_not(None))).all()
    names = {str(party["name"]) for case in cases for party in case.parties}
    assert {case.status for case in cases} == {"open", "closed", "voided", "merged"}
    assert max(len(case.parties) for case in cases) == 8
    assert {"薄㛃", "敬䶮", "景𬱖", "呼和·巴雅尔"} <= names
    assert [case.access_class for case in cases].count("sealed") == 1
    assert len({case.kind for case in cases}) >= 15
    assert len(paused) == 1
    assert sorted(row.element for row in drafts) == HALF_TYPED


def test_documents_wait_for_the_worker(week: Platform) -> None:
    with week.database.reading(SYSTEM) as session:
        counted = session.execute(select(Document.state, func.count()).group_by(Document.state))
        states = {state: count for state, count in counted}
    assert states == {"pending": 268, "void": 2}


def test_no_act_lies_in_the_future_and_every_chain_holds(week: Platform) -> None:
    with week.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []
        due = session.scalars(select(func.min(ClockRow.fires_at))).one()
        newest = session.scalars(select(func.max(CaseRecord.opened_at))).one()
    assert newest < week.clock.now() < due


def test_city_observer_sees_cases_of_three_counties_without_names(week: Platform) -> None:
    seen = rows(week, "city", "visible")
    assert {row.unit for row in seen} >= {"620902104-TW", "620981103-TW", "620924101-TW"}
    assert all(row.parties == () for row in seen)


def test_work_on_a_sealed_case_is_seen_by_whose_it_is_only(week: Platform) -> None:
    title = "醉酒打妻，妻子要求写保证书"
    seen = {
        username: {row.case_title for row in rows(week, username, "visible")}
        for username in ("intake", "mediator", "mediator2")
    }
    assert [username for username in seen if title in seen[username]] == ["mediator2"]
