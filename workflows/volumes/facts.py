"""What cover and 备考表 say of a run: read once, when the order is taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from workflows.cases.decision import today_of
from workflows.cases.tables import Document
from workflows.documents.freeze import open_facts
from workflows.organisation.names import load_named
from workflows.organisation.tables import Unit
from workflows.storage import Session
from workflows.volumes.place import Place
from workflows.volumes.tables import Volume

MEDIATORS = ("mediator", "mediator_name")
"""Names under which packages keep who mediated."""
REMARK = "volume_note"
"""Case fact: what the filing officer wrote of the volume."""


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """Texts are as people read them; dates are local days, None where there is none yet.

    `version`: the volume's number in its run; `created`: when the order was given, from which all
    dates in the file come.
    """

    heading: str
    unit: str
    title: str
    number: str
    mediator: str
    begun: date
    ended: date | None
    keeper: str
    made: date
    retention: str
    version: int
    remark: str
    created: datetime


def read_facts(session: Session, place: Place, volume: Volume, now: datetime) -> VolumeFacts:
    """Three statements."""
    unit = session.scalar(select(Unit.name).where(Unit.code == place.run.unit_code))
    closed = place.run.closed_at
    return VolumeFacts(
        heading=f"{place.package.manifest.title['zh']}卷宗",
        unit=unit or place.run.unit_code,
        title=place.case.title,
        number=place.run.number or place.case.number,
        mediator=_mediator(session, place),
        begun=today_of(place.run.opened_at),
        ended=today_of(closed) if closed else None,
        keeper=volume.ordered_name,
        made=today_of(now),
        retention=volume.retention,
        version=volume.number,
        remark=str(place.case.facts.get(REMARK) or ""),
        created=volume.ordered_at,
    )


def _mediator(session: Session, place: Place) -> str:
    """Who mediated, as the run's newest document knows it; "" where none says."""
    newest = session.scalars(
        select(Document)
        .where(Document.run_id == place.run.id)
        .order_by(Document.id.desc())
        .limit(1)
        .options(undefer(Document.facts))
    ).one_or_none()
    if newest is None:
        return ""
    frozen = open_facts(place.key, newest.id, newest.facts)
    named = next((frozen["data"][name] for name in MEDIATORS if frozen["data"].get(name)), "")
    known = frozen["people"].get(named)
    if known:
        return str(known["name"])
    return load_named(session, {str(named)}).get(str(named), str(named)) if named else ""
