"""The worker thins old saves once a day; what is left can be compared and brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.cases import KEY, World
from workflows.errors import NotVisibleError
from workflows.jobs.thinning import ThinningSource
from workflows.storage import Actor
from workflows.studio.saves import compare_save
from workflows.studio.talk import add_comment
from workflows.studio.workbench import Save, hand_in, list_saves, open_workbench, restore, save

DRAWN = f"bpmn/{KEY}/{KEY}.bpmn"
MONTHS = timedelta(days=150)
HOUR = timedelta(hours=1)


@pytest.fixture
def owner(world: World) -> Actor:
    return world.hire("owner", "流程负责人@1")


def save_as(world: World, owner: Actor, name: str) -> int:
    """The working copy with another name of a task; number of the save, an hour later."""
    bench = open_workbench(world.platform, owner, KEY)
    before = bench.tree.files[DRAWN].decode()
    first = before.index('name="')
    end = before.index('"', first + 6)
    changed = f'{before[:first]}name="{name}{before[end:]}'
    command = Save(KEY, bench.revision, {DRAWN: changed.encode()})
    number = save(world.platform, owner, command).number
    world.clock.advance(HOUR)
    return number


def numbers(world: World, owner: Actor) -> list[int]:
    return [one.number for one in list_saves(world.platform, owner, KEY)]


def test_old_saves_are_thinned_once_a_day(world: World, owner: Actor) -> None:
    source = ThinningSource(world.platform)
    for name in ("甲", "乙", "丙", "丁", "戊", "己"):
        save_as(world, owner, name)
    assert source.run_due(50) == 0
    assert numbers(world, owner) == [6, 5, 4, 3, 2, 1]
    world.clock.advance(MONTHS)
    source.run_due(50)
    assert numbers(world, owner) == [6]
    save_as(world, owner, "庚")
    assert numbers(world, owner) == [7, 6]
    assert compare_save(world.platform, owner, KEY, 7).changes
    with pytest.raises(NotVisibleError):
        restore(world.platform, owner, KEY, 3)


def test_saves_brought_back_remarked_on_or_handed_in_stay(world: World, owner: Actor) -> None:
    for name in ("甲", "乙"):
        save_as(world, owner, name)
    add_comment(world.platform, owner, KEY, DRAWN, "", "这里再想想")
    world.clock.advance(HOUR)
    for name in ("丙", "丁"):
        save_as(world, owner, name)
    hand_in(world.platform, owner, KEY, 4, "")
    for name in ("戊", "己"):
        save_as(world, owner, name)
    restore(world.platform, owner, KEY, 1)
    world.clock.advance(MONTHS)
    ThinningSource(world.platform).run_due(50)
    assert numbers(world, owner) == [7, 4, 2, 1]


def test_a_second_worker_and_a_second_look_change_nothing(world: World, owner: Actor) -> None:
    for name in ("甲", "乙"):
        save_as(world, owner, name)
    world.clock.advance(MONTHS)
    first, second = ThinningSource(world.platform), ThinningSource(world.platform)
    first.run_due(50)
    second.run_due(50)
    first.run_due(50)
    assert numbers(world, owner) == [2]
