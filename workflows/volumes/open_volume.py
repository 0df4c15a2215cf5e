"""Opening a finished volume, which is a line of the case's record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.tables import NORMAL, TimelineEntry
from workflows.cases.timeline import Line, append
from workflows.documents.orders import READY
from workflows.errors import RuleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id
from workflows.volumes.place import lock_volume
from workflows.volumes.read import volume_view
from workflows.volumes.tables import Volume
from workflows.volumes.views import VolumeView

READ_AGAIN = timedelta(minutes=30)
"""Opening it again within this time is the same reading."""


def read_volume(platform: Platform, actor: Actor, volume: str) -> tuple[VolumeView, BinaryIO]:
    """A finished volume and its PDF. The reading is recorded.

    NotVisibleError, ForbiddenError, RuleError `volumes.not_ready` or `volumes.restricted`,
    FileLostError.
    """
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        place, row = lock_volume(session, platform, actor, decode_id(volume))
        if row.state != READY or row.sha256 is None:
            raise RuleError("volumes.not_ready")
        if place.case.access_class != NORMAL or place.run.access_class != NORMAL:
            raise RuleError("volumes.restricted")
        if not _read_lately(session, actor, row, now - READ_AGAIN):
            sentence = Message("volumes.did_read", {"n": row.number})
            line = Line("volume.read", sentence, now, kind="document", run_id=row.run_id)
            append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)
        view, sha256 = volume_view(place, row), row.sha256
    return view, platform.files.open(sha256)


def _read_lately(session: Session, actor: Actor, row: Volume, since: datetime) -> bool:
    found = session.scalar(
        select(TimelineEntry.seq)
        .where(
            TimelineEntry.case_id == row.case_id,
            TimelineEntry.run_id == row.run_id,
            TimelineEntry.account_id == actor.account_id,
            TimelineEntry.action == "volume.read",
            TimelineEntry.recorded_at > since,
        )
        .limit(1)
    )
    return found is not None
