"""The worker's side of an order: a handful of cases at a time, each in a transaction of its own.

A case's verdict is written by the transaction that moves it. Whoever dies in the middle leaves the
case as it was and waiting; the outbox row comes back and goes on with those that still wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.migrate_run import Versions, load_for_migration, look, migrate_run
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.engine.migrate_checks import Refusal
from workflows.errors import ConflictError, FengqiaoError
from workflows.messages import Message
from workflows.rollout.migration.orders import CAN, MIGRATE_TOPIC, MOVED, STAYS, WAITING
from workflows.rollout.orders import DONE, OPEN, post, who_ordered
from workflows.rollout.tables import MigrationCase, MigrationJob
from workflows.storage import SYSTEM, Actor

log = structlog.get_logger("fengqiao.migration")

CHUNK = 40
"""Cases between two looks at whether the order was stopped; well below an outbox lease."""


def work_off(platform: Platform, payload: Mapping[str, Any]) -> None:
    """Handler of `MIGRATE_TOPIC`: the next cases of the order, then a new row if any are left.

    May be called twice for the same cases. ConflictError where the database is busy: again later.
    """
    job_id = int(payload["job"])
    with platform.database.reading(SYSTEM) as session:
        job = session.get(MigrationJob, job_id)
        waiting = session.scalars(
            select(MigrationCase.run_id)
            .where(MigrationCase.job_id == job_id, MigrationCase.verdict == WAITING)
            .order_by(MigrationCase.run_id)
            .limit(CHUNK)
        ).all()
    if job is None or job.state != OPEN:
        return
    actor = who_ordered(platform, job)
    for run_id in waiting:
        _decide(platform, actor, job, run_id)
    with platform.database.transaction(SYSTEM) as session:
        if len(waiting) == CHUNK:
            post(session, platform, MIGRATE_TOPIC, job_id)
            return
        order = session.get_one(MigrationJob, job_id)
        order.state, order.done_at = DONE, platform.clock.now()


def _decide(platform: Platform, actor: Actor | None, job: MigrationJob, run_id: int) -> None:
    """One case, whatever happens to it: a case that cannot be read must not keep the others."""
    now = platform.clock.now()
    if actor is None:
        _stays(platform, job, run_id, Refusal(None, Message("rollout.migrate_nobody")), now)
        return
    try:
        _move(platform, actor, job, run_id, now)
    except ConflictError:
        raise
    except FengqiaoError as error:
        _stays(platform, job, run_id, Refusal(None, error.message), now)
    except Exception as error:
        # The library raises whatever it likes on a state it does not understand.
        log.exception("run not moved", run=run_id, why=type(error).__name__)
        _stays(platform, job, run_id, Refusal(None, Message("rollout.migrate_failed")), now)


def _move(platform: Platform, actor: Actor, job: MigrationJob, run_id: int, now: datetime) -> None:
    way = Versions(job.from_version, job.to_version, job.from_number, job.to_number)
    with writing(platform, actor) as session:
        loaded = load_for_migration(session, platform, run_id)
        row = session.get(MigrationCase, (job.id, run_id))
        if row is None or row.verdict != WAITING:
            return
        if job.dry_run:
            found = look(session, platform, loaded, way, now)
        else:
            found = migrate_run(session, platform, loaded, way, now) or b""
        _write(row, found, CAN if job.dry_run else MOVED, now)
        session.flush()


def _stays(
    platform: Platform, job: MigrationJob, run_id: int, refusal: Refusal, now: datetime
) -> None:
    with platform.database.transaction(SYSTEM) as session:
        row = session.get_one(MigrationCase, (job.id, run_id))
        if row.verdict == WAITING:
            _write(row, refusal, STAYS, now)


def _write(row: MigrationCase, found: bytes | Refusal, well: str, now: datetime) -> None:
    row.decided_at = now
    row.verdict = well
    if isinstance(found, Refusal):
        row.verdict, row.code, row.element = STAYS, found.message.code, found.element or ""
        row.reason = message_to_json(found.message)
