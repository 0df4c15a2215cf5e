"""X.509 certificates and the list of revoked ones, built after RFC 5280. Pure: no rows, no files.

Keys are P-256 (FIPS 186-5), signatures ECDSA with SHA-256. What the certificates are for is said in
them: the root signs certificates and lists, the time-stamp authority only time stamps (RFC 3161
2.3), a unit only documents (RFC 9336).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_LIFE = timedelta(days=20 * 365)
"""Longer than any seal certificate that may still be issued under it."""
SEAL_LIFE = timedelta(days=3 * 365)
LIST_LIFE = timedelta(days=366)
EARLIER = timedelta(hours=1)
"""Certificates count from a little before they are made: clocks of two machines differ."""
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""
CAUSES = {
    "key_compromise": x509.ReasonFlags.key_compromise,
    "affiliation_changed": x509.ReasonFlags.affiliation_changed,
    "cessation_of_operation": x509.ReasonFlags.cessation_of_operation,
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A new certificate with its private key. `certificate`, `key`: DER; `serial`: hex."""

    serial: str
    certificate: bytes
    key: bytes
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Issuer:
    """The root, ready to sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class RevokedOne:
    """An entry of the list. `cause`: a key of CAUSES."""

    serial: str
    revoked_at: datetime
    cause: str


def serial_text(certificate: x509.Certificate) -> str:
    """The serial number as rows and people write it: hex, lower case."""
    return f"{certificate.serial_number:x}"


def load_issuer(certificate: bytes, key: bytes) -> Issuer:
    """The root from its DER parts."""
    private = load_der_private_key(key, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return Issuer(x509.load_der_x509_certificate(certificate), private)


def make_root(name: str, now: datetime) -> Issued:
    """A self-signed root that may issue end certificates only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, "防篡改印根证书")
    builder = _builder(subject, subject, key, now, now + ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(certificates=True), critical=True)
    return _issue(builder, key, key)


def make_timestamp_authority(issuer: Issuer, name: str, now: datetime) -> Issued:
    """The certificate under which time stamps are made; as long-lived as the root."""
    key = ec.generate_private_key(ec.SECP256R1())
    until = issuer.certificate.not_valid_after_utc
    subject = _name(name, "防篡改印时间戳")
    builder = _builder(subject, issuer.certificate.subject, key, now, until)
    builder = _end_of(builder, issuer)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    )
    return _issue(builder, key, issuer.key)


def make_seal_certificate(issuer: Issuer, unit_name: str, unit_code: str, now: datetime) -> Issued:
    """A unit's certificate: SEAL_LIFE, or what is left of the root."""
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now + SEAL_LIFE, issuer.certificate.not_valid_after_utc)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, unit_name[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit_code[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{unit_name[:58]} 防篡改印"),
        ]
    )
    builder = _end_of(_builder(subject, issuer.certificate.subject, key, now, until), issuer)
    builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
    return _issue(builder, key, issuer.key)


def make_list(issuer: Issuer, revoked: Sequence[RevokedOne], number: int, now: datetime) -> bytes:
    """The list of revoked certificates (RFC 5280 5), DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - EARLIER)
        .next_update(now + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
    )
    for one in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(int(one.serial, 16))
            .revocation_date(one.revoked_at)
            .add_extension(x509.CRLReason(CAUSES[one.cause]), critical=False)
        )
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


def _name(office: str, what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, office[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{office[:50]} {what}"),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _end_of(builder: x509.CertificateBuilder, issuer: Issuer) -> x509.CertificateBuilder:
    """What end certificates have in common."""
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(_usage(certificates=False), critical=True)
    return builder.add_extension(_issuer_key(issuer), critical=False)


def _issuer_key(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _usage(*, certificates: bool) -> x509.KeyUsage:
    """RFC 5280 4.2.1.3: certificates and lists, or signatures that cannot be disowned."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _issue(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    signed_by: ec.EllipticCurvePrivateKey,
) -> Issued:
    certificate = builder.sign(signed_by, SHA256())
    return Issued(
        serial=serial_text(certificate),
        certificate=certificate.public_bytes(Encoding.DER),
        key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )
