"""The tree of units: adding to it, finding in it, and what a lane's scope means in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select

from workflows.errors import InvalidInputError, RuleError
from workflows.organisation.tables import OPEN_END, Post, Unit
from workflows.storage import Session

AREA_KINDS = frozenset(
    {"市", "县", "镇", "乡", "街道", "园区", "村", "社区", "网格", "小区", "牧点", "矿点"}
)
"""Kinds that are places people live or work in; all others are offices that serve a place."""

CENTRE, COURT = "综治中心", "人民法院"
GRID_LEVELS = {"镇": 1, "乡": 1, "街道": 1, "园区": 1, "村": 2, "社区": 2, "网格": 3}
"""The three grid levels: township, village or community, group or housing estate."""

ALWAYS = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit to be added; `parent` must be in the table or earlier in the list."""

    code: str
    name: str
    short_name: str
    kind: str
    level: str
    parent: str | None
    extra: dict[str, Any] = field(default_factory=dict)


def add_units(session: Session, records: Iterable[UnitRecord]) -> int:
    """Adds units that are not there yet, in the order given; returns how many.

    InvalidInputError("unit.unknown") for a parent that is not known.
    """
    known = {unit.code: unit for unit in session.scalars(select(Unit))}
    added = 0
    for record in records:
        if record.code not in known:
            known[record.code] = _build(record, known)
            session.add(known[record.code])
            added += 1
    return added


def _build(record: UnitRecord, known: dict[str, Unit]) -> Unit:
    parent = known.get(record.parent) if record.parent else None
    if record.parent and parent is None:
        raise InvalidInputError("unit.unknown", code=record.parent)
    own_county = parent is None or record.kind == "县"
    return Unit(
        code=record.code,
        name=record.name,
        short_name=record.short_name,
        kind=record.kind,
        level=record.level,
        parent_code=record.parent,
        path=f"{parent.path if parent else '/'}{record.code}/",
        county_code=record.code if own_county or parent is None else parent.county_code,
        grid_level=GRID_LEVELS.get(record.kind),
        valid_from=ALWAYS,
        valid_to=OPEN_END,
        extra=record.extra,
    )


def load_unit(session: Session, code: str) -> Unit:
    """The unit; InvalidInputError("unit.unknown") if there is none."""
    unit = session.get(Unit, code)
    if unit is None:
        raise InvalidInputError("unit.unknown", code=code)
    return unit


def find_path(session: Session, code: str) -> str:
    """The unit's path; InvalidInputError("unit.unknown") if there is none."""
    return load_unit(session, code).path


def parent_path(path: str) -> str:
    """The path one step up; "/" above the root."""
    return path[: path.rstrip("/").rfind("/") + 1]


def area_path(path: str, kind: str) -> str:
    """The place a unit serves: its own path if it is a place, else that of what it belongs to."""
    return path if kind in AREA_KINDS else parent_path(path)


def resolve_scope(session: Session, scope: str, unit_code: str, role: str | None = None) -> str:
    """The code of the unit that a lane's scope means for a run of `unit_code`.

    "owner": the unit itself. "parent": the level above the place it serves. "county": its county.
    "court": its county's court (of a city's unit the city's). Else: a unit code as it stands.
    Places have no desk; for "parent" and "county" the answer is the office there where `role` is
    held, else its 综治中心, else the place. InvalidInputError("unit.unknown") for an unknown code,
    RuleError where there is nothing above or no court.
    """
    if scope in ("", "owner"):
        return unit_code
    unit = load_unit(session, unit_code)
    if scope == "court":
        return _court(session, unit)
    if scope == "county":
        return _desk(session, unit.county_code, role)
    if scope == "parent":
        above = parent_path(area_path(unit.path, unit.kind)).rstrip("/").rpartition("/")[2]
        if not above:
            raise RuleError("unit.nothing_above", unit=unit.short_name)
        return _desk(session, above, role)
    return load_unit(session, scope).code


def _court(session: Session, unit: Unit) -> str:
    court = session.scalar(
        select(Unit.code)
        .where(Unit.county_code == unit.county_code, Unit.kind == COURT)
        .order_by(Unit.code)
        .limit(1)
    )
    if court is None:
        raise RuleError("unit.no_court", unit=unit.short_name)
    return court


def _desk(session: Session, area: str, role: str | None) -> str:
    """The office of a place where work of a role arrives."""
    holds = exists().where(Post.unit_code == Unit.code, Post.role == (role or ""))
    offices = session.execute(
        select(Unit.code, Unit.kind, holds).where(
            or_(Unit.code == area, Unit.parent_code == area),
            or_(holds, Unit.kind == CENTRE, Unit.code == area),
        )
    ).all()
    best = min(
        offices,
        key=lambda row: (not row[2], row[1] != CENTRE, row[0] != area, row[0]),
        default=None,
    )
    return area if best is None else best[0]
