"""What an archivist says of a volume: that it is taken in, and for how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.cases.platform import Platform
from workflows.cases.timeline import Line, append
from workflows.documents.orders import READY
from workflows.errors import ForbiddenError, InvalidInputError, RuleError
from workflows.messages import Message
from workflows.storage import Actor
from workflows.storage.ids import decode_id
from workflows.volumes.place import Place, lock_volume
from workflows.volumes.sheets import RETENTION
from workflows.volumes.tables import Volume

RETENTION_TITLES: Mapping[str, Mapping[str, str]] = {
    "short": {"zh": RETENTION["short"], "en": "short term"},
    "long": {"zh": RETENTION["long"], "en": "long term"},
    "permanent": {"zh": RETENTION["permanent"], "en": "permanent"},
}


def may_archive(actor: Actor, place: Place) -> Message | None:
    """None for whoever looks after the archive of the run's unit, else why not."""
    if actor.is_system or actor.may_in("archive", place.run.unit_path):
        return None
    return Message("volumes.may_not_archive")


def check_archive(actor: Actor, place: Place) -> None:
    """Raises ForbiddenError."""
    why = may_archive(actor, place)
    if why is not None:
        raise ForbiddenError(why.code)


def why_not_accepted(volume: Volume) -> Message | None:
    """What keeps a volume from being taken in, None if nothing does."""
    if volume.state != READY:
        return Message("volumes.not_ready")
    if volume.superseded_by is not None:
        return Message("volumes.superseded")
    if volume.accepted_at is not None:
        return Message("volumes.accepted_already")
    if volume.missing:
        titles = [title for _key, title in volume.missing]
        zh, en = "、".join(t["zh"] for t in titles), ", ".join(t["en"] for t in titles)
        return Message("volumes.missing", {"what": {"zh": zh, "en": en}})
    return None


def accept_volume(platform: Platform, actor: Actor, volume: str, retention: str) -> None:
    """Takes a finished, complete volume in, with the retention class that counts from now.

    NotVisibleError, ForbiddenError, InvalidInputError (retention), RuleError (`volumes.missing`
    and the other reasons of `why_not_accepted`); nothing is changed then.
    """
    if retention not in RETENTION:
        raise InvalidInputError("volumes.retention_unknown")
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        place, row = lock_volume(session, platform, actor, decode_id(volume))
        check_archive(actor, place)
        why = why_not_accepted(row)
        if why is not None:
            raise RuleError(why.code, **why.params)
        row.accepted_by, row.accepted_name, row.accepted_at = actor.account_id, actor.name, now
        row.retention = retention
        sentence = Message(
            "volumes.did_accept", {"n": row.number, "retention": RETENTION_TITLES[retention]}
        )
        line = Line("volume.accept", sentence, now, kind="document", run_id=row.run_id)
        append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)
