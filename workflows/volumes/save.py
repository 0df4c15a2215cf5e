"""Writes a finished volume in one transaction: its lines, its bytes, and what it replaces."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update

from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.timeline import Line, append
from workflows.documents.orders import READY, UNDER_WAY
from workflows.messages import Message
from workflows.storage import SYSTEM, Session
from workflows.storage.files import StoredBlob
from workflows.storage.vault import CaseKey
from workflows.volumes.contents import plan_of
from workflows.volumes.layout import Layout, PlacedLine
from workflows.volumes.place import Place, lock_volume
from workflows.volumes.tables import Volume, VolumeLineRow


def save(
    session: Session, platform: Platform, volume_id: int, layout: Layout, blob: StoredBlob
) -> None:
    """Nothing where the order was done with meanwhile. Raises RuleError `volumes.restricted` for
    a case that was restricted while its papers were bound."""
    place, row = lock_volume(session, platform, SYSTEM, volume_id)
    if row.state not in UNDER_WAY:
        return
    plan_of(place.package, place.case, place.run)
    now = platform.clock.now()
    row.state, row.made_at, row.problem = READY, now, None
    row.pages, row.sha256, row.size_bytes = layout.pages, blob.sha256, blob.size
    row.missing = [[line.key, dict(line.title)] for line in layout.missing]
    row.done = row.total = max(row.total, layout.pages)
    session.execute(
        update(Volume)
        .where(Volume.run_id == row.run_id, Volume.id != row.id, Volume.superseded_by.is_(None))
        .values(superseded_by=row.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(VolumeLineRow).where(VolumeLineRow.volume_id == row.id))
    session.add_all(
        _line(place, row, position, line) for position, line in enumerate(layout.lines, start=1)
    )
    code = "volumes.did_make_draft" if layout.missing else "volumes.did_make"
    params: dict[str, Any] = {"n": row.number, "pages": layout.pages}
    if layout.missing:
        params["missing"] = {
            "zh": "、".join(line.title["zh"] for line in layout.missing),
            "en": ", ".join(line.title["en"] for line in layout.missing),
        }
    made = Line("volume.make", Message(code, params), now, kind="document", run_id=row.run_id)
    append(session, place.case, place.key, (made,), actor=SYSTEM, recorded_at=now)


def _line(place: Place, volume: Volume, position: int, line: PlacedLine) -> VolumeLineRow:
    missing = {key for key, _title in volume.missing}
    papers = [
        {
            "id": one.paper.id,
            "title": one.paper.title,
            "sha256": one.paper.sha256,
            "first": one.first,
            "pages": one.pages,
            "problem": one.problem,
        }
        for one in line.papers
    ]
    waived = place.run.end_state in line.plan.unless and line.plan.key not in missing
    return VolumeLineRow(
        volume_id=volume.id,
        position=position,
        case_id=volume.case_id,
        key=line.plan.key,
        title=dict(line.plan.title),
        required=int(line.plan.required and not waived),
        first_page=line.first,
        pages=line.pages,
        papers=seal_json(place.key, papers, papers_place(volume.id, position)),
    )


def papers_place(volume_id: int, position: int) -> str:
    """Where a line's papers belong (see `sealing`)."""
    return f"volume/{volume_id}/{position}/papers"


def open_papers(key: CaseKey, row: VolumeLineRow) -> list[dict[str, Any]]:
    """The papers of a stored line."""
    papers: list[dict[str, Any]] = open_json(
        key, row.papers, papers_place(row.volume_id, row.position)
    )
    return papers
