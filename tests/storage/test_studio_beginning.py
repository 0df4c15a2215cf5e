"""Two people begin a package with the same key in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.catalogue.source import PackageSource
from workflows.catalogue.tables import PackageVersion
from workflows.errors import ConflictError
from workflows.rollout.versions import Examined
from workflows.storage import SYSTEM, Actor
from workflows.studio.starting import StartFrom, start_from

NEW = "small_relief"


def together() -> Callable[[PackageSource], Examined]:
    """Lets both look for the key before either of them stores."""
    met = Barrier(2, timeout=20)

    def examiner(_source: PackageSource) -> Examined:
        met.wait()
        return Examined((), None)

    return examiner


@pytest.mark.parametrize("units", [("", ""), ("", "1")], ids=["same place", "other place"])
def test_the_second_to_begin_a_key_is_told_that_it_is_taken(
    world: World, units: tuple[str, str]
) -> None:
    people = [world.hire(name, "流程负责人@1") for name in ("owner", "second_owner")]
    examiner = together()

    def begin(who: Actor, unit: str) -> str:
        command = StartFrom("simple_approval", NEW, unit, "小额救助审批")
        try:
            return f"version {start_from(world.platform, who, command, examiner).number}"
        except ConflictError as refused:
            return refused.message.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(begin, people, units))
    assert answers == ["studio.key_taken", "version 1"]
    with world.platform.database.reading(SYSTEM) as session:
        stored = session.scalars(select(PackageVersion.key).where(PackageVersion.key == NEW)).all()
    assert len(stored) == 1
