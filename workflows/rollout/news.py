"""What is told of a version: somebody asks for an approval, somebody gave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from workflows.catalogue.manifest import Titles
from workflows.catalogue.tables import PackageEvent, PackageVersion
from workflows.notices.tell import APPROVAL, APPROVED, News
from workflows.organisation.holders import Holder
from workflows.organisation.tables import Account
from workflows.rollout.places import Place
from workflows.storage import Session

ASKED = "asked"
"""Act of an event: an approval was asked for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The version spoken of. `against`: id of the version it would take the place of, 0 for none;
    against another one an approval is asked for, and told, anew."""

    place: Place
    row: PackageVersion
    title: Titles
    against: int
    at: datetime


def approval_wanted(subject: Subject, holders: Iterable[Holder]) -> list[News]:
    """To those who may approve, and to who stands in for them."""
    return [
        _news(APPROVAL, subject, one.username, role=one.role, unit_code=one.unit_code)
        for one in holders
    ]


def approval_given(session: Session, subject: Subject) -> list[News]:
    """To those who asked for it and to its author; one statement."""
    asked = select(PackageEvent.account_id).where(
        PackageEvent.version_id == subject.row.id, PackageEvent.act == ASKED
    )
    people = select(Account.username).where(
        or_(Account.id.in_(asked), Account.id == subject.row.author_id)
    )
    names = session.scalars(people.order_by(Account.id)).all()
    return [_news(APPROVED, subject, name) for name in names]


def _news(
    kind: str, subject: Subject, username: str, *, role: str = "", unit_code: str = ""
) -> News:
    return News(
        kind=kind,
        username=username,
        run_id=subject.row.id,
        number=subject.row.number,
        round=subject.against,
        case_number=subject.place.name,
        title=subject.title,
        role=role,
        unit_code=unit_code,
        at=subject.at,
    )
