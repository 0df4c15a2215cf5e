"""The installation's own authority: made once, then a certificate for each unit that seals.

Everything here needs the passphrase (`keyring.py`) but looking. Whoever issues or revokes holds the
root's row, so that two workers never give one unit two certificates or two lists one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from workflows.errors import RuleError
from workflows.sealing.certificates import (
    Issued,
    Issuer,
    RevokedOne,
    load_issuer,
    make_list,
    make_root,
    make_seal_certificate,
    make_timestamp_authority,
)
from workflows.sealing.keyring import Keyring
from workflows.sealing.office import mark_revoked
from workflows.sealing.own import has_authority, local_text
from workflows.sealing.tables import (
    ACTIVE,
    REPLACED,
    REVOKED,
    ROOT,
    TIMESTAMP,
    SealAuthority,
    SealCertificate,
)
from workflows.storage import Actor, Session

RENEW_BEFORE = timedelta(days=90)
"""So long before its end a unit's certificate is replaced."""


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A unit's certificate as an administrator sees it. `state`: active | replaced | revoked."""

    serial: str
    unit_code: str
    unit_name: str
    not_before: datetime
    not_after: datetime
    state: str
    revoked_at: datetime | None
    reason: str | None


def init_authority(session: Session, keyring: Keyring, office: str, now: datetime) -> bool:
    """Makes the passphrase, the root, the time-stamp authority and an empty list; False where they
    are there already. Raises PassphraseError."""
    if has_authority(session):
        return False
    keyring.create()
    root = make_root(office, now)
    issuer = load_issuer(root.certificate, root.key)
    stamp = make_timestamp_authority(issuer, office, now)
    session.add(_own(ROOT, root, keyring, crl=make_list(issuer, (), 1, now)))
    session.add(_own(TIMESTAMP, stamp, keyring, crl=None))
    session.flush()
    return True


def _own(role: str, issued: Issued, keyring: Keyring, *, crl: bytes | None) -> SealAuthority:
    return SealAuthority(
        role=role,
        serial=issued.serial,
        certificate=issued.certificate,
        key=keyring.close(issued.serial, issued.key),
        not_before=issued.not_before,
        not_after=issued.not_after,
        crl=crl,
        crl_number=1 if crl else 0,
    )


def certificate_for(
    session: Session, keyring: Keyring, unit_code: str, unit_name: str, now: datetime
) -> SealCertificate:
    """The unit's certificate that counts now: issued when first needed, replaced RENEW_BEFORE its
    end or when the unit has another name.

    RuleError: `sealing.not_ready` (no authority), `sealing.revoked` (an administrator must issue
    a new one first), `sealing.clock_backwards` (now lies before the certificate's time),
    `sealing.authority_expired`. PassphraseError.
    """
    row = _newest(session, unit_code)
    if row is not None and row.state == REVOKED:
        raise RuleError("sealing.revoked", unit=unit_name)
    if row is not None and now < row.not_before:
        raise RuleError("sealing.clock_backwards", moment=local_text(now))
    if row is not None and now < row.not_after - RENEW_BEFORE and row.unit_name == unit_name:
        return row
    root = _lock_root(session)
    again = _newest(session, unit_code)
    if again is not None and again is not row:
        return again
    return _issue(session, keyring, root, unit_code, unit_name, now)


def issue_anew(
    session: Session, keyring: Keyring, unit_code: str, unit_name: str, now: datetime
) -> SealCertificate:
    """A new certificate whatever stood before: after a revocation, or when an administrator wants
    one. Raises what `certificate_for` raises."""
    return _issue(session, keyring, _lock_root(session), unit_code, unit_name, now)


def renew_due(session: Session, keyring: Keyring, now: datetime) -> int:
    """Replaces certificates that end within RENEW_BEFORE; how many. Raises PassphraseError."""
    due = session.scalars(
        select(SealCertificate).where(
            SealCertificate.state == ACTIVE,
            SealCertificate.not_after <= now + RENEW_BEFORE,
            SealCertificate.not_before <= now,
        )
    ).all()
    if not due:
        return 0
    root = _lock_root(session)
    if now >= root.not_after - RENEW_BEFORE:
        return 0  # what is issued now ends as soon as the root does
    for row in due:
        _issue(session, keyring, root, row.unit_code, row.unit_name, now)
    return len(due)


