"""A run and its case as this room's use cases need them, and who may look."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseKeyRow, CaseRecord, Run
from workflows.catalogue.package import Package
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id
from workflows.storage.vault import CaseKey, KeyDestroyedError
from workflows.volumes.tables import Volume


@dataclass(frozen=True, slots=True)
class Place:
    """A run, its case with the open key, and the package the run goes by."""

    case: CaseRecord
    run: Run
    key: CaseKey
    package: Package


def load_place(session: Session, platform: Platform, actor: Actor, run: str) -> Place:
    """For reading. NotVisibleError, ForbiddenError without full sight, RuleError
    `volumes.erased`."""
    return _place(session, platform, actor, decode_id(run), locked=False)


def lock_place(session: Session, platform: Platform, actor: Actor, run: str) -> Place:
    """The same with the case's row held to the end of the transaction: its record is written."""
    return _place(session, platform, actor, decode_id(run), locked=True)


def load_volume(
    session: Session, platform: Platform, actor: Actor, volume: str
) -> tuple[Place, Volume]:
    """A volume and where it belongs, for reading. Raises what `load_place` raises."""
    row = session.get(Volume, decode_id(volume))
    if row is None:
        raise NotVisibleError("volumes.unknown")
    return _place(session, platform, actor, row.run_id, locked=False), row


def lock_volume(
    session: Session, platform: Platform, actor: Actor, volume_id: int
) -> tuple[Place, Volume]:
    """The same with both rows held. Always the case first: two writers never wait for each other
    in a ring."""
    run_id = session.scalar(select(Volume.run_id).where(Volume.id == volume_id))
    if run_id is None:
        raise NotVisibleError("volumes.unknown")
    place = _place(session, platform, actor, run_id, locked=True)
    row = session.scalars(select(Volume).where(Volume.id == volume_id).with_for_update()).one()
    return place, row


def _place(
    session: Session, platform: Platform, actor: Actor, run_id: int, *, locked: bool
) -> Place:
    wanted = (
        select(Run, CaseRecord, CaseKeyRow.wrapped)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .where(Run.id == run_id)
    )
    found = session.execute(wanted.with_for_update(of=CaseRecord) if locked else wanted)
    row = found.one_or_none()
    if row is None:
        raise NotVisibleError("volumes.unknown")
    level = level_of(actor, load_parts(session, row.CaseRecord.id), run_id)
    if level is Level.NONE:
        raise NotVisibleError("volumes.unknown")
    if level is not Level.FULL:
        raise ForbiddenError("volumes.full_sight")
    try:
        key = platform.vault.open_key(row.wrapped)
    except KeyDestroyedError as error:
        raise RuleError("volumes.erased") from error
    package = platform.catalogue.load(session, row.Run.version_id)
    return Place(row.CaseRecord, row.Run, key, package)
