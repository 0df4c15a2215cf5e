"""A PDF and a key → the PDF with a PAdES B-T signature; imported by the sealing process only.

ETSI EN 319 142-1: CAdES-detached, signing-certificate-v2, an RFC 3161 stamp over the signature.
The signature certifies the file (DocMDP 1): readers call every later change a breach. It is an
incremental update that leaves every byte before it, the document's dates and its XMP as they are,
so a PDF/A-3 stays one.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import algos, cms, keys, tsp, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import get_nonce
from pyhanko.stamp.base import BaseStamp, BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from webapp.pdf.seal_place import find_place

FIELD = "Seal"
RESERVED_HEX = 2 * 6144
"""Room for the signature: two certificates, a time stamp with its own, and some to spare."""
POLICY = "2.25.229713160914522946803071391733184519682"
"""Of our time stamps: an identifier of our own (ITU-T X.667), it names no policy of anybody."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Certificates and open keys, DER (`workflows.sealing.signing.KeyMaterial`)."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...]
    timestamp_certificate: bytes
    timestamp_key: bytes


class OwnTimeStamper(TimeStamper):  # type: ignore[misc]
    """The installation's time-stamp authority, in this process: it stamps with the moment it was
    given, never with a clock of its own."""

    def __init__(self, certificate: bytes, key: bytes, moment: datetime) -> None:
        super().__init__(include_nonce=False)
        self._certificate = x509.Certificate.load(certificate)
        private = load_der_private_key(key, None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        self._key, self._moment = private, moment

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to one request (RFC 3161 2.4.2)."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": tsp.ObjectIdentifier(POLICY),
                "message_imprint": req["message_imprint"],
                "serial_number": get_nonce(),
                "gen_time": self._moment.replace(microsecond=0),
                "tsa": x509.GeneralName(name="directory_name", value=self._certificate.subject),
            }
        ).dump()
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info)})
        status = tsp.PKIStatusInfo({"status": tsp.PKIStatus("granted")})
        return tsp.TimeStampResp({"status": status, "time_stamp_token": token})

    def _signed(self, info: bytes) -> cms.SignedData:
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        digest = hashlib.sha256(info).digest()
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute(
                    "signing_certificate_v2", as_signing_certificate_v2(self._certificate)
                ),
                simple_cms_attribute("message_digest", digest),
            ]
        )
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {
                            "issuer": self._certificate.issuer,
                            "serial_number": self._certificate.serial_number,
                        }
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signed_attrs": attributes,
            "signature": self._key.sign(attributes.dump(), ec.ECDSA(SHA256())),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": cms.ParsableOctetString(info),
                },
                "certificates": [self._certificate],
                "signer_infos": [cms.SignerInfo(signer)],
            }
        )


class _Picture(BaseStamp):  # type: ignore[misc]
    """Ready-made drawing operators as an appearance."""

    def render(self) -> bytes:
        return bytes(self.style.operators)

    def as_form_xobject(self) -> Any:
        made = super().as_form_xobject()
        made.compress()
        return made


@dataclass(frozen=True)
class _Style(BaseStampStyle):  # type: ignore[misc]
    operators: bytes = b""

    def create_stamp(self, writer: Any, box: BoxConstraints, text_params: Any) -> _Picture:  # noqa: ARG002
        return _Picture(writer=writer, style=self, box=box)


class _Writer(IncrementalPdfFileWriter):  # type: ignore[misc]
    """An update that does not touch dates and XMP: both stay what PDF/A checked them to be, and
    say when the document was made. When it was sealed stands in the time stamp."""

    def _update_meta(self) -> None:
        """Nothing."""


class _Signer(PdfSigner):  # type: ignore[misc]
    """Signs at the moment it was given."""

    moment: datetime

    def init_signing_session(self, *arguments: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **named)
        session.system_time = self.moment
        return session


def make_seal(
    pdf: bytes,
    given: Keys,
    picture: bytes,
    *,
    reason: str,
    moment: datetime,
    around: Mapping[int, tuple[bytes, bytes]] | None = None,
) -> bytes:
    """The sealed PDF; `pdf` are its first bytes. `picture`: operators in a square of SIDE_PT.
    `around`: page from 0 → operators before and after what it holds. Raises what pyHanko raises."""
    place = find_place(pdf)
    certificate = x509.Certificate.load(given.certificate)
    registry = SimpleCertificateStore()
    registry.register_multiple([x509.Certificate.load(one) for one in given.chain])
    signer = _Signer(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            name=certificate.subject.native["common_name"],
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            cades_signed_attr_spec=CAdESSignedAttrSpec(),
        ),
        SimpleSigner(certificate, keys.PrivateKeyInfo.load(given.key), registry),
        timestamper=OwnTimeStamper(given.timestamp_certificate, given.timestamp_key, moment),
        stamp_style=_Style(border_width=0, operators=picture),
        new_field_spec=SigFieldSpec(FIELD, on_page=place.page, box=place.box),
    )
    signer.moment = moment.replace(microsecond=0)
    output = BytesIO()
    writer = _Writer(BytesIO(pdf))
    for page, both in (around or {}).items():
        before, after = (writer.add_object(StreamObject(stream_data=one)) for one in both)
        writer.add_stream_to_page(page, before, prepend=True)
        writer.add_stream_to_page(page, after)
    signing = signer.async_sign_pdf(writer, bytes_reserved=RESERVED_HEX, output=output)
    asyncio.run(signing)
    return output.getvalue()