def revoke(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    serial: str,
    *,
    cause: str,
    reason: str,
    now: datetime,
) -> None:
    """Revokes a unit's certificate and signs the new list.

    `cause`: a key of CAUSES. ForbiddenError without the ability admin, NotVisibleError (no such
    certificate), InvalidInputError (no reason, unknown cause), RuleError (revoked already),
    PassphraseError; nothing is changed then.
    """
    root = _lock_root(session)
    mark_revoked(session, actor, serial, cause=cause, reason=reason, now=now)
    _list_anew(session, keyring, root, now)


def list_lacks(session: Session) -> bool:
    """Whether a certificate is revoked that the signed list does not name: the list's number is
    one more than what stands in it."""
    revoked = (
        select(func.count())
        .select_from(SealCertificate)
        .where(SealCertificate.state == REVOKED)
        .scalar_subquery()
    )
    lacking = select(SealAuthority.role).where(
        SealAuthority.role == ROOT, SealAuthority.crl_number <= revoked
    )
    return session.scalar(lacking) is not None


def list_due(session: Session, keyring: Keyring, now: datetime) -> bool:
    """Signs the list of revoked certificates anew if it lacks one; whether it did. Raises
    PassphraseError."""
    root = _lock_root(session)
    if not list_lacks(session):
        return False
    _list_anew(session, keyring, root, now)
    return True


def _list_anew(session: Session, keyring: Keyring, root: SealAuthority, now: datetime) -> None:
    gone = _revoked(session)
    root.crl_number = max(root.crl_number, len(gone)) + 1
    root.crl = make_list(_issuer(root, keyring), gone, root.crl_number, now)


def list_certificates(session: Session) -> tuple[CertificateInfo, ...]:
    """All units' certificates, by unit, the newest first."""
    rows = session.scalars(
        select(SealCertificate).order_by(
            SealCertificate.unit_code, SealCertificate.not_before.desc()
        )
    )
    return tuple(
        CertificateInfo(
            serial=row.serial,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            not_before=row.not_before,
            not_after=row.not_after,
            state=row.state,
            revoked_at=row.revoked_at,
            reason=row.reason,
        )
        for row in rows
    )


def _newest(session: Session, unit_code: str) -> SealCertificate | None:
    """The active certificate of a unit, else the one that was revoked last; replaced ones only
    check old seals."""
    rows = session.scalars(
        select(SealCertificate)
        .where(SealCertificate.unit_code == unit_code, SealCertificate.state != REPLACED)
        .order_by(SealCertificate.state, SealCertificate.not_before.desc())
        .limit(1)
    )
    return rows.one_or_none()


def _lock_root(session: Session) -> SealAuthority:
    row = session.scalars(
        select(SealAuthority).where(SealAuthority.role == ROOT).with_for_update()
    ).one_or_none()
    if row is None:
        raise RuleError("sealing.not_ready")
    return row


def _issue(
    session: Session,
    keyring: Keyring,
    root: SealAuthority,
    unit_code: str,
    unit_name: str,
    now: datetime,
) -> SealCertificate:
    if now < root.not_before:
        raise RuleError("sealing.clock_backwards", moment=local_text(now))
    if now >= root.not_after:
        raise RuleError("sealing.authority_expired")
    made = make_seal_certificate(_issuer(root, keyring), unit_name, unit_code, now)
    for before in session.scalars(
        select(SealCertificate).where(
            SealCertificate.unit_code == unit_code, SealCertificate.state == ACTIVE
        )
    ):
        before.state = REPLACED
    row = SealCertificate(
        serial=made.serial,
        unit_code=unit_code,
        unit_name=unit_name,
        certificate=made.certificate,
        key=keyring.close(made.serial, made.key),
        not_before=made.not_before,
        not_after=made.not_after,
        state=ACTIVE,
    )
    session.add(row)
    session.flush()
    return row


def _issuer(root: SealAuthority, keyring: Keyring) -> Issuer:
    return load_issuer(root.certificate, keyring.open(root.serial, root.key))


def _revoked(session: Session) -> list[RevokedOne]:
    rows = session.execute(
        select(SealCertificate.serial, SealCertificate.revoked_at, SealCertificate.cause)
        .where(SealCertificate.state == REVOKED)
        .order_by(SealCertificate.revoked_at, SealCertificate.serial)
    )
    return [RevokedOne(serial, at, cause) for serial, at, cause in rows if at and cause]
