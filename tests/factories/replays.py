"""Orders to replay the cases of the small package, given and worked off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import delete, select

from tests.factories.cases import KEY, World
from workflows.cases.platform import Platform
from workflows.rollout.replay.orders import REPLAY_TOPIC, OrderReplay, order_replay
from workflows.rollout.replay.records import ReplayPage
from workflows.rollout.replay.view import load_replay_page
from workflows.rollout.replay.work import replay_next
from workflows.storage import SYSTEM, Actor
from workflows.storage.tables import OutboxRow

SKIPS_TALK = ("bpmn/small_matter/small_matter.bpmn", 'way = "talk"', 'way = "talks"')
"""Change: whoever was sent to a talk is refused."""


def ask(world: World, actor: Actor, *, number: int = 1, most: int = 50) -> str:
    """An order, not worked off yet."""
    return order_replay(world.platform, actor, OrderReplay(KEY, number, most))


def turn(platform: Platform) -> bool:
    """What the worker does with the next row of a replay; False where there is none."""
    with platform.database.transaction(SYSTEM) as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.topic == REPLAY_TOPIC)).first()
        if row is None:
            return False
        payload: Mapping[str, Any] = orjson.loads(row.payload)
        session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
    replay_next(platform, payload)
    return True


def through(platform: Platform, actor: Actor, job: str) -> ReplayPage:
    """The order when the worker is through."""
    while turn(platform):
        pass
    return load_replay_page(platform, actor, job)
