"""Sealed files: signed as PAdES B-T says, checked by other code than made them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from tests.sealing.sealed import CODE, MADE, REASON, UNIT, Office, agreement, new_office, picture
from webapp.pdf.seal_strict import BreachError, hold
from webapp.pdf.sealer import Sealer
from workflows.sealing.certificates import RevokedOne, make_list
from workflows.sealing.signing import Report

FLIPS = 1000
THROUGH_THE_PROCESS = 60


@pytest.fixture(scope="module")
def sealer() -> Iterator[Sealer]:
    made = Sealer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def office() -> Office:
    return new_office()


@pytest.fixture(scope="module")
def sealed(sealer: Sealer, office: Office) -> bytes:
    pdf = agreement()
    return sealer.seal(pdf, office.material, picture(pdf), reason=REASON, moment=MADE)


def _check(sealer: Sealer, pdf: bytes, office: Office, *lists: bytes) -> Report:
    return sealer.check(pdf, [office.root], lists)


def _gap(pdf: bytes) -> tuple[int, int]:
    """Where the signature's hex begins and ends, found by plain search."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def _cms(pdf: bytes) -> tuple[cms.SignedData, bytes]:
    """The signature and the bytes it was made over."""
    start, end = _gap(pdf)
    info = cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))
    return info["content"], pdf[:start] + pdf[end:]


def _verify(signer: cms.SignerInfo, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = signer["signed_attrs"].untag().dump()
    key.verify(signer["signature"].native, signed, ec.ECDSA(SHA256()))


def _attribute(signer: cms.SignerInfo, name: str, kind: str = "signed_attrs") -> object:
    (values,) = [one["values"] for one in signer[kind] if one["type"].native == name]
    return values[0]


def test_the_unsealed_bytes_are_the_first_of_the_sealed(sealed: bytes) -> None:
    assert sealed.startswith(agreement())


def test_the_signature_holds_for_other_code(sealed: bytes, office: Office) -> None:
    signed, content = _cms(sealed)
    (signer,) = signed["signer_infos"]
    certificate = x509.load_der_x509_certificate(office.material.certificate)
    _verify(signer, certificate)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(office.root))
    digest = _attribute(signer, "message_digest").native  # type: ignore[attr-defined]
    assert digest == hashlib.sha256(content).digest()
    named = _attribute(signer, "signing_certificate_v2")["certs"][0]["cert_hash"].native  # type: ignore[index]
    assert named == hashlib.sha256(office.material.certificate).digest()


def test_the_time_stamp_holds_for_other_code(sealed: bytes, office: Office) -> None:
    signed, _ = _cms(sealed)
    (outer,) = signed["signer_infos"]
    token = _attribute(outer, "signature_time_stamp_token", "unsigned_attrs")["content"]  # type: ignore[index]
    (signer,) = token["signer_infos"]
    _verify(signer, x509.load_der_x509_certificate(office.material.timestamp_certificate))
    told = bytes(token["encap_content_info"]["content"])
    assert _attribute(signer, "message_digest").native == hashlib.sha256(told).digest()  # type: ignore[attr-defined]
    info = tsp.TSTInfo.load(told)
    over = info["message_imprint"]["hashed_message"].native
    assert over == hashlib.sha256(outer["signature"].native).digest()
    assert info["gen_time"].native == MADE


def test_the_file_says_pades_and_that_nothing_may_change(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert str(field.V.Reason) == REASON
        assert field.V.Reference[0].TransformParams.P == 1
        assert field.F & 4, "an annotation of a PDF/A is printed"
        assert pdf.Root.AcroForm.get("/NeedAppearances") is None
        assert pdf.Root.Metadata.read_bytes() == _metadata(agreement())
        assert not list(field.AP.N.get("/Resources", {})), "the picture needs no font"


def _metadata(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return opened.Root.Metadata.read_bytes()


def test_the_picture_stands_beside_the_place_for_the_wet_seal(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        left, low, right, high = (float(one) for one in field.Rect)
        assert [page.get("/Annots") is not None for page in pdf.pages] == [False, True]
    with pypdfium2.PdfDocument(sealed) as document:
        text = document[1].get_textpage()
        hit = text.search("（人民调解委员会印章）").get_next()
        assert hit is not None
        mark = text.get_charbox(hit[0])
    assert right <= mark[0] < right + 10
    assert low < mark[1] < high
    assert left > 70


def test_a_seal_that_holds_is_said_to(sealer: Sealer, sealed: bytes, office: Office) -> None:
    report = _check(sealer, sealed, office)
    (told,) = report.signatures
    assert report.holds
    assert (told.serial, told.moment, told.revoked) == (office.serial, MADE, False)
    assert UNIT in told.signer
    assert (report.pages, report.codes) == (2, (CODE,))


def test_a_thousand_flipped_bytes_are_each_noticed(sealed: bytes, office: Office) -> None:
    start, end = _gap(sealed)
    byte_range = (0, start, end, len(sealed) - end)
    root = [x509.load_der_x509_certificate(office.root)]
    assert hold(sealed, byte_range, root).moment == MADE
    chance, missed = random.Random(620902), []
    for place in chance.sample(range(len(sealed)), FLIPS - 300) + [
        start + chance.randrange(8000) for _ in range(300)
    ]:
        changed = bytearray(sealed)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            hold(bytes(changed), byte_range, root)
        except (BreachError, ValueError, TypeError, KeyError):
            continue
        missed.append(place)
    assert missed == []


def test_flipped_bytes_are_noticed_by_the_process(
    sealer: Sealer, sealed: bytes, office: Office
) -> None:
    chance, missed = random.Random(104), []
    for place in chance.sample(range(len(sealed)), THROUGH_THE_PROCESS):
        changed = bytearray(sealed)
        changed[place] ^= 1 << chance.randrange(8)
        if _check(sealer, bytes(changed), office).holds:
            missed.append(place)
    assert missed == []


def test_what_is_added_afterwards_is_noticed(sealer: Sealer, sealed: bytes, office: Office) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, added = IncrementalPdfFileWriter(BytesIO(sealed)), BytesIO()
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    writer.write(added)
    report = _check(sealer, added.getvalue(), office)
    assert [(one.covers_all, one.serial) for one in report.signatures] == [(False, office.serial)]
    assert not report.holds


def test_a_seal_of_somebody_else_is_not_ours(sealer: Sealer, sealed: bytes) -> None:
    (told,) = _check(sealer, sealed, new_office()).signatures
    assert (told.ours, told.intact) == (False, False)


def test_a_revoked_certificate_is_said(sealer: Sealer, sealed: bytes, office: Office) -> None:
    entry = RevokedOne(office.serial, MADE, "key_compromise")
    (told,) = _check(sealer, sealed, office, make_list(office.issuer, [entry], 2, MADE)).signatures
    assert told.revoked


def test_a_list_nobody_signed_revokes_nothing(
    sealer: Sealer, sealed: bytes, office: Office
) -> None:
    entry = RevokedOne(office.serial, MADE, "key_compromise")
    foreign = make_list(new_office().issuer, [entry], 2, MADE)
    (told,) = _check(sealer, sealed, office, foreign).signatures
    assert not told.revoked


@pytest.mark.parametrize("days", [-2, 4 * 365], ids=["before", "after"])
def test_a_stamp_outside_the_certificates_time_does_not_hold(
    sealer: Sealer, office: Office, days: int
) -> None:
    pdf = agreement()
    moment = MADE + timedelta(days=days)
    made = sealer.seal(pdf, office.material, picture(pdf), reason=REASON, moment=moment)
    assert not _check(sealer, made, office).holds
