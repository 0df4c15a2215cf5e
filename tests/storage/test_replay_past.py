"""Past cases of the demo through other versions: the same one differs nowhere, another owner only
where the step was taken; nobody's replay shows what no page would."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.factories.demo import ROOT, demo_office, few_scripts
from tests.factories.replays import through
from workflows.cases.decision import Command, CommandKind, FactsChange
from workflows.cases.journal_format import journal_entry
from workflows.cases.platform import Platform
from workflows.cases.tables import CaseRecord, JournalEntry, Run, WorkItem
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import add_draft
from workflows.deadlines.compute import local_day
from workflows.errors import ConflictError, ForbiddenError
from workflows.organisation.accounts import load_account
from workflows.organisation.actors import load_actor
from workflows.rollout.demo import build_demo_cases
from workflows.rollout.events import list_events
from workflows.rollout.replay.orders import OrderReplay, order_replay
from workflows.rollout.replay.past import Outcome, open_replay, replay_past, total
from workflows.rollout.replay.runs import (
    facts_history,
    find_known_run,
    list_past_runs,
    load_past_run,
)
from workflows.rollout.replay.walk import Verdict
from workflows.storage import SYSTEM, Actor, Database
from workflows.storage.ids import encode_id

KEY = "people_mediation"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Platform:
    platform = demo_office(database, tmp_path)
    build_demo_cases(platform, scripts=few_scripts())
    return platform


def draft(before: str = "", after: str = "", path: str = "accept.dmn") -> Package:
    return compile_package(tree(before, after, path))


def tree(before: str, after: str, path: str) -> PackageSource:
    source = read_folder(ROOT, KEY)
    name = f"bpmn/{KEY}/{path}"
    assert before in source.files[name].decode()
    changed = source.files[name].decode().replace(before, after) if before else None
    files = dict(source.files) if changed is None else {**source.files, name: changed.encode()}
    return PackageSource(KEY, files)


def replayed(office: Platform, version: Package, actor: Actor = SYSTEM) -> list[Outcome]:
    return list(replay_past(office, actor, version, most=100))


def who(office: Platform, username: str) -> Actor:
    with office.database.reading(SYSTEM) as session:
        account = load_account(session, username).id
    return load_actor(office.database, account, local_day(office.clock.now()))


def test_the_same_version_differs_nowhere_and_another_owner_where_there_is_one(
    office: Platform,
) -> None:
    same = replayed(office, draft())
    with office.database.reading(SYSTEM) as session:
        lines = session.scalars(select(JournalEntry.run_id)).all()
        normal = session.scalars(
            select(Run.id)
            .join(CaseRecord, CaseRecord.id == Run.case_id)
            .where(Run.access_class == "normal", CaseRecord.access_class == "normal")
        ).all()
    assert len(same) == len(normal) > 3
    assert [(one.differences, one.refused) for one in same] == [((), None)] * len(same)
    assert sum(one.steps for one in same) == sum(run in normal for run in lines)

    lane = 'id="lane_pm_mediate_2" name="'
    given = draft(f"{lane}调委会主任", f"{lane}司法所", "pm_mediate.bpmn")
    found = replayed(office, given)
    parted = {one.run for one in found if one.verdict is Verdict.OTHER_OWNER}
    assert parted == {encode_id(run) for run in _assigned(office)}
    assert total(found).verdicts == {Verdict.OTHER_OWNER: len(parted)}
    assert total(found).partings == [(Verdict.OTHER_OWNER, "assign_mediator", len(parted))]
    assert replayed(office, given) == found


def test_an_order_with_a_flipped_row_of_a_table_parts_exactly_the_runs_it_decided(
    office: Platform,
) -> None:
    flipped = tree('<text>"accept"</text>', '<text>"reject"</text>', "accept.dmn")
    with office.database.transaction(SYSTEM) as session:
        number, now = office.ids.next(), office.clock.now()
        row = add_draft(session, flipped, version_id=number, author="test", now=now)
        version = row.number
    owner = who(office, "owner")
    pages = []
    for _ in range(2):
        job = order_replay(office, owner, OrderReplay(KEY, version, 100))
        pages.append(through(office, owner, job))
    page = pages[0]
    asked = _decided(office, "accept", "accept")
    assert 0 < len(asked) < page.job.total
    assert {run.run for run in page.runs if run.verdict != "same"} == asked
    assert page.job.counts == {"same": page.job.total - len(asked), "other_path": len(asked)}
    assert [(one.verdict, one.runs) for one in page.partings] == [("other_path", len(asked))]
    assert (page.job.counts, page.partings, page.runs) == (
        pages[1].job.counts,
        pages[1].partings,
        pages[1].runs,
    )
    same = through(office, owner, order_replay(office, owner, OrderReplay(KEY, 1, 100)))
    assert same.job.counts == {"same": page.job.total}


def _decided(office: Platform, decision: str, outcome: str) -> set[str]:
    """Runs, not restricted, in which a decision came out so."""
    with office.database.reading(SYSTEM) as session:
        known = [find_known_run(session, run) for run, _ in list_past_runs(session, KEY, most=100)]
        return {
            encode_id(one.run.id)
            for one in known
            if one is not None
            for entry in load_past_run(session, office, one).recorded.entries
            for found in entry.get("decisions", ())
            if found["decision"] == decision and outcome in found["outputs"].values()
        }


def _assigned(office: Platform) -> set[int]:
    """Runs, not restricted, in which the head was asked to assign a mediator."""
    with office.database.reading(SYSTEM) as session:
        asked = session.scalars(
            select(WorkItem.run_id).where(
                WorkItem.element == "assign_mediator", WorkItem.access_class == "normal"
            )
        )
        return set(asked)


def test_who_knows_of_no_case_replays_none_and_restricted_are_left_out(
    office: Platform,
) -> None:
    assert replayed(office, draft(), who(office, "admin")) == []
    before = len(replayed(office, draft()))
    assert len(replayed(office, draft(), who(office, "owner"))) == before
    with office.database.transaction(SYSTEM) as session:
        run = session.scalars(select(Run).where(Run.access_class == "normal").limit(1)).one()
        session.execute(
            update(CaseRecord).where(CaseRecord.id == run.case_id).values(access_class="accusation")
        )
    assert len(replayed(office, draft())) == before - 1


def line(revision: int, **case: object) -> dict[str, object]:
    from tests.factories.times import START

    command = Command(CommandKind.CORRECT, START, None, facts=FactsChange(case))
    return journal_entry(
        command, revision=0, facts_revision=revision, fired=(), answers=(), outcome=""
    )


def test_facts_are_those_of_their_revision_or_it_is_said_that_they_are_lost() -> None:
    at = facts_history([line(1, kind="b"), line(0, kind="a", sum="1"), line(3, kind="d")], {})
    assert at(0).case == {}
    assert at(1).case == {"kind": "a", "sum": "1"}
    assert at(2).case == {"kind": "b", "sum": "1"}
    with pytest.raises(ConflictError):
        at(3)


def test_who_asked_stands_in_the_record_of_the_version(office: Platform) -> None:
    version = open_replay(office, who(office, "owner"), KEY, 1, most=7)
    assert version.digest == draft().digest
    with office.database.reading(SYSTEM) as session:
        row = session.scalars(select(PackageVersion).where(PackageVersion.key == KEY)).one()
        noted = list_events(session, row.id)[0]
    assert (noted.act, noted.who, noted.notes) == ("replayed", who(office, "owner").name, "7")
    with pytest.raises(ForbiddenError):
        open_replay(office, who(office, "head"), KEY, 1, most=7)
