"""Is a signature exactly what this house makes? Checked by hand, beside pyHanko's own validation.

A PDF signature leaves room for changes nobody signed: letters of a hex string may be small or
capital, the padding behind the signature is free, numbers in its envelope are not covered by
anything. Here all of it has one form only, so that every flipped bit of a file is a breach. Uses
asn1crypto to read and cryptography to verify, nothing of pyHanko. Imported by the sealing process.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

DEEPEST = 40
"""Nesting of DER that is looked into; ours has twenty."""
HEX = re.compile(rb"<((?:[0-9A-F]{2})+)>")


class BreachError(Exception):
    """Something is not as it was signed, or not as this house signs."""


@dataclass(frozen=True, slots=True)
class Held:
    """A signature that holds: its certificate and the moment in its time stamp."""

    certificate: x509.Certificate
    moment: datetime


def hold(pdf: bytes, byte_range: Sequence[int], roots: Sequence[x509.Certificate]) -> Held:
    """The one signature of a file of ours. Raises BreachError, or what the libraries raise on
    nonsense."""
    start, length, after, rest = (int(number) for number in byte_range)
    _must(start == 0 and length < after and after + rest == len(pdf), "range")
    envelope = _envelope(pdf[length:after])
    digest = hashlib.sha256(pdf[:length])
    digest.update(pdf[after:])
    signed, signer = _signed(envelope, "data")
    _must(signed["encap_content_info"]["content"].native is None, "detached")
    certificate = _certificate(signed, signer, roots)
    _attributes(signer, certificate, digest.digest(), "data")
    unsigned = {one["type"].native: one["values"] for one in signer["unsigned_attrs"]}
    _must(set(unsigned) == {"signature_time_stamp_token"}, "unsigned")
    (token,) = unsigned["signature_time_stamp_token"]
    moment = _stamp(token, signer["signature"].native, roots)
    _valid_at(certificate, moment)
    return Held(certificate, moment)


def _must(condition: bool, what: str) -> None:
    if not condition:
        raise BreachError(what)


def _envelope(gap: bytes) -> cms.ContentInfo:
    """The DER between the two signed parts: hex in capitals, then zeros."""
    written = HEX.fullmatch(gap)
    if written is None:
        raise BreachError("hex")
    raw = bytes.fromhex(written[1].decode())
    length = _der_length(raw)
    _must(raw[length:].strip(b"\0") == b"", "padding")
    return cms.ContentInfo.load(raw[:length], strict=True)


def _signed(info: cms.ContentInfo, content_type: str) -> tuple[Any, Any]:
    """SignedData and its one SignerInfo, in the one form that is ours."""
    _must(info["content_type"].native == "signed_data", "type")
    signed = info["content"]
    _must(signed["encap_content_info"]["content_type"].native == content_type, "content")
    expected = "v1" if content_type == "data" else "v3"
    _must(signed["version"].native == expected and signed["crls"].native is None, "version")
    _must([_algorithm(one) for one in signed["digest_algorithms"]] == [("sha256", None)], "digests")
    _must(len(signed["signer_infos"]) == 1, "signers")
    signer = signed["signer_infos"][0]
    _must(signer["version"].native == "v1", "version")
    _must(_algorithm(signer["digest_algorithm"]) == ("sha256", None), "digest")
    _must(_algorithm(signer["signature_algorithm"]) == ("sha256_ecdsa", None), "algorithm")
    return signed, signer


def _algorithm(identifier: Any) -> tuple[str, Any]:
    return identifier["algorithm"].native, identifier["parameters"].native


def _der_length(data: bytes, depth: int = 0) -> int:
    """Length of the one DER value that begins `data`. BreachError where its tags and lengths, all
    the way down, could have been written otherwise (X.690 10.1): parsers forgive much of that."""
    _must(len(data) >= 2 and depth < DEEPEST, "tag")
    _must(data[0] != 0 and data[0] & 0x1F != 0x1F, "tag")
    size, begin = data[1], 2
    if size >= 0x80:
        count = size - 0x80
        size, begin = int.from_bytes(data[2 : 2 + count]), 2 + count
        _must(0 < count <= 4 and size >= 0x80 and size >> 8 * (count - 1) > 0, "length")
    end = begin + size
    _must(end <= len(data), "length")
    while data[0] & 0x20 and begin < end:
        begin += _der_length(data[begin:end], depth + 1)
    return end


def _certificate(signed: Any, signer: Any, roots: Sequence[x509.Certificate]) -> x509.Certificate:
    """The signer's certificate: issued by a root; whatever else comes along is a root itself."""
    embedded = [x509.load_der_x509_certificate(one.dump()) for one in signed["certificates"]]
    mine = [one for one in embedded if one not in roots]
    _must(len(mine) == 1 and len(embedded) <= 2, "certificates")
    (certificate,) = mine
    issuers = [
        root for root in roots if root.subject == certificate.issuer and _issued(certificate, root)
    ]
    _must(len(issuers) == 1, "issuer")
    sid = signer["sid"]
    _must(sid.name == "issuer_and_serial_number", "sid")
    _must(sid.chosen["serial_number"].native == certificate.serial_number, "serial")
    _must(sid.chosen["issuer"].dump() == certificate.issuer.public_bytes(), "issuer name")
    return certificate


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _attributes(signer: Any, certificate: x509.Certificate, digest: bytes, content: str) -> None:
    """Signed attributes speak of these bytes and this certificate, and are signed by it."""
    signed = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    _must(signed["content_type"].native == [content], "content type")
    _must(signed["message_digest"].native == [digest], "digest of the content")
    (about,) = signed["signing_certificate_v2"]
    whose = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    _must(about["certs"][0]["cert_hash"].native == whose, "certificate's digest")
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(
            signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(SHA256())
        )
    except InvalidSignature as error:
        raise BreachError("signature") from error


def _stamp(token: Any, signature: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """The moment of a time stamp over `signature` (RFC 3161)."""
    signed, signer = _signed(token, "tst_info")
    content = signed["encap_content_info"]["content"]
    told = bytes(content)
    info = tsp.TSTInfo.load(told, strict=True)
    _der_length(told)
    imprint = info["message_imprint"]
    _must(_algorithm(imprint["hash_algorithm"]) == ("sha256", None), "stamp's digest")
    _must(imprint["hashed_message"].native == hashlib.sha256(signature).digest(), "stamped")
    _must(signer["unsigned_attrs"].native is None, "stamp's unsigned")
    certificate = _certificate(signed, signer, roots)
    _attributes(signer, certificate, hashlib.sha256(told).digest(), "tst_info")
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    _must(list(usage) == [ExtendedKeyUsageOID.TIME_STAMPING], "stamp's certificate")
    moment: datetime = info["gen_time"].native
    _valid_at(certificate, moment)
    return moment


def _valid_at(certificate: x509.Certificate, moment: datetime) -> None:
    valid = certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc
    _must(valid, "time of the certificate")
