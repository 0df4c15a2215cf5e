"""Versions of the small package that differ, and orders that are worked off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import delete, select

from tests.factories.cases import KEY, World, small_package
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.rollout.migration.orders import MIGRATE_TOPIC, OrderMigration, order_migration
from workflows.rollout.migration.view import JobPage, load_job_page
from workflows.rollout.migration.work import work_off
from workflows.storage import SYSTEM, Actor
from workflows.storage.tables import OutboxRow

DIAGRAM = f"bpmn/{KEY}/{KEY}.bpmn"
TALK_FORM = f"forms/{KEY}/talk.schema.json"
Change = tuple[str, str, str]

RETITLED: tuple[Change, ...] = ((DIAGRAM, '"调解"', '"当面调解"'),)
OTHER_FORM: tuple[Change, ...] = ((TALK_FORM, '"Note"', '"Minutes"'),)
OTHER_ROLE: tuple[Change, ...] = (
    (DIAGRAM, 'id="lane_sm_talks" name="人民调解员"', 'id="lane_sm_talks" name="调委会主任"'),
)
FAR_ROLE: tuple[Change, ...] = (
    (
        DIAGRAM,
        'id="lane_sm_talks" name="人民调解员">',
        'id="lane_sm_talks" name="市级观察员"><bpmn:extensionElements>'
        '<spiffworkflow:properties><spiffworkflow:property name="scope" value="county"/>'
        "</spiffworkflow:properties></bpmn:extensionElements>",
    ),
)
ADDED_STEP: tuple[Change, ...] = (
    (
        DIAGRAM,
        '<bpmn:endEvent id="t_e">',
        '<bpmn:userTask id="sign_off" name="审签"></bpmn:userTask>'
        '<bpmn:sequenceFlow id="f_sign_off_t_e" sourceRef="sign_off" targetRef="t_e"/>'
        '<bpmn:endEvent id="t_e">',
    ),
    (
        DIAGRAM,
        "<bpmn:flowNodeRef>t_e</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>t_e</bpmn:flowNodeRef><bpmn:flowNodeRef>sign_off</bpmn:flowNodeRef>",
    ),
    (DIAGRAM, 'sourceRef="t_g" targetRef="t_e"', 'sourceRef="t_g" targetRef="sign_off"'),
)
RENAMED_TALK: tuple[Change, ...] = tuple(
    (DIAGRAM, before, before.replace('talk"', 'speak"').replace(">talk<", ">speak<"))
    for before in (
        'id="talk"',
        ">talk<",
        'attachedToRef="talk"',
        'sourceRef="talk"',
        'targetRef="talk"',
    )
)


def changed(*changes: Change) -> PackageSource:
    """The small package with (path, before, after) replaced; each must be there."""
    files = dict(small_package().files)
    for path, before, after in changes:
        text = files[path].decode()
        assert before in text, before
        files[path] = text.replace(before, after).encode()
    return PackageSource(KEY, files)


def publish_next(world: World, *changes: Change) -> int:
    """The changed package is the one new cases use; its id."""
    platform = world.platform
    with platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            changed(*changes),
            version_id=platform.ids.next(),
            author="test",
            now=world.clock.now(),
        )
        session.flush()
        publish(session, row, now=world.clock.now())
        return row.id


def order(world: World, actor: Actor, *, dry_run: bool = False, **rest: Any) -> str:
    """An order from the first version to the second, not worked off yet."""
    command = OrderMigration(KEY, rest.pop("before", 1), rest.pop("after", 2), dry_run, **rest)
    return order_migration(world.platform, actor, command)


def next_turn(world: World) -> bool:
    """What the worker does with the next row of an order; False where there is none."""
    with world.platform.database.transaction(SYSTEM) as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.topic == MIGRATE_TOPIC)).first()
        if row is None:
            return False
        payload: Mapping[str, Any] = orjson.loads(row.payload)
        session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
    work_off(world.platform, payload)
    return True


def worked_off(world: World, actor: Actor, job: str) -> JobPage:
    """The order when the worker is through."""
    while next_turn(world):
        pass
    return load_job_page(world.platform, actor, job)
