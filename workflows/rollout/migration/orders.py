"""Orders to move running cases to another version: give one, look at it, stop it, take a case back.

An order lists its cases once, when it is given; the worker goes through them (`migration_work.py`).
Nobody learns of restricted cases they take no part in: those are left out and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select

from workflows.cases.acting import writing
from workflows.cases.migrate_run import load_for_migration, revert_run
from workflows.cases.platform import Platform
from workflows.cases.tables import Run
from workflows.catalogue.tables import PUBLISHED, PackageVersion
from workflows.errors import ConflictError, InvalidInputError, NotVisibleError
from workflows.rollout.orders import load_order, new_order, post, resume_order, stop_order
from workflows.rollout.places import PUBLISH, check_place, find_version, read_place
from workflows.rollout.tables import MigrationCase, MigrationJob
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id

MIGRATE_TOPIC = "package.migrate"
"""Outbox: an order has cases left. Payload {"job"}."""
WAITING, CAN, MOVED, STAYS, REVERTED = "waiting", "can", "moved", "stays", "reverted"
MOST_CHOSEN = 5000
"""Cases named one by one in an order."""


@dataclass(frozen=True, slots=True)
class OrderMigration:
    """`package`: `key` or `key@unit`; `before`, `after`: version numbers; `cases`: outside ids,
    None for all running ones; `dry_run`: only say what would become of them."""

    package: str
    before: int
    after: int
    dry_run: bool
    cases: Sequence[str] | None = None


def order_migration(platform: Platform, actor: Actor, command: OrderMigration) -> str:
    """Gives the order; the job's outside id.

    NotVisibleError (no such version or case), ForbiddenError, InvalidInputError (one and the same
    version, too many cases), ConflictError (the target is not the published version).
    """
    place = read_place(command.package)
    if command.before == command.after:
        raise InvalidInputError("rollout.migrate_same_version")
    with platform.database.transaction(actor) as session:
        check_place(session, place, PUBLISH)
        before = find_version(session, place, command.before)
        after = find_version(session, place, command.after)
        if after.state != PUBLISHED:
            raise ConflictError("rollout.migrate_to_published", number=after.number)
        job = MigrationJob(
            **new_order(platform, actor, place),
            from_version=before.id,
            from_number=before.number,
            to_version=after.id,
            to_number=after.number,
            dry_run=int(command.dry_run),
        )
        session.add(job)
        session.add_all(_cases(session, job, before, command.cases))
        post(session, platform, MIGRATE_TOPIC, job.id)
        return encode_id(job.id)


def stop_migration(platform: Platform, actor: Actor, job: str) -> None:
    """No further case is moved; those that were stay moved. Raises NotVisibleError, ForbiddenError,
    ConflictError (it is over)."""
    with platform.database.transaction(actor) as session:
        stop_order(session, MigrationJob, job, PUBLISH)


def resume_migration(platform: Platform, actor: Actor, job: str) -> None:
    """Goes on where it was stopped. Raises NotVisibleError, ForbiddenError, ConflictError."""
    with platform.database.transaction(actor) as session:
        row = resume_order(session, MigrationJob, job, PUBLISH)
        post(session, platform, MIGRATE_TOPIC, row.id)


def revert_case(platform: Platform, actor: Actor, job: str, run: str) -> None:
    """Takes one run of an order back to the version it came from.

    NotVisibleError, ForbiddenError, ConflictError (`revert_run`).
    """
    number = decode_id(run)
    with writing(platform, actor) as session:
        order = load_order(session, MigrationJob, job, PUBLISH)
        loaded = load_for_migration(session, platform, number)
        row = session.get(MigrationCase, (order.id, number))
        if row is None:
            raise NotVisibleError("cases.unknown_run")
        if row.verdict != MOVED or loaded.run.version_id != order.to_version:
            raise ConflictError("cases.nothing_to_revert")
        now = platform.clock.now()
        revert_run(session, platform, loaded, now)
        row.verdict, row.decided_at = REVERTED, now
        session.flush()


def _cases(
    session: Session, job: MigrationJob, before: PackageVersion, chosen: Sequence[str] | None
) -> list[MigrationCase]:
    """The runs of the order as the actor sees them, each waiting."""
    wanted: list[ColumnElement[bool]] = [_covered(session.actor)]
    if chosen is None:
        wanted += [Run.version_id == before.id, Run.status == "open"]
    else:
        wanted += [Run.case_id.in_(_chosen(chosen)), Run.process == before.key]
    rows = session.execute(select(Run.id, Run.case_id).where(*wanted).order_by(Run.id)).all()
    if chosen is not None and len({row.case_id for row in rows}) < len(set(chosen)):
        raise NotVisibleError("cases.unknown_case")
    return [
        MigrationCase(
            job_id=job.id,
            run_id=row.id,
            case_id=row.case_id,
            verdict=WAITING,
            code="",
            element="",
            reason=None,
            decided_at=None,
        )
        for row in rows
    ]


def _chosen(cases: Sequence[str]) -> set[int]:
    if len(cases) > MOST_CHOSEN:
        raise InvalidInputError("rollout.migrate_too_many", most=MOST_CHOSEN)
    return {decode_id(case) for case in cases}


def _covered(actor: Actor) -> ColumnElement[bool]:
    """Runs of units for which the actor publishes."""
    if actor.is_system:
        return Run.id.is_not(None)
    posts = [post for post in actor.posts if "publish" in post.abilities]
    trees = {post.unit_path for post in posts if post.reach == "subtree"}
    units = {post.unit for post in posts if post.reach == "unit"}
    reached = [Run.unit_path.startswith(path, autoescape=True) for path in sorted(trees)]
    return or_(false(), Run.unit_code.in_(sorted(units)), *reached)
