"""Certificates are made once, when needed, renewed in time, revoked for a reason."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy import select

from tests.sealing.conftest import NOW
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, RuleError
from workflows.sealing import authority, own
from workflows.sealing.certificates import serial_text
from workflows.sealing.keyring import FILE, Keyring, PassphraseError
from workflows.sealing.tables import (
    ACTIVE,
    REPLACED,
    REVOKED,
    ROOT,
    TIMESTAMP,
    SealAuthority,
    SealCertificate,
)
from workflows.storage import SYSTEM, Actor, Database
from workflows.storage.vault import KeyExposedError

UNIT = ("620902104-TW", "西峰镇人民调解委员会")
NOBODY = Actor(7, "clerk", "安玥珺", "zh-Hans", (), "person")


@pytest.fixture
def ready(database: Database, keyring: Keyring) -> Database:
    with database.transaction(SYSTEM) as session:
        assert authority.init_authority(session, keyring, "肃州区综治中心", NOW)
    return database


def _certificate(database: Database, keyring: Keyring, now: object = NOW) -> str:
    with database.transaction(SYSTEM) as session:
        return authority.certificate_for(session, keyring, *UNIT, now).serial  # type: ignore[arg-type]


def _states(database: Database) -> list[str]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(SealCertificate.state).order_by(SealCertificate.state)))


def test_the_authority_is_made_once(ready: Database, keyring: Keyring) -> None:
    with ready.transaction(SYSTEM) as session:
        before = own.load_own(session, ROOT).certificate
        assert not authority.init_authority(session, keyring, "别处", NOW)
        assert own.load_own(session, ROOT).certificate == before


def test_the_passphrase_is_for_its_owner_alone(ready: Database, tmp_path: Path) -> None:
    path = tmp_path / "secrets" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(KeyExposedError):
        _certificate(ready, Keyring(path.parent))


def test_no_private_key_stands_in_the_database_in_clear(ready: Database, keyring: Keyring) -> None:
    _certificate(ready, keyring)
    with ready.reading(SYSTEM) as session:
        rows = [*session.scalars(select(SealAuthority)), *session.scalars(select(SealCertificate))]
    for row in rows:
        key = keyring.open(row.serial, row.key)
        assert key not in row.key
        assert key[-32:] not in row.key


def test_certificates_lead_to_the_root_and_say_what_for(ready: Database, keyring: Keyring) -> None:
    _certificate(ready, keyring)
    with ready.reading(SYSTEM) as session:
        root = x509.load_der_x509_certificate(own.load_own(session, ROOT).certificate)
        stamp = x509.load_der_x509_certificate(own.load_own(session, TIMESTAMP).certificate)
        unit = x509.load_der_x509_certificate(
            session.scalars(select(SealCertificate)).one().certificate
        )
    root.verify_directly_issued_by(root)
    stamp.verify_directly_issued_by(root)
    unit.verify_directly_issued_by(root)
    usage = stamp.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert [one.dotted_string for one in usage.value] == ["1.3.6.1.5.5.7.3.8"]
    assert not unit.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert unit.subject.rfc4514_string().count(UNIT[1]) == 2


def test_a_unit_keeps_its_certificate(ready: Database, keyring: Keyring) -> None:
    assert _certificate(ready, keyring) == _certificate(ready, keyring, NOW + timedelta(days=30))


def test_a_certificate_is_replaced_ninety_days_before_its_end(
    ready: Database, keyring: Keyring
) -> None:
    first = _certificate(ready, keyring)
    almost = NOW + timedelta(days=3 * 365 - 91)
    assert _certificate(ready, keyring, almost) == first
    assert _certificate(ready, keyring, almost + timedelta(days=2)) != first
    assert _states(ready) == [ACTIVE, REPLACED]


def test_the_worker_replaces_what_nobody_uses(ready: Database, keyring: Keyring) -> None:
    _certificate(ready, keyring)
    with ready.transaction(SYSTEM) as session:
        assert authority.renew_due(session, keyring, NOW) == 0
        assert authority.renew_due(session, keyring, NOW + timedelta(days=3 * 365 - 80)) == 1
    assert _states(ready) == [ACTIVE, REPLACED]


def test_an_expired_certificate_is_replaced_when_needed(ready: Database, keyring: Keyring) -> None:
    first = _certificate(ready, keyring)
    assert _certificate(ready, keyring, NOW + timedelta(days=4 * 365)) != first


def test_a_unit_with_a_new_name_gets_a_new_certificate(ready: Database, keyring: Keyring) -> None:
    first = _certificate(ready, keyring)
    with ready.transaction(SYSTEM) as session:
        row = authority.certificate_for(session, keyring, UNIT[0], "西峰镇联合调解委员会", NOW)
        assert row.serial != first


def test_a_clock_set_back_gets_no_certificate(ready: Database, keyring: Keyring) -> None:
    _certificate(ready, keyring)
    with pytest.raises(RuleError) as refused:
        _certificate(ready, keyring, NOW - timedelta(days=2))
    assert refused.value.message.code == "sealing.clock_backwards"


def test_an_ended_root_issues_nothing(ready: Database, keyring: Keyring) -> None:
    with pytest.raises(RuleError) as refused:
        _certificate(ready, keyring, NOW + timedelta(days=21 * 365))
    assert refused.value.message.code == "sealing.authority_expired"


def test_a_missing_passphrase_is_said(ready: Database, tmp_path: Path) -> None:
    with pytest.raises(PassphraseError) as refused:
        _certificate(ready, Keyring(tmp_path / "elsewhere"))
    assert refused.value.message.code == "sealing.passphrase_missing"


def test_another_passphrase_is_said(ready: Database, tmp_path: Path) -> None:
    other = Keyring(tmp_path / "elsewhere")
    other.create()
    with pytest.raises(PassphraseError) as refused:
        _certificate(ready, other)
    assert refused.value.message.code == "sealing.passphrase_wrong"


def _revoke(database: Database, keyring: Keyring, serial: str, actor: Actor = SYSTEM) -> None:
    with database.transaction(SYSTEM) as session:
        authority.revoke(
            session,
            keyring,
            actor,
            serial,
            cause="key_compromise",
            reason="电脑被盗",
            now=NOW + timedelta(days=1),
        )


def test_a_revoked_certificate_stands_on_the_signed_list(ready: Database, keyring: Keyring) -> None:
    serial = _certificate(ready, keyring)
    _revoke(ready, keyring, serial)
    with ready.reading(SYSTEM) as session:
        row = own.load_own(session, ROOT)
        crl = x509.load_der_x509_crl(row.crl or b"")
        root = x509.load_der_x509_certificate(row.certificate)
    assert crl.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert [f"{one.serial_number:x}" for one in crl] == [serial]
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2
    assert _states(ready) == [REVOKED]


def test_after_a_revocation_only_an_administrator_issues(ready: Database, keyring: Keyring) -> None:
    serial = _certificate(ready, keyring)
    _revoke(ready, keyring, serial)
    with pytest.raises(RuleError) as refused:
        _certificate(ready, keyring)
    assert refused.value.message.code == "sealing.revoked"
    with ready.transaction(SYSTEM) as session:
        issued = authority.issue_anew(session, keyring, *UNIT, NOW).serial
    assert _certificate(ready, keyring) == issued != serial


@pytest.mark.parametrize(
    ("serial", "cause", "reason", "error"),
    [
        ("ab", "key_compromise", "丢失", NotVisibleError),
        ("", "boredom", "丢失", InvalidInputError),
        ("", "key_compromise", "  ", InvalidInputError),
    ],
    ids=["unknown", "cause", "reason"],
)
def test_a_wrong_revocation_changes_nothing(
    ready: Database,
    keyring: Keyring,
    serial: str,
    cause: str,
    reason: str,
    error: type[Exception],
) -> None:
    known = _certificate(ready, keyring)
    with pytest.raises(error), ready.transaction(SYSTEM) as session:
        authority.revoke(
            session, keyring, SYSTEM, serial or known, cause=cause, reason=reason, now=NOW
        )
    assert _states(ready) == [ACTIVE]


def test_only_an_administrator_revokes(ready: Database, keyring: Keyring) -> None:
    serial = _certificate(ready, keyring)
    with pytest.raises(ForbiddenError):
        _revoke(ready, keyring, serial, NOBODY)


def test_nothing_is_revoked_twice(ready: Database, keyring: Keyring) -> None:
    serial = _certificate(ready, keyring)
    _revoke(ready, keyring, serial)
    with pytest.raises(RuleError):
        _revoke(ready, keyring, serial)


def test_the_list_of_certificates_names_units(ready: Database, keyring: Keyring) -> None:
    serial = _certificate(ready, keyring)
    with ready.reading(SYSTEM) as session:
        (info,) = authority.list_certificates(session)
        row = session.scalars(select(SealCertificate)).one()
    assert (info.serial, info.unit_code, info.unit_name) == (serial, *UNIT)
    assert serial_text(x509.load_der_x509_certificate(row.certificate)) == serial
