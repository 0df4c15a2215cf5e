"""One run to another version and back, on the site's rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.cases import World, rows
from tests.factories.engine import MORNING
from tests.factories.installation import check_run
from tests.factories.migration import (
    ADDED_STEP,
    FAR_ROLE,
    OTHER_FORM,
    OTHER_ROLE,
    RENAMED_TALK,
    RETITLED,
    Change,
    publish_next,
)
from workflows.cases.acting import writing
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.migrate_run import Versions, load_for_migration, migrate_run, revert_run
from workflows.cases.migration_tables import KeptState
from workflows.cases.queries.decided import _with_versions
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.task_page import load_task_page
from workflows.cases.receive_message import ReceiveMessage, receive_message
from workflows.cases.save_decision import REDELIVER_TOPIC
from workflows.cases.save_draft import SaveDraft, save_draft
from workflows.cases.tables import ClockRow, JournalEntry, Run, WorkItem
from workflows.cases.timeline import Broken, verify
from workflows.engine.migrate_checks import Refusal
from workflows.errors import ConflictError, ForbiddenError, NotVisibleError, StaleRevisionError
from workflows.rollout.replay.runs import find_known_run, load_past_run
from workflows.rollout.replay.walk import replay
from workflows.storage import SYSTEM, Actor
from workflows.storage.ids import decode_id, decode_item
from workflows.storage.tables import OutboxRow


def going(world: World, *changes: Change) -> tuple[Versions, str, InboxRow]:
    """(from version 1 to the changed one, run, its open talk)."""
    opened, talk = world.at_talk()
    (run,) = rows(world, Run)
    after = publish_next(world, *changes)
    return Versions(run.version_id, after, 1, 2), opened.run, talk


def go(world: World, way: Versions, run: str, actor: Actor | None = None) -> Refusal | None:
    with writing(world.platform, actor or SYSTEM) as session:
        loaded = load_for_migration(session, world.platform, decode_id(run))
        return migrate_run(session, world.platform, loaded, way, world.clock.now())


def back(world: World, run: str) -> None:
    with writing(world.platform, SYSTEM) as session:
        loaded = load_for_migration(session, world.platform, decode_id(run))
        revert_run(session, world.platform, loaded, world.clock.now())


def broken(world: World) -> list[Broken]:
    with world.platform.database.reading(SYSTEM) as session:
        return list(verify(session))


def item(world: World, talk: InboxRow) -> Any:
    run, number = decode_item(talk.id)
    with world.platform.database.reading(SYSTEM) as session:
        return session.get(WorkItem, (run, number))


def clocks(world: World) -> list[dict[str, Any]]:
    names = [column.name for column in ClockRow.__table__.c]
    return [{name: getattr(row, name) for name in names} for row in rows(world, ClockRow)]


def test_a_moved_run_takes_the_added_step_and_completes(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    assert go(world, way, run) is None
    done = world.complete("mediator", talk, outcome="done")
    (sign_off,) = done.tasks
    assert sign_off.name == "sign_off"
    world.complete("mediator", sign_off)
    (row,) = rows(world, Run)
    assert (row.status, row.end_state, row.version_id) == ("completed", "e_done", way.after)
    assert broken(world) == []


def test_clocks_stay_as_they_are_to_the_last_column(world: World) -> None:
    way, run, _talk = going(world, *ADDED_STEP)
    before = clocks(world)
    world.clock.advance(timedelta(days=3))
    assert go(world, way, run) is None
    assert clocks(world) == before


def test_a_draft_and_the_one_who_has_the_task_stay(world: World) -> None:
    way, run, talk = going(world, *RETITLED, *OTHER_FORM)
    mediator = world.actor("mediator")
    claim(world.platform, mediator, ItemCommand(talk.id))
    save_draft(world.platform, mediator, SaveDraft(talk.id, {"note": "谈了一半"}, 0))
    assert go(world, way, run) is None
    page = load_task_page(world.platform, mediator, talk.id)
    assert page.draft == {"note": "谈了一半"}
    assert (page.row.assignee, page.row.title["zh"]) == ("mediator", "当面调解")
    assert page.form is not None
    assert page.form.schema["properties"]["note"]["x-i18n"]["en"]["title"] == "Minutes"


@pytest.mark.parametrize("changes", [RETITLED, OTHER_FORM, OTHER_ROLE], ids=str)
def test_a_task_that_looks_different_has_a_new_revision(
    world: World, changes: tuple[Change, ...]
) -> None:
    way, run, talk = going(world, *changes)
    assert go(world, way, run) is None
    assert item(world, talk).revision == talk.revision + 1
    who = "head" if changes == OTHER_ROLE else "mediator"
    with pytest.raises(StaleRevisionError):
        world.complete(who, talk, outcome="done")


def test_a_task_that_looks_the_same_keeps_its_revision(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    assert go(world, way, run) is None
    assert item(world, talk).revision == talk.revision


def test_a_lane_of_another_unit_takes_the_task_there(world: World) -> None:
    way, run, talk = going(world, *FAR_ROLE)
    assert go(world, way, run) is None
    row = item(world, talk)
    assert (row.role, row.unit_code) == ("市级观察员", "11-ZZ")


def test_a_refused_run_stays_as_it_was(world: World) -> None:
    way, run, talk = going(world, *RENAMED_TALK)
    (before,) = rows(world, Run)
    found = go(world, way, run)
    assert found is not None
    assert (found.message.code, found.element) == ("engine.migrate_element_gone", "talk")
    (after,) = rows(world, Run)
    assert (after.state, after.revision, after.version_id) == (
        before.state,
        before.revision,
        before.version_id,
    )
    assert rows(world, KeptState) == []
    world.complete("mediator", talk, outcome="done")
    assert rows(world, Run)[0].end_state == "e_done"


def test_a_run_goes_back_byte_for_byte_and_on(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP, *RETITLED)
    with writing(world.platform, SYSTEM) as session:
        loaded = load_for_migration(session, world.platform, decode_id(run))
        package = world.platform.catalogue.load(session, way.before)
        before = loaded.snapshot(package).state
    assert go(world, way, run) is None
    back(world, run)
    with writing(world.platform, SYSTEM) as session:
        loaded = load_for_migration(session, world.platform, decode_id(run))
        assert loaded.snapshot(package).state == before
    row = item(world, talk)
    assert (row.title["zh"], row.revision) == ("调解", talk.revision + 2)
    assert rows(world, KeptState) == []
    (task,) = [t for t in rows(world, WorkItem) if t.state == "open"]
    assert task.element == "talk"


def test_going_back_is_refused_once_something_was_done(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    assert go(world, way, run) is None
    world.complete("mediator", talk, outcome="again")
    with pytest.raises(ConflictError) as refused:
        back(world, run)
    assert refused.value.message.code == "cases.revert_overtaken"


def test_nothing_to_go_back_to_is_said(world: World) -> None:
    _way, run, _talk = going(world)
    with pytest.raises(ConflictError) as refused:
        back(world, run)
    assert refused.value.message.code == "cases.nothing_to_revert"


def test_the_journal_leads_to_the_same_state_across_versions(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    go(world, way, run)
    back(world, run)
    go(world, way, run)
    world.complete("mediator", talk, outcome="done")
    assert check_run(world.platform, run) == [
        "start",
        "complete",
        "migrated",
        "reverted",
        "migrated",
        "complete",
    ]


def test_a_moved_run_is_replayed_through_both_its_versions(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    go(world, way, run)
    world.complete("mediator", talk, outcome="again")
    with world.platform.database.reading(SYSTEM) as session:
        known = find_known_run(session, decode_id(run))
        assert known is not None
        past = load_past_run(session, world.platform, known)
        draft = world.platform.catalogue.load(session, way.after)
    found = replay(past.recorded, draft, past.due)
    assert (found.steps, found.differences) == (4, ())


def test_the_record_says_from_where_to_where(world: World) -> None:
    way, run, _talk = going(world, *ADDED_STEP)
    go(world, way, run)
    back(world, run)
    with world.platform.database.reading(SYSTEM) as session:
        kinds = list(session.scalars(select(JournalEntry.kind).order_by(JournalEntry.number)))
    assert kinds[-2:] == ["migrated", "reverted"]
    assert broken(world) == []


def test_early_messages_are_offered_again(world: World) -> None:
    opened, _talk = world.at_talk()
    (run,) = rows(world, Run)
    message = ReceiveMessage(opened.case, "m1", "small.answer", {"heard": "x"})
    receive_message(world.platform, world.actor("head"), message)
    way = Versions(run.version_id, publish_next(world, *ADDED_STEP), 1, 2)
    before = sum(row.topic == REDELIVER_TOPIC for row in rows(world, OutboxRow))
    assert go(world, way, opened.run) is None
    after = sum(row.topic == REDELIVER_TOPIC for row in rows(world, OutboxRow))
    assert after == before + 1


def test_a_closed_run_is_never_moved(world: World) -> None:
    way, run, talk = going(world, *ADDED_STEP)
    world.complete("mediator", talk, outcome="done")
    found = go(world, way, run)
    assert found is not None
    assert found.message.code == "engine.migrate_ended"


def test_a_run_on_another_version_is_not_moved(world: World) -> None:
    way, run, _talk = going(world, *ADDED_STEP)
    assert go(world, way, run) is None
    found = go(world, way, run)
    assert found is not None
    assert found.message.code == "cases.migrate_other_version"


def test_only_whoever_publishes_for_the_unit_may(world: World) -> None:
    way, run, _talk = going(world, *ADDED_STEP)
    near, far = world.hire("near", "流程负责人@11"), world.hire("far", "流程负责人@1111-TW")
    for actor in (world.actor("head"), far):
        with pytest.raises(ForbiddenError):
            go(world, way, run, actor)
    assert go(world, way, run, near) is None


def test_a_restricted_case_does_not_exist_for_whoever_may_not_read_it(world: World) -> None:
    opened, _talk = world.at_talk()
    (row,) = rows(world, Run)
    way = Versions(row.version_id, publish_next(world, *ADDED_STEP), 1, 2)
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, reason="保密"))
    with pytest.raises(NotVisibleError):
        go(world, way, opened.run, world.hire("near", "流程负责人@11"))


def test_decisions_are_read_by_the_version_they_were_made_under() -> None:
    run = Run(id=1, version_id=3)
    at = MORNING
    lines = [
        (run, at, {"kind": "start"}),
        (run, at, {"kind": "migrated", "from": 1, "to": 3}),
        (run, at, {"kind": "complete"}),
    ]
    assert [version for version, _at, _line in _with_versions(lines)] == [1, 3, 3]
