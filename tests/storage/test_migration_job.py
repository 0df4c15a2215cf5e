"""Orders to move cases: dry run, moving, staying, stopping, crashing, going back, who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.cases import World, rows
from tests.factories.jobs import KilledError
from tests.factories.migration import (
    ADDED_STEP,
    RENAMED_TALK,
    next_turn,
    order,
    publish_next,
    worked_off,
)
from workflows.cases import migrate_run
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.migration_tables import KeptState
from workflows.cases.tables import CaseKeyRow, Run
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError, NotVisibleError
from workflows.organisation.tables import Account
from workflows.rollout.migration import work as migration_work
from workflows.rollout.migration.orders import resume_migration, revert_case, stop_migration
from workflows.rollout.migration.view import load_job_page, load_job_view
from workflows.rollout.tables import MigrationCase
from workflows.storage import SYSTEM, Actor
from workflows.storage.ids import encode_id


@pytest.fixture
def owner(world: World) -> Actor:
    return world.hire("owner", "流程负责人@1")


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration_work, "CHUNK", 2)


def cases(world: World) -> dict[str, str]:
    """Where it stands → outside id of a case: one not reviewed, three in a talk."""
    found = {"review": world.open().case}
    for name in ("talk", "talk2", "talk3"):
        found[name] = world.at_talk()[0].case
    return found


def versions(world: World) -> list[int]:
    """Of each run, in the order they were opened."""
    return [run.version_id for run in rows(world, Run)]


def test_a_dry_run_says_what_would_become_of_each_and_changes_nothing(
    world: World, owner: Actor
) -> None:
    known = cases(world)
    publish_next(world, *RENAMED_TALK)
    before = [(run.version_id, run.revision, run.state) for run in rows(world, Run)]
    page = worked_off(world, owner, order(world, owner, dry_run=True))
    assert (page.job.state, page.job.done, page.job.total) == ("done", 4, 4)
    assert page.job.counts == {"can": 1, "stays": 3}
    assert [(r.message.code, r.element, r.cases) for r in page.reasons] == [
        ("engine.migrate_element_gone", "talk", 3)
    ]
    assert {case.case: case.verdict for case in page.cases} == {
        known["review"]: "can",
        **dict.fromkeys((known["talk"], known["talk2"], known["talk3"]), "stays"),
    }
    assert [(run.version_id, run.revision, run.state) for run in rows(world, Run)] == before


def test_what_can_goes_and_what_cannot_finishes_where_it_is(world: World, owner: Actor) -> None:
    cases(world)
    after = publish_next(world, *RENAMED_TALK)
    page = worked_off(world, owner, order(world, owner))
    assert page.job.counts == {"moved": 1, "stays": 3}
    assert sum(version == after for version in versions(world)) == 1
    assert [case.can_revert for case in page.cases] == [
        case.verdict == "moved" for case in page.cases
    ]


def test_only_chosen_cases_go(world: World, owner: Actor) -> None:
    known = cases(world)
    after = publish_next(world, *ADDED_STEP)
    page = worked_off(world, owner, order(world, owner, cases=[known["talk"], known["talk3"]]))
    assert (page.job.counts, page.job.total) == ({"moved": 2}, 2)
    assert sum(version == after for version in versions(world)) == 2


def test_a_chosen_case_that_is_over_says_so(world: World, owner: Actor) -> None:
    opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="done")
    publish_next(world, *ADDED_STEP)
    page = worked_off(world, owner, order(world, owner, cases=[opened.case]))
    assert [reason.message.code for reason in page.reasons] == ["engine.migrate_ended"]


def test_a_stopped_order_moves_no_more_and_goes_on_when_resumed(world: World, owner: Actor) -> None:
    cases(world)
    publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    next_turn(world)
    stop_migration(world.platform, owner, job)
    page = worked_off(world, owner, job)
    assert (page.job.state, page.job.done, page.job.total) == ("stopped", 2, 4)
    with pytest.raises(ConflictError):
        stop_migration(world.platform, owner, job)
    resume_migration(world.platform, owner, job)
    page = worked_off(world, owner, job)
    assert (page.job.state, page.job.counts) == ("done", {"moved": 4})
    with pytest.raises(ConflictError):
        resume_migration(world.platform, owner, job)


def test_a_worker_that_dies_in_the_middle_of_a_case_leaves_it_whole(
    world: World, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(world)
    first, after = versions(world)[0], publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    real, seen = migrate_run.save_items, list[Any]()

    def dies(session: Any, changed: Any) -> None:
        real(session, changed)
        seen.append(None)
        if len(seen) == 2:
            raise KilledError

    monkeypatch.setattr(migrate_run, "save_items", dies)
    with pytest.raises(KilledError):
        migration_work.work_off(world.platform, {"job": rows(world, MigrationCase)[0].job_id})
    assert sorted(versions(world)) == sorted([after, first, first, first])
    assert [row.verdict for row in rows(world, MigrationCase)] == ["moved", *["waiting"] * 3]
    assert len(rows(world, KeptState)) == 1
    monkeypatch.setattr(migrate_run, "save_items", real)
    page = worked_off(world, owner, job)
    assert page.job.counts == {"moved": 4}
    assert set(versions(world)) == {after}


def test_doing_the_same_piece_twice_moves_nothing_twice(world: World, owner: Actor) -> None:
    cases(world)
    publish_next(world, *ADDED_STEP)
    page = worked_off(world, owner, order(world, owner))
    revisions = [run.revision for run in rows(world, Run)]
    migration_work.work_off(world.platform, {"job": rows(world, MigrationCase)[0].job_id})
    assert [run.revision for run in rows(world, Run)] == revisions
    assert load_job_page(world.platform, owner, page.job.id).job.counts == page.job.counts


def test_a_case_that_cannot_be_read_does_not_keep_the_others(world: World, owner: Actor) -> None:
    cases(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(CaseKeyRow, rows(world, Run)[0].case_id).wrapped = None
    publish_next(world, *ADDED_STEP)
    page = worked_off(world, owner, order(world, owner))
    assert page.job.counts == {"moved": 3, "stays": 1}


def test_one_case_goes_back_with_one_call(world: World, owner: Actor) -> None:
    cases(world)
    first = versions(world)[0]
    publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    page = worked_off(world, owner, job)
    revert_case(world.platform, owner, job, page.cases[1].run)
    assert versions(world).count(first) == 1
    again = load_job_page(world.platform, owner, job)
    assert again.job.counts == {"moved": 3, "reverted": 1}
    assert [case.can_revert for case in again.cases] == [True, False, True, True]
    with pytest.raises(ConflictError):
        revert_case(world.platform, owner, job, page.cases[1].run)


def test_cases_come_page_by_page(
    world: World, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.rollout.migration.view.PAGE", 3)
    cases(world)
    publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    first = worked_off(world, owner, job)
    second = load_job_page(world.platform, owner, job, after=first.next)
    assert [len(first.cases), len(second.cases), second.next] == [3, 1, None]
    assert not {c.run for c in first.cases} & {c.run for c in second.cases}


def test_restricted_cases_are_neither_moved_nor_counted_nor_named(
    world: World, owner: Actor
) -> None:
    known = cases(world)
    seal(world.platform, world.actor("head"), CaseCommand(known["talk"], reason="保密"))
    publish_next(world, *ADDED_STEP)
    page = worked_off(world, owner, order(world, owner))
    assert page.job.counts == {"moved": 3}
    assert known["talk"] not in {case.case for case in page.cases}
    with pytest.raises(NotVisibleError):
        order(world, owner, cases=[known["talk"]])


def test_a_case_restricted_after_the_order_is_left_alone(world: World, owner: Actor) -> None:
    known = cases(world)
    publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    seal(world.platform, world.actor("head"), CaseCommand(known["talk"], reason="保密"))
    page = worked_off(world, owner, job)
    assert known["talk"] not in {case.case for case in page.cases}
    assert page.job.counts == {"moved": 3}
    assert [r.verdict for r in rows(world, MigrationCase)].count("stays") == 1


def test_who_gave_the_order_and_is_gone_moves_nothing(world: World, owner: Actor) -> None:
    cases(world)
    publish_next(world, *ADDED_STEP)
    job = order(world, owner)
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, owner.account_id).active = False
    page = worked_off(world, owner, job)
    assert [reason.message.code for reason in page.reasons] == ["rollout.migrate_nobody"]


def test_only_whoever_publishes_there_gives_orders(world: World) -> None:
    publish_next(world, *ADDED_STEP)
    with pytest.raises(ForbiddenError):
        order(world, world.actor("head"))


def test_orders_that_make_no_sense_are_refused(world: World) -> None:
    top = world.hire("top", "流程负责人@1")
    with pytest.raises(InvalidInputError):
        order(world, top, after=1)
    with pytest.raises(NotVisibleError):
        order(world, top)
    publish_next(world, *ADDED_STEP)
    with pytest.raises(ConflictError):
        order(world, top, before=2, after=1)
    with pytest.raises(NotVisibleError):
        load_job_view(world.platform, top, encode_id(7))


def test_the_system_moves_everything(world: World) -> None:
    cases(world)
    publish_next(world, *ADDED_STEP)
    assert worked_off(world, SYSTEM, order(world, SYSTEM)).job.counts == {"moved": 4}
