"""`document.seal`: a diagram asks for a text and its seal in one step."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.cases import registration
from tests.factories.engine import Drawing, bpmn
from tests.factories.papers import MANIFEST, PAPERS, papers_package
from tests.sealing.world import SealWorld
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.tables import Document
from workflows.catalogue.source import PackageSource
from workflows.catalogue.versions import add_draft, publish
from workflows.errors import ProcessFaultError
from workflows.sealing.tables import PENDING, DocumentSeal
from workflows.storage import SYSTEM

KEY = "sealed_papers"


def _package(*, sealed_kind: str) -> PackageSource:
    spine = Drawing(KEY, role="人民调解员").start()
    spine.service("make_notice", "document.create", "made", kind='"notice"')
    spine.service("seal_notice", "document.seal", "ordered", kind=f'"{sealed_kind}"')
    spine.user("talk", title="谈话", formJsonSchemaFilename="talk.schema.json").end("e")
    spine.flow("s > make_notice > seal_notice > talk > e")
    files = {
        name.replace(f"/{PAPERS}/", f"/{KEY}/"): content
        for name, content in papers_package().files.items()
        if not name.endswith(".bpmn")
    }
    files[f"bpmn/{KEY}/package.toml"] = MANIFEST.replace(PAPERS, KEY).encode()
    files[f"bpmn/{KEY}/{KEY}.bpmn"] = bpmn(spine)
    return PackageSource(KEY, files)


def _open(sealing: SealWorld, package: PackageSource) -> None:
    platform = sealing.desk.platform
    with platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            package,
            version_id=platform.ids.next(),
            author="test",
            now=platform.clock.now(),
        )
        session.flush()
        publish(session, row, now=platform.clock.now())
    command = OpenCase(process=KEY, raw=registration())
    open_case(platform, sealing.world.actor("intake"), command)


def test_a_diagram_orders_the_seal_of_what_it_has_just_asked_for(sealing: SealWorld) -> None:
    _open(sealing, _package(sealed_kind="notice"))
    with sealing.desk.platform.database.reading(SYSTEM) as session:
        (row,) = session.scalars(select(DocumentSeal)).all()
        document = session.get(Document, row.document_id)
    assert document is not None
    assert (document.kind, row.state, row.unit_code) == ("notice", PENDING, "111-TW")
    assert row.document_id != sealing.document_id
    assert sealing.work() == 1


def test_a_diagram_that_seals_what_is_not_there_fails_whole(sealing: SealWorld) -> None:
    with pytest.raises(ProcessFaultError) as refused:
        _open(sealing, _package(sealed_kind="record"))
    assert refused.value.message.code == "sealing.no_document"
    with sealing.desk.platform.database.reading(SYSTEM) as session:
        assert session.scalars(select(DocumentSeal)).all() == []
