"""卷宗评查: a score sheet whose items are data, filled in by whoever looks after the archive."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.timeline import Line, append
from workflows.documents.orders import READY
from workflows.documents.rendering import Rendered, Renderer
from workflows.errors import InvalidInputError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id
from workflows.storage.vault import CaseKey
from workflows.volumes.archive import check_archive
from workflows.volumes.place import load_volume, lock_volume
from workflows.volumes.sheets import build_sheet
from workflows.volumes.tables import VolumeReview

ITEMS_FILE = Path(__file__).with_name("data") / "review.toml"
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the sheet. `points`: the most it can get."""

    key: str
    title: Mapping[str, str]
    points: int


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A sheet that was filled in. `points` by item key; `most`: what all items add up to."""

    points: Mapping[str, int]
    total: int
    most: int
    note: str
    by: str
    at: datetime


@cache
def items() -> tuple[Item, ...]:
    """The sheet's items in order."""
    table = tomllib.loads(ITEMS_FILE.read_text(encoding="utf-8"))
    return tuple(Item(row["key"], row["title"], row["points"]) for row in table["items"])


def most_points() -> int:
    """The most a volume can get."""
    return sum(item.points for item in items())


def review_volume(
    platform: Platform, actor: Actor, volume: str, points: Mapping[str, int], note: str
) -> None:
    """Stores a filled sheet; an earlier one stays behind it.

    NotVisibleError, ForbiddenError, RuleError `volumes.not_ready`, InvalidInputError
    `volumes.points` for an item that is missing or has too many. Nothing is written then.
    """
    for item in items():
        if not 0 <= points.get(item.key, -1) <= item.points:
            raise InvalidInputError("volumes.points", what=dict(item.title), most=item.points)
    given = {item.key: points[item.key] for item in items()}
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        place, row = lock_volume(session, platform, actor, decode_id(volume))
        check_archive(actor, place)
        if row.state != READY:
            raise RuleError("volumes.not_ready")
        number, total = platform.ids.next(), sum(given.values())
        text = note.strip()[:MAX_NOTE]
        session.add(
            VolumeReview(
                id=number,
                volume_id=row.id,
                case_id=row.case_id,
                points=given,
                total=total,
                note=seal_json(place.key, text, _place(number)) if text else None,
                by_account=actor.account_id,
                by_name=actor.name,
                at=now,
            )
        )
        sentence = Message(
            "volumes.did_review", {"n": row.number, "total": total, "most": most_points()}
        )
        line = Line("volume.review", sentence, now, kind="document", run_id=row.run_id)
        append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)


def find_review(session: Session, key: CaseKey, volume_id: int) -> ReviewView | None:
    """The newest sheet of a volume."""
    row = session.scalars(
        select(VolumeReview)
        .where(VolumeReview.volume_id == volume_id)
        .order_by(VolumeReview.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    note = open_json(key, row.note, _place(row.id)) if row.note else ""
    return ReviewView(row.points, row.total, most_points(), note, row.by_name, row.at)


def print_review(platform: Platform, actor: Actor, renderer: Renderer, volume: str) -> Rendered:
    """The newest sheet as a PDF. NotVisibleError (no volume or no sheet), ForbiddenError,
    RenderError."""
    with platform.database.reading(actor) as session:
        place, row = load_volume(session, platform, actor, volume)
        found = find_review(session, place.key, row.id)
        if found is None:
            raise NotVisibleError("volumes.not_reviewed")
        context = {
            "title": place.case.title,
            "number": place.run.number or place.case.number,
            "pages": row.pages,
            "rows": [
                {
                    "no": number,
                    "title": item.title["zh"],
                    "most": item.points,
                    "points": found.points.get(item.key, 0),
                }
                for number, item in enumerate(items(), start=1)
            ],
            "total": found.total,
            "most": found.most,
            "note": found.note,
            "by": found.by,
            "day": today_of(found.at),
        }
    html = build_sheet("review", context, title="卷宗评查评分表")
    return renderer.render(html, title="卷宗评查评分表", created=found.at)


def _place(number: int) -> str:
    return f"volume_review/{number}/note"
