"""What the signatures of any PDF say; imported by the sealing process only.

The file is anybody's. pyHanko finds the signatures and says what they cover and whether they hold;
`seal_strict` says the same by other means and more narrowly. Only what both hold, holds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import pypdfium2
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from webapp.pdf.seal_place import read_codes
from webapp.pdf.seal_strict import Held, hold

HEAD_BYTES = 1024
"""Within so many bytes a PDF says that it is one (ISO 32000-1, annex H.3)."""
MOST_SIGNATURES = 5
"""Of a file; ours has one."""
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def check_pdf(pdf: bytes, roots: Sequence[bytes], lists: Sequence[bytes]) -> dict[str, Any]:
    """The head of the answer: `problem` alone, or `signatures`, `pages`, `codes`
    (`workflows.sealing.signing.Report`)."""
    if b"%PDF-" not in pdf[:HEAD_BYTES]:
        return {"problem": "not_pdf"}
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            return {"problem": "encrypted"}
        pages, codes = read_codes(pdf)
    except pypdfium2.PdfiumError:
        return {"problem": "broken"}
    except Exception:
        # A broken file can make either library raise anything; all of it says the same.
        return {"problem": "broken"}
    trusted = [x509.load_der_x509_certificate(one) for one in roots]
    gone = _revoked(trusted, lists)
    return {
        "pages": pages,
        "codes": list(codes),
        "signatures": [_tell(pdf, one, trusted, gone) for one in _signatures(reader)],
    }


def _signatures(reader: PdfFileReader) -> list[Any]:
    """The file's signatures; a field that cannot be read stands as None."""
    try:
        return list(reader.embedded_signatures)[:MOST_SIGNATURES]
    except Exception:
        # pyHanko reads fields and their CMS at once and raises whatever it met.
        return [None]


def _revoked(roots: Sequence[x509.Certificate], lists: Sequence[bytes]) -> Mapping[str, datetime]:
    """Serial → when it was revoked, of lists that a root has signed."""
    found: dict[str, datetime] = {}
    for der in lists:
        one = x509.load_der_x509_crl(der)
        if any(one.is_signature_valid(root.public_key()) for root in roots):  # type: ignore[arg-type]
            found |= {f"{entry.serial_number:x}": entry.revocation_date_utc for entry in one}
    return found


def _tell(
    pdf: bytes, signature: Any, roots: Sequence[x509.Certificate], gone: Mapping[str, datetime]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "serial": "",
        "signer": "",
        "intact": False,
        "ours": False,
        "covers_all": False,
        "revoked": False,
        "moment": None,
    }
    if signature is None:
        return told
    try:
        certificate = signature.signer_cert
        told["serial"] = f"{certificate.serial_number:x}"
        told["signer"] = str(certificate.subject.native.get("common_name", ""))
        told["revoked"] = told["serial"] in gone
        signature.compute_integrity_info(skip_diff=True)
        told["covers_all"] = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
        held = hold(pdf, signature.byte_range, roots)
        told["moment"] = held.moment.isoformat()
        told["ours"] = True
        told["intact"] = asyncio.run(_agrees(signature, held, roots))
    except Exception:
        # Whatever a changed signature makes the libraries raise: it does not hold.
        told["intact"] = False
    return told


async def _agrees(signature: Any, held: Held, roots: Sequence[x509.Certificate]) -> bool:
    """Whether pyHanko's own validation at the moment of the time stamp says the same."""
    status = await async_validate_pdf_signature(
        signature,
        ValidationContext(
            trust_roots=[
                asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots
            ],
            allow_fetching=False,
            moment=held.moment,
            revocation_mode="soft-fail",
        ),
        skip_diff=True,
    )
    stamp = status.timestamp_validity
    return bool(
        status.valid
        and status.intact
        and status.trusted
        and stamp
        and stamp.valid
        and stamp.trusted
    )
