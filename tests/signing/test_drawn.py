"""What was signed on a screen stands in the sealed file: real renderer, real sealing process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from tests.factories.signing import MEDIATOR, Table, sit_down
from webapp.pdf.renderer import RendererPool
from webapp.pdf.seal_strokes import find_named
from webapp.pdf.sealer import Sealer
from workflows.cases.signature_tables import Signature
from workflows.cases.tables import Document
from workflows.sealing.authority import init_authority
from workflows.sealing.keyring import Keyring
from workflows.sealing.tables import DocumentSeal
from workflows.sealing.verify import SEALED, UNDONE, verify_file
from workflows.sealing.work import Desk, seal_due
from workflows.storage import SYSTEM, Database
from workflows.storage.vault import Vault

INCH = 72


@pytest.fixture(scope="module")
def sealer() -> Iterator[Sealer]:
    made = Sealer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


@pytest.fixture
def table(database: Database, tmp_path: Path, vault: Vault, pool: RendererPool) -> Table:
    return sit_down(database, tmp_path, vault, pool)


@pytest.fixture
def desk(table: Table, tmp_path: Path, sealer: Sealer) -> Desk:
    keyring = Keyring(tmp_path / "secrets")
    with table.platform.database.transaction(SYSTEM) as session:
        init_authority(session, keyring, "肃州区综治中心", table.platform.clock.now())
    return Desk(table.platform, keyring, sealer, table.renderer)


def sign_all(table: Table) -> None:
    """Both parties and the mediator sign, the head agrees to the seal."""
    for seed, item in enumerate(table.tasks(), 1):
        asked = table.sign_at_table(item, seed)
        table.complete(item, signing_result="signed", signed_by="self", party_signature=asked.id)
    (item,) = table.tasks("sign_mediator")
    table.complete(item, mediator_signature=table.sign_at_table(item, 3, MEDIATOR).id)
    table.hall.do("head", "seal_paper", {"signatures_checked": True})


def agreement(table: Table) -> Document:
    with table.platform.database.reading(SYSTEM) as session:
        wanted = select(Document).where(Document.kind == "agreement")
        return session.scalars(wanted.order_by(Document.id.desc()).limit(1)).one()


def ink(pdf: bytes, place: str) -> int:
    """Dark-blue pixels in the room to the right of a place."""
    with pypdfium2.PdfDocument(pdf) as document:
        number, x, y = find_named(document, place)
        page = document[number]
        scale = 150 / INCH
        picture = page.render(scale=scale).to_pil().convert("RGB")
        top = page.get_height() - y
        room = ((x + 111) * scale, (top - 10) * scale, (x + 217) * scale, (top + 33) * scale)
        pixels = picture.crop(tuple(round(edge) for edge in room)).get_flattened_data()
    return sum(1 for r, g, b in pixels if b > r + 25 and b > g + 15 and r < 120)


def test_the_sealed_file_holds_the_text_as_it_was_shown_and_each_hand_at_its_place(
    table: Table, desk: Desk
) -> None:
    sign_all(table)
    shown = agreement(table)
    unsigned = table.platform.files.read(shown.sha256)
    assert seal_due(desk, 10) == 1
    sealed = table.platform.files.read(agreement(table).sha256)
    assert agreement(table).state == "sealed"
    assert sealed.startswith(unsigned)
    with table.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(select(Signature)).all()
        assert {row.document_sha256 for row in rows} == {hashlib.sha256(unsigned).hexdigest()}
        places = [row.place for row in rows]
    assert len(set(places)) == 3
    for place in places:
        assert ink(unsigned, place) == 0
        assert ink(sealed, place) > 60, place
    verdicts = [verify_file(table.platform, desk.signer, one).outcome for one in (sealed, unsigned)]
    assert verdicts == [SEALED, UNDONE]


def test_other_bytes_than_those_signed_are_not_sealed(table: Table, desk: Desk) -> None:
    sign_all(table)
    with table.platform.database.transaction(SYSTEM) as session:
        for row in session.scalars(select(Signature)):
            row.document_sha256 = "0" * 64
    seal_due(desk, 10)
    with table.platform.database.reading(SYSTEM) as session:
        seal = session.scalars(select(DocumentSeal)).one()
        assert seal.state == "pending"
        assert seal.error[0] == "sealing.signed_another"
    assert agreement(table).state == "ready"
