"""The row of a rehearsal: one's own, counted on, the same in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.cases import KEY, World, rows
from workflows.catalogue.package import compile_package
from workflows.catalogue.tables import PackageVersion
from workflows.errors import (
    ForbiddenError,
    InvalidFormError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.rollout.rehearsal_tables import RehearsalRow
from workflows.rollout.scenarios.rehearsal import Stand, add, begin_walk, walk_again
from workflows.rollout.scenarios.rehearsal_rows import (
    KeepScenario,
    drop_rehearsal,
    keep_scenario,
    load_rehearsal,
    save_rehearsal,
)
from workflows.storage import Actor

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
HEAD = "调委会主任@620902104-TW"
REGISTER = {
    "title": "浇水",
    "dispute_kind": "neighbourhood",
    "parties": [{"kind": "person", "name": "李玉梅", "side": "申请人"}],
    "proof": {"$file": "rehearsal.pdf"},
}


@pytest.fixture
def owner(world: World) -> Actor:
    """Looks after all packages."""
    return world.hire("owner", "流程负责人@1-ZZ")


def content(*steps: dict[str, object]) -> dict[str, object]:
    """A walk of the small package."""
    walk = begin_walk(AT, HEAD, HEAD.partition("@")[2], "register", REGISTER)
    for step in steps:
        walk = add(walk, step)
    return dict(walk)


def stand_of(world: World, owner: Actor, *steps: dict[str, object]) -> Stand:
    source = load_rehearsal(world.platform, owner, KEY, 1).source
    return walk_again(compile_package(source), {}, content(*steps))


REFUSE = {"task": "review", "as": HEAD, "data": {"way": "refuse"}}


def test_a_walk_is_stored_and_goes_on(world: World, owner: Actor) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    assert (loaded.content, loaded.revision, loaded.may_publish) == (None, 0, True)
    assert save_rehearsal(world.platform, owner, loaded, content(), 0) == 1
    world.clock.advance(timedelta(minutes=1))
    assert save_rehearsal(world.platform, owner, loaded, content(REFUSE), 1) == 2
    again = load_rehearsal(world.platform, owner, KEY, 1)
    assert (again.content, again.revision) == (content(REFUSE), 2)
    row = rows(world, RehearsalRow)[0]
    assert row.updated_at == world.clock.now()


def test_another_page_has_gone_on_and_nothing_is_stored(world: World, owner: Actor) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    save_rehearsal(world.platform, owner, loaded, content(), 0)
    for revision in (0, 2):
        with pytest.raises(StaleRevisionError):
            save_rehearsal(world.platform, owner, loaded, content(REFUSE), revision)
    assert load_rehearsal(world.platform, owner, KEY, 1).content == content()


def test_a_walk_begins_again_and_pages_of_the_one_before_are_stale(
    world: World, owner: Actor
) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    save_rehearsal(world.platform, owner, loaded, content(), 0)
    assert drop_rehearsal(world.platform, owner, loaded, 1) == 2
    empty = load_rehearsal(world.platform, owner, KEY, 1)
    assert (empty.content, empty.revision) == (None, 2)
    with pytest.raises(StaleRevisionError):
        save_rehearsal(world.platform, owner, loaded, content(), 1)


def test_everybody_has_a_walk_of_their_own(world: World, owner: Actor) -> None:
    second = world.hire("second", "安全审核@1-ZZ")
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    save_rehearsal(world.platform, owner, loaded, content(), 0)
    theirs = load_rehearsal(world.platform, second, KEY, 1)
    assert (theirs.content, theirs.revision, theirs.may_publish) == (None, 0, False)
    save_rehearsal(world.platform, second, theirs, content(REFUSE), 0)
    assert load_rehearsal(world.platform, owner, KEY, 1).content == content()


@pytest.mark.parametrize("post", ["审计员@1-ZZ", "流程负责人@11-ZZ", "调委会主任@111-TW"])
def test_whoever_does_not_look_after_it_may_not(world: World, post: str) -> None:
    somebody = world.hire("somebody", post)
    with pytest.raises(ForbiddenError):
        load_rehearsal(world.platform, somebody, KEY, 1)


def test_a_version_that_is_not_there_is_not_rehearsed(world: World, owner: Actor) -> None:
    for package, number in ((KEY, 9), ("nothing", 1)):
        with pytest.raises(NotVisibleError):
            load_rehearsal(world.platform, owner, package, number)


def test_a_finished_walk_becomes_a_scenario_of_a_new_draft(world: World, owner: Actor) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    stand = stand_of(world, owner, REFUSE)
    command = KeepScenario("refused", " 不受理 ", "说明")
    drafted = keep_scenario(world.platform, owner, loaded, stand, command)
    assert (drafted.version.number, drafted.version.state) == (2, "draft")
    assert [one for one in drafted.findings if one.severity == "error"] == []
    kept = load_rehearsal(world.platform, owner, KEY, 2).source.files
    folder = f"bpmn/{KEY}/scenarios"
    added = set(kept) - set(loaded.source.files)
    assert added == {f"{folder}/refused.json", f"{folder}/files/rehearsal.pdf"}
    assert kept.items() >= loaded.source.files.items()
    assert [row.notes for row in rows(world, PackageVersion)] == ["", "说明"]


def test_an_approver_keeps_nothing(world: World, owner: Actor) -> None:
    second = world.hire("second", "安全审核@1-ZZ")
    loaded = load_rehearsal(world.platform, second, KEY, 1)
    stand = stand_of(world, owner, REFUSE)
    with pytest.raises(ForbiddenError):
        keep_scenario(world.platform, second, loaded, stand, KeepScenario("refused", "x", ""))
    assert len(rows(world, PackageVersion)) == 1


@pytest.mark.parametrize("name", ["", "Refused", "1st", "a b", "a" * 41, "../x"])
def test_a_bad_name_is_refused(world: World, owner: Actor, name: str) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    stand = stand_of(world, owner, REFUSE)
    with pytest.raises(InvalidFormError) as wrong:
        keep_scenario(world.platform, owner, loaded, stand, KeepScenario(name, "", ""))
    assert [error.path for error in wrong.value.errors] == ["/title", "/name"]
    assert len(rows(world, PackageVersion)) == 1


def test_a_name_that_is_taken_is_refused(world: World, owner: Actor) -> None:
    stand = stand_of(world, owner, REFUSE)
    command = KeepScenario("refused", "不受理", "")
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    keep_scenario(world.platform, owner, loaded, stand, command)
    newer = load_rehearsal(world.platform, owner, KEY, 2)
    with pytest.raises(InvalidFormError) as wrong:
        keep_scenario(world.platform, owner, newer, stand, command)
    assert wrong.value.errors[0].message.code == "rollout.rehearsal_taken"


def test_a_walk_that_has_not_ended_is_not_kept(world: World, owner: Actor) -> None:
    loaded = load_rehearsal(world.platform, owner, KEY, 1)
    with pytest.raises(RuleError):
        keep_scenario(
            world.platform, owner, loaded, stand_of(world, owner), KeepScenario("x", "x", "")
        )
