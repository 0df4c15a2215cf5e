"""A world of papers in which seals are made by a pretended signer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from tests.factories.cases import World
from tests.factories.papers import PretendRenderer, build_papers, open_papers
from workflows.cases.tables import Document, TimelineEntry
from workflows.sealing.authority import init_authority
from workflows.sealing.keyring import Keyring
from workflows.sealing.order import document_seal
from workflows.sealing.signing import Drawing, KeyMaterial, Report, SealPicture, Signature
from workflows.sealing.tables import DocumentSeal
from workflows.sealing.work import Desk, seal_due
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

MARK = b"\n%sealed "


@dataclass
class PretendSigner:
    """Puts a mark behind a file and finds it again. `fails`: raised instead, once each; `report`:
    what `check` says whatever it is shown. `asked`: files it was shown."""

    fails: list[BaseException] = field(default_factory=list)
    report: Report | None = None
    asked: list[bytes] = field(default_factory=list)
    drawings: tuple[Drawing, ...] = ()

    def seal(
        self,
        pdf: bytes,
        material: KeyMaterial,
        picture: SealPicture,
        *,
        reason: str,
        moment: datetime,
        drawings: Sequence[Drawing] = (),
    ) -> bytes:
        self.drawings = tuple(drawings)
        if self.fails:
            raise self.fails.pop(0)
        return pdf + MARK + picture.digest[:12].encode()

    def check(self, pdf: bytes, roots: Sequence[bytes], lists: Sequence[bytes]) -> Report:
        self.asked.append(pdf)
        if self.report is not None:
            return self.report
        if MARK not in pdf:
            return Report(pages=2)
        whole = Signature("ab", "", True, True, True, False, None)
        return Report(signatures=(whole,), pages=2)


@dataclass
class SealWorld:
    """A case with a notice, an authority, and a desk that seals."""

    world: World
    desk: Desk
    signer: PretendSigner
    clock: MovableClock
    document_id: int

    @property
    def document(self) -> Document:
        with self.desk.platform.database.reading(SYSTEM) as session:
            return session.scalars(select(Document).where(Document.id == self.document_id)).one()

    @property
    def seal(self) -> DocumentSeal:
        with self.desk.platform.database.reading(SYSTEM) as session:
            return session.scalars(select(DocumentSeal)).one()

    @property
    def outside_id(self) -> str:
        return encode_id(self.document_id)

    def work(self) -> int:
        return seal_due(self.desk, 10)

    def actions(self) -> list[str]:
        with self.desk.platform.database.reading(SYSTEM) as session:
            lines = select(TimelineEntry.action).order_by(TimelineEntry.seq)
            return [one for one in session.scalars(lines) if one.startswith("document.seal")]


def build_seal_world(
    database: Database,
    clock: MovableClock,
    ids: IdSource,
    vault: Vault,
    files: FileStore,
    keyring: Keyring,
) -> SealWorld:
    world = build_papers(database, clock, ids, vault, files)
    operations = {**world.platform.operations, "document.seal": document_seal}
    platform = replace(world.platform, operations=operations)
    with database.transaction(SYSTEM) as session:
        init_authority(session, keyring, "县综治中心", clock.now())
    open_papers(world)
    with database.reading(SYSTEM) as session:
        document_id = session.scalars(select(Document.id)).one()
    signer = PretendSigner()
    desk = Desk(platform, keyring, signer, PretendRenderer())
    return SealWorld(world, desk, signer, clock, document_id)
