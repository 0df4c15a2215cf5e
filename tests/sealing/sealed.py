"""A file sealed for tests, and the authority it was sealed by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from tests.factories import documents as factory
from tests.unit.documents.test_context import package
from webapp.pdf.renderer import RendererPool
from workflows.documents.compose import DocumentFacts, compose
from workflows.sealing.certificates import (
    Issuer,
    load_issuer,
    make_root,
    make_seal_certificate,
    make_timestamp_authority,
)
from workflows.sealing.signing import KeyMaterial, SealPicture

MADE = datetime(2026, 9, 3, 8, 30, tzinfo=UTC)
UNIT = "肃州区西峰镇人民调解委员会"
CODE = "7K3M-Q9TX-22HD"
REASON = "防篡改印：完整性证据，不是法定电子印章"


@dataclass(frozen=True)
class Office:
    """An authority with one unit's certificate."""

    issuer: Issuer
    root: bytes
    serial: str
    material: KeyMaterial


def new_office(made: datetime = MADE) -> Office:
    root = make_root("肃州区综治中心", made)
    issuer = load_issuer(root.certificate, root.key)
    stamp = make_timestamp_authority(issuer, "肃州区综治中心", made)
    unit = make_seal_certificate(issuer, UNIT, "620902104-TW", made)
    material = KeyMaterial(
        unit.certificate, unit.key, (root.certificate,), stamp.certificate, stamp.key
    )
    return Office(issuer, root.certificate, unit.serial, material)


@cache
def agreement() -> bytes:
    """An agreement of two neighbours as the renderer makes it: PDF/A-3u, two pages."""
    facts = DocumentFacts("agreement", factory.RUN["number"], date(2026, 9, 3), CODE)
    composed = compose(package(), factory.frozen(), facts)
    pool = RendererPool()
    made = pool.render(composed.html, title=composed.title, created=MADE, author=composed.author)
    pool.close()
    return made.pdf


def picture(pdf: bytes) -> SealPicture:
    return SealPicture(UNIT, hashlib.sha256(pdf).hexdigest())
