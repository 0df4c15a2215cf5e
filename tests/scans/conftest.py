"""A mediation office whose agreement was printed: real pages, made by the real renderer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.hall import Hall, build_hall, scenario_data
from tests.factories.rollout import scenario
from webapp.jobs import build_sources
from webapp.pdf.renderer import RendererPool
from webapp.pdf.scans import ScanReader
from workflows.cases.scan_tables import DocumentScan
from workflows.cases.tables import Document
from workflows.documents.make import make_bytes
from workflows.jobs.worker import Worker
from workflows.scans.send import SentFile, send_scans
from workflows.scans.views import BatchView, load_batch
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

PROCESS = "people_mediation"
MEDIATOR = "mediator"
STEPS = (
    ("intake", "review_acceptance", 0),
    ("intake", "ask_consent", 0),
    ("intake", "inform_rights", 0),
    ("head", "assign_mediator", 0),
    ("mediator", "hold_session", 0),
    ("mediator", "hold_session", 1),
    ("mediator", "draft_agreement", 0),
)
"""From registration to the text people sign."""


@pytest.fixture(scope="session")
def renderer() -> Iterator[RendererPool]:
    pool = RendererPool()
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def reader() -> Iterator[ScanReader]:
    made = ScanReader()
    yield made
    made.close()


@dataclass(frozen=True)
class Paper:
    """A printed document. `id`: outside id."""

    id: str
    row: int
    code: str
    pages: int
    pdf: bytes


@dataclass
class Office:
    """The office, and what these tests do all the time."""

    hall: Hall
    renderer: RendererPool
    reader: ScanReader

    def agreement(self) -> Paper:
        """A new case, gone on to its printed agreement."""
        self.hall.open("intake", PROCESS, **scenario("happy", PROCESS).start.data)
        for who, element, nth in STEPS:
            self.hall.do(who, element, scenario_data(PROCESS, "happy", element, nth))
        return self.newest("agreement")

    def newest(self, kind: str) -> Paper:
        """The newest document of a kind, made."""
        platform = self.hall.platform
        with platform.database.reading(SYSTEM) as session:
            wanted = select(Document).where(Document.kind == kind).order_by(Document.id.desc())
            row = session.scalars(wanted.limit(1)).one()
        made = make_bytes(platform, self.renderer, row.id)
        content = platform.files.read(made.sha256)
        return Paper(encode_id(row.id), row.id, row.verify_code, made.pages, content)

    def send(
        self, files: Mapping[str, bytes], who: str = MEDIATOR, document: str | None = None
    ) -> str:
        """Drops files; nothing is read yet."""
        sent = [SentFile(BytesIO(content), name) for name, content in files.items()]
        return send_scans(self.hall.platform, self.hall.actor(who), sent, document)

    def work(self) -> None:
        """The worker does all there is."""
        sources = build_sources(self.hall.platform, self.renderer, reader=self.reader)
        Worker(sources).run_until_idle()

    def back(self, files: Mapping[str, bytes], who: str = MEDIATOR) -> BatchView:
        """Drops files and has them read."""
        batch = self.send(files, who)
        self.work()
        return self.seen(batch, who)

    def seen(self, batch: str, who: str = MEDIATOR) -> BatchView:
        return load_batch(self.hall.platform, self.hall.actor(who), batch)

    def scans(self) -> list[DocumentScan]:
        """What was filed."""
        with self.hall.platform.database.reading(SYSTEM) as session:
            return list(session.scalars(select(DocumentScan).order_by(DocumentScan.id)))


@pytest.fixture
def office(
    database: Database, tmp_path: Path, vault: Vault, renderer: RendererPool, reader: ScanReader
) -> Office:
    start = datetime.fromisoformat("2026-08-24T09:00:00+08:00")
    return Office(build_hall(database, tmp_path, vault, (PROCESS,), start), renderer, reader)
