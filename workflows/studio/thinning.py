"""Old saves are thinned: the nearer a save, the more of them are kept.

All of the last `ALL`; of the `DAILY` before that the last of each day; of everything older the
last of each week (issue 6; days and weeks of the offices' zone, weeks begin on Monday). Whatever
somebody may come back to stays for good: the newest save, saves that were brought back, saves that
became a version (and so were sent for approval or published), saves that were the newest when
somebody remarked on the working copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import delete, select

from workflows.catalogue.tables import PackageVersion
from workflows.storage import Session
from workflows.storage.clock import local_day
from workflows.studio.tables import StudioComment, StudioRevision

ALL = timedelta(days=14)
DAILY = timedelta(days=90)
AT_ONCE = 200
"""Rows deleted by one statement."""

Place: TypeAlias = tuple[str, str]
"""Key and unit of a package."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One save as far as thinning looks at it. `restored`: the save it brought back, 0 for none."""

    id: int
    number: int
    at: datetime
    digest: str
    restored: int = 0


def thin(session: Session, now: datetime) -> int:
    """Deletes what need not be kept of all working copies; how many saves. Four statements at
    least."""
    handed_in, remarked = _handed_in(session), _remarked(session)
    gone = [
        save.id
        for place, saves in _saves(session).items()
        for save in list_superfluous(saves, now, handed_in[place], remarked[place])
    ]
    for first in range(0, len(gone), AT_ONCE):
        some = gone[first : first + AT_ONCE]
        session.execute(delete(StudioRevision).where(StudioRevision.id.in_(some)))
    return len(gone)


def list_superfluous(
    saves: Sequence[Kept],
    now: datetime,
    handed_in: Collection[str] = (),
    remarked_at: Collection[datetime] = (),
) -> Iterator[Kept]:
    """Of the saves of one working copy those that need not be kept, the newest first. `handed_in`:
    digests of its versions; `remarked_at`: when somebody remarked on it. Pure."""
    ordered = sorted(saves, key=lambda save: save.number, reverse=True)
    wanted = {save.restored for save in ordered}
    wanted |= {_newest_at(ordered, moment) for moment in remarked_at}
    spans: set[str] = set()
    for place, save in enumerate(ordered):
        span = _span(save, now)
        is_last_of_its_span = span not in spans
        spans.add(span)
        is_needed = place == 0 or save.number in wanted or save.digest in handed_in
        if not (is_last_of_its_span or is_needed):
            yield save


def _span(save: Kept, now: datetime) -> str:
    """Of which one save is kept."""
    age, day = now - save.at, local_day(save.at)
    if age <= ALL:
        return f"save {save.number}"
    if age <= ALL + DAILY:
        return f"day {day.isoformat()}"
    year, week, _weekday = day.isocalendar()
    return f"week {year}-{week}"


def _newest_at(ordered: Sequence[Kept], moment: datetime) -> int:
    """Number of the save that was the newest then, 0 before the first."""
    return next((save.number for save in ordered if save.at <= moment), 0)


def _saves(session: Session) -> Mapping[Place, list[Kept]]:
    rows = session.execute(
        select(
            StudioRevision.key,
            StudioRevision.unit_code,
            StudioRevision.id,
            StudioRevision.number,
            StudioRevision.at,
            StudioRevision.digest,
            StudioRevision.restored,
        )
    )
    found: dict[Place, list[Kept]] = defaultdict(list)
    for key, unit, save_id, number, at, digest, restored in rows:
        found[key, unit].append(Kept(save_id, number, at, digest, restored))
    return found


def _handed_in(session: Session) -> Mapping[Place, set[str]]:
    found: dict[Place, set[str]] = defaultdict(set)
    for key, unit, digest in session.execute(
        select(PackageVersion.key, PackageVersion.unit_code, PackageVersion.digest)
    ):
        found[key, unit].add(digest)
    return found


def _remarked(session: Session) -> Mapping[Place, list[datetime]]:
    found: dict[Place, list[datetime]] = defaultdict(list)
    for key, unit, at in session.execute(
        select(StudioComment.key, StudioComment.unit_code, StudioComment.at)
    ):
        found[key, unit].append(at)
    return found
