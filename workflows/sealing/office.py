"""The page of the seal authority: what there is, and taking a certificate out of use.

No key is needed for either, so the web process never holds the passphrase: the row says at once
that a certificate is revoked, and every check asks the row; the worker signs the list of revoked
certificates anew (`authority.list_due`). Imports no cryptography.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, RuleError
from workflows.sealing.tables import (
    DONE,
    REVOKED,
    ROOT,
    TIMESTAMP,
    DocumentSeal,
    SealAuthority,
    SealCertificate,
)
from workflows.storage import Actor, Session

CAUSES = ("key_compromise", "affiliation_changed", "cessation_of_operation")
"""Why a certificate may be revoked (RFC 5280 5.3.1)."""
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Certificate:
    """A unit's certificate as an administrator sees it. `state`: active | replaced | revoked;
    `days_left`: full days until its end, negative after it; `seals`: documents sealed with it."""

    serial: str
    unit_code: str
    unit_name: str
    not_before: datetime
    not_after: datetime
    days_left: int
    state: str
    seals: int
    revoked_at: datetime | None
    revoked_by: str | None
    cause: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """One of the installation's own certificates. `role`: root | timestamp."""

    role: str
    serial: str
    not_after: datetime
    days_left: int


@dataclass(frozen=True, slots=True)
class Office:
    """All there is. `own`: root, then time stamps; () where seals are not set up. `list_number`: of
    the signed list of revoked certificates; `list_waits`: it lacks one that the worker will add."""

    own: tuple[Own, ...]
    certificates: tuple[Certificate, ...]
    list_number: int = 0
    list_waits: bool = False


def load_office(session: Session, actor: Actor, now: datetime) -> Office:
    """Three statements. ForbiddenError without the ability admin."""
    _check(actor)
    rows = session.scalars(select(SealAuthority).where(SealAuthority.role.in_((ROOT, TIMESTAMP))))
    own = sorted(rows, key=lambda row: row.role != ROOT)
    used = _seals(session)
    certificates = session.scalars(
        select(SealCertificate).order_by(
            SealCertificate.unit_code, SealCertificate.not_before.desc(), SealCertificate.serial
        )
    )
    found = tuple(_told(row, used.get(row.serial, 0), now) for row in certificates)
    number = own[0].crl_number if own else 0
    return Office(
        own=tuple(
            Own(row.role, row.serial, row.not_after, _days(row.not_after, now)) for row in own
        ),
        certificates=found,
        list_number=number,
        list_waits=sum(one.state == REVOKED for one in found) >= max(number, 1),
    )


def load_certificate(session: Session, actor: Actor, serial: str, now: datetime) -> Certificate:
    """One certificate. ForbiddenError; NotVisibleError for an unknown serial number."""
    _check(actor)
    row = session.get(SealCertificate, serial)
    if row is None:
        raise NotVisibleError("sealing.unknown_certificate")
    return _told(row, _seals(session).get(serial, 0), now)


def mark_revoked(
    session: Session, actor: Actor, serial: str, *, cause: str, reason: str, now: datetime
) -> None:
    """Takes a certificate out of use for good: from now on its seals are called revoked.

    `cause`: one of CAUSES. ForbiddenError without the ability admin, NotVisibleError (no such
    certificate), InvalidInputError (no reason, unknown cause), RuleError (revoked already); nothing
    is changed then. Locks the certificate's row.
    """
    _check(actor)
    if cause not in CAUSES or not reason.strip():
        raise InvalidInputError("sealing.say_why")
    row = session.get(SealCertificate, serial, with_for_update=True)
    if row is None:
        raise NotVisibleError("sealing.unknown_certificate")
    if row.state == REVOKED:
        raise RuleError("sealing.revoked_already")
    row.state, row.cause, row.reason = REVOKED, cause, reason.strip()[:MAX_REASON]
    row.revoked_at, row.revoked_by = now, actor.name
    session.flush()


def _check(actor: Actor) -> None:
    if not actor.is_system and "admin" not in actor.abilities:
        raise ForbiddenError("sealing.may_not_revoke")


def _seals(session: Session) -> dict[str, int]:
    """Serial → how many documents carry its seal."""
    rows = session.execute(
        select(DocumentSeal.serial, func.count())
        .where(DocumentSeal.state == DONE)
        .group_by(DocumentSeal.serial)
    )
    return {str(serial): int(count) for serial, count in rows}


def _told(row: SealCertificate, seals: int, now: datetime) -> Certificate:
    return Certificate(
        serial=row.serial,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        not_before=row.not_before,
        not_after=row.not_after,
        days_left=_days(row.not_after, now),
        state=row.state,
        seals=seals,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        cause=row.cause,
        reason=row.reason,
    )


def _days(end: datetime, now: datetime) -> int:
    return (end - now).days
