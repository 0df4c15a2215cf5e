"""The page of a run's volumes, for whoever sees all of the case.

Long, because one page shows a volume, what changed since the one before, and what is not in it yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import NORMAL, CaseKeyRow, CaseRecord, Run
from workflows.documents.orders import READY, UNDER_WAY
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import KeyDestroyedError
from workflows.volumes.archive import may_archive, why_not_accepted
from workflows.volumes.contents import Contents, gather
from workflows.volumes.hold import find_hold, open_reason
from workflows.volumes.place import Place
from workflows.volumes.review import find_review
from workflows.volumes.save import open_papers
from workflows.volumes.sheets import RETENTION
from workflows.volumes.tables import Volume, VolumeLineRow
from workflows.volumes.views import (
    Changes,
    HoldView,
    LineView,
    PaperView,
    RunChoice,
    VolumePage,
    VolumeView,
)

USUAL_RETENTION = "long"
RETENTION_FACT = "retention"
"""Case fact: the class the filing officer chose."""
MOST_SHOWN = 50
"""Volumes of one run that the page lists."""


def load_page(
    platform: Platform, actor: Actor, case: str, run: str | None = None, number: int | None = None
) -> VolumePage:
    """The volume of a case's run. `run`: outside id, None for the newest that has one; `number`:
    which volume's lines to show, None for the newest that is made.

    NotVisibleError, ForbiddenError without full sight, RuleError `volumes.restricted`,
    `volumes.erased`, `volumes.none_here` (no procedure of the case has a volume).
    """
    with platform.database.reading(actor) as session:
        places = _places(session, platform, actor, case)
        place = _chosen(places, run)
        rows = session.scalars(
            select(Volume)
            .where(Volume.run_id == place.run.id)
            .order_by(Volume.number.desc())
            .limit(MOST_SHOWN)
        ).all()
        return _page(session, actor, places, place, rows, number)


def _places(session: Session, platform: Platform, actor: Actor, case: str) -> Sequence[Place]:
    """The runs of the case that have a volume, the newest first."""
    rows = session.execute(
        select(Run, CaseRecord, CaseKeyRow.wrapped)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .where(Run.case_id == decode_id(case))
        .order_by(Run.id.desc())
    ).all()
    parts = load_parts(session, decode_id(case)) if rows else ()
    levels = {row.Run.id: level_of(actor, parts, row.Run.id) for row in rows}
    best = max(levels.values(), default=Level.NONE)
    if best is Level.NONE:
        raise NotVisibleError("volumes.unknown")
    if best is not Level.FULL:
        raise ForbiddenError("volumes.full_sight")
    if rows[0].CaseRecord.access_class != NORMAL:
        raise RuleError("volumes.restricted")
    try:
        key = platform.vault.open_key(rows[0].wrapped)
    except KeyDestroyedError as error:
        raise RuleError("volumes.erased") from error
    places = []
    for row in rows:
        if levels[row.Run.id] is Level.FULL and row.Run.access_class == NORMAL:
            package = platform.catalogue.load(session, row.Run.version_id)
            if package.manifest.volume is not None:
                places.append(Place(row.CaseRecord, row.Run, key, package))
    if not places:
        raise RuleError("volumes.none_here")
    return places


def _chosen(places: Sequence[Place], run: str | None) -> Place:
    if run is None:
        return places[0]
    wanted = decode_id(run)
    for place in places:
        if place.run.id == wanted:
            return place
    raise NotVisibleError("volumes.unknown")


def _page(
    session: Session,
    actor: Actor,
    places: Sequence[Place],
    place: Place,
    rows: Sequence[Volume],
    number: int | None,
) -> VolumePage:
    contents = gather(session, place.package, place.case, place.run)
    shown = _shown(rows, number)
    before = _before(rows, shown)
    stored = _stored(session, place, [row for row in (shown, before) if row is not None])
    lines = _lines(shown, stored[shown.id]) if shown else _would_be(contents)
    hold = find_hold(session, place.case.id)
    newest = next((row for row in rows if row.state == READY), None)
    making = rows[0] if rows and rows[0].state in UNDER_WAY else None
    may_make = actor.is_system or actor.may_in("print", place.run.unit_path)
    return VolumePage(
        case_id=encode_id(place.case.id),
        case_number=place.case.number,
        case_title=place.case.title,
        run=encode_id(place.run.id),
        runs=tuple(_choice(one) for one in places),
        volumes=tuple(volume_view(place, row) for row in rows),
        under_way=volume_view(place, making) if making else None,
        shown=volume_view(place, shown) if shown else None,
        lines=lines,
        missing=tuple(line.title for line in contents.missing),
        newer=_newer(contents, lines) if shown is not None and shown is newest else (),
        changes=_changes(before, stored, lines) if before is not None else None,
        retention=_retention(place, shown),
        hold=HoldView(open_reason(place.key, hold), hold.placed_name, hold.placed_at)
        if hold
        else None,
        review=find_review(session, place.key, shown.id) if shown else None,
        may_make=None if may_make else Message("volumes.may_not_make"),
        may_archive=may_archive(actor, place),
        may_accept=why_not_accepted(shown) if shown else Message("volumes.not_ready"),
    )


def _shown(rows: Sequence[Volume], number: int | None) -> Volume | None:
    """The asked-for one, which must be made; else the newest that is."""
    made = [row for row in rows if row.state == READY]
    if number is None:
        return made[0] if made else None
    found = next((row for row in made if row.number == number), None)
    if found is None:
        raise NotVisibleError("volumes.unknown")
    return found


def _before(rows: Sequence[Volume], shown: Volume | None) -> Volume | None:
    if shown is None:
        return None
    return next((row for row in rows if row.state == READY and row.number < shown.number), None)


def _stored(
    session: Session, place: Place, volumes: Sequence[Volume]
) -> Mapping[int, list[tuple[VolumeLineRow, list[dict[str, Any]]]]]:
    """Lines of the volumes by volume, each with its papers."""
    found: dict[int, list[tuple[VolumeLineRow, list[dict[str, Any]]]]] = {
        row.id: [] for row in volumes
    }
    if not found:
        return found
    rows = session.scalars(
        select(VolumeLineRow)
        .where(VolumeLineRow.volume_id.in_(found))
        .order_by(VolumeLineRow.volume_id, VolumeLineRow.position)
    )
    for row in rows:
        found[row.volume_id].append((row, open_papers(place.key, row)))
    return found


def _lines(
    shown: Volume, stored: Sequence[tuple[VolumeLineRow, list[dict[str, Any]]]]
) -> tuple[LineView, ...]:
    missing = {key for key, _title in shown.missing}
    return tuple(
        LineView(
            position=row.position,
            title=row.title,
            required=bool(row.required),
            is_missing=row.key in missing,
            first=row.first_page,
            pages=row.pages,
            papers=tuple(
                PaperView(one["id"], one["title"], one["first"], one["pages"], one["problem"])
                for one in papers
            ),
        )
        for row, papers in stored
    )


def _would_be(contents: Contents) -> tuple[LineView, ...]:
    """What would be bound, before anything is: no page numbers yet."""
    missing = {line.key for line in contents.missing}
    return tuple(
        LineView(
            position=position,
            title=line.plan.title,
            required=line.plan.required,
            is_missing=line.plan.key in missing,
            first=None,
            pages=0,
            papers=tuple(PaperView(one.id, one.title, None, 0) for one in line.papers),
        )
        for position, line in enumerate(contents.lines, start=1)
    )


def _newer(contents: Contents, lines: Sequence[LineView]) -> tuple[str, ...]:
    bound = {paper.id for line in lines for paper in line.papers}
    return tuple(paper.title for paper in contents.papers if paper.id not in bound)


def _changes(
    before: Volume,
    stored: Mapping[int, Sequence[tuple[VolumeLineRow, list[dict[str, Any]]]]],
    lines: Sequence[LineView],
) -> Changes:
    old = {one["id"]: one for _row, papers in stored[before.id] for one in papers}
    new = {paper.id: paper for line in lines for paper in line.papers}
    return Changes(
        since=before.number,
        added=tuple(paper.title for name, paper in new.items() if name not in old),
        removed=tuple(one["title"] for name, one in old.items() if name not in new),
        moved=sum(1 for name in old.keys() & new.keys() if old[name]["first"] != new[name].first),
    )


def _choice(place: Place) -> RunChoice:
    return RunChoice(encode_id(place.run.id), place.package.manifest.title, place.run.number)


def _retention(place: Place, shown: Volume | None) -> str:
    """What the form offers first: the last volume's class, else what the filing officer chose."""
    if shown is not None:
        return shown.retention
    chosen = place.case.facts.get(RETENTION_FACT)
    return chosen if chosen in RETENTION else USUAL_RETENTION


def volume_view(place: Place, row: Volume) -> VolumeView:
    name = f"卷宗 {place.run.number or place.case.number}"
    return VolumeView(
        id=encode_id(row.id),
        number=row.number,
        state=row.state,
        done=row.done,
        total=row.total,
        pages=row.pages,
        size=row.size_bytes,
        sha256=row.sha256,
        missing=tuple(title for _key, title in row.missing),
        retention=row.retention,
        problem=message_from_json(row.problem) if row.problem else None,
        is_current=row.superseded_by is None,
        ordered_by=row.ordered_name,
        ordered_at=row.ordered_at,
        made_at=row.made_at,
        accepted_by=row.accepted_name,
        accepted_at=row.accepted_at,
        file_name=f"{name} 第{row.number}次立卷.pdf",
    )
