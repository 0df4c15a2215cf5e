"""Hard negative 8: a volume never holds counselling notes or accusation material, nor anything of
a restricted case or procedure."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import update

from tests.factories.cases import rows
from tests.factories.volumes import pdf_of
from tests.volumes.conftest import Desk
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.open_case import Opened
from workflows.cases.tables import CaseRecord, Document, Run, StoredFile
from workflows.errors import NotVisibleError, RuleError
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id
from workflows.volumes.open_volume import read_volume
from workflows.volumes.tables import Volume


def foreign_run(desk: Desk, opened: Opened, access_class: str) -> None:
    """A second procedure of the same case with a note and a document of its own."""
    platform, world = desk.world.platform, desk.world
    now = world.clock.now()
    blob = platform.files.put(BytesIO(pdf_of(1)))
    with platform.database.transaction(SYSTEM) as session:
        run = session.get_one(Run, decode_id(opened.run))
        other = platform.ids.next()
        copied = {c.name: getattr(run, c.name) for c in Run.__table__.columns}
        session.add(Run(**{**copied, "id": other, "access_class": access_class}))
        session.add(
            StoredFile(
                id=platform.ids.next(), sha256=blob.sha256, size_bytes=blob.size,
                name="心理咨询记录.pdf", media_type="application/pdf", uploaded_by=1,
                uploaded_at=now, case_id=run.case_id, run_id=other, field="proof",
            )
        )  # fmt: skip
        paper = session.query(Document).filter(Document.run_id == run.id).first()
        assert paper is not None
        columns = {c.name: getattr(paper, c.name) for c in Document.__table__.columns}
        changed: dict[str, Any] = {
            "id": platform.ids.next(), "run_id": other, "verify_code": "AAAA-BBBB-CCCC",
            "title": {"zh": "心理评估", "en": "Assessment"},
        }  # fmt: skip
        session.add(Document(**{**columns, **changed}))


@pytest.mark.parametrize("access_class", ["psychology", "sealed", "normal"])
def test_papers_of_another_procedure_never_come_in(desk: Desk, access_class: str) -> None:
    opened = desk.open(("合同.pdf", pdf_of(1)))
    foreign_run(desk, opened, access_class)
    desk.make(opened)
    titles = [p.title for line in desk.page(opened, run=opened.run).lines for p in line.papers]
    assert titles == ["告知书", "合同.pdf"]
    assert not any("心理" in html for html in desk.renderer.calls if 'class="cover"' in html)


def test_a_restricted_procedure_has_no_volume(desk: Desk) -> None:
    opened = desk.open(("合同.pdf", pdf_of(1)))
    with desk.world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Run).values(access_class="psychology"))
    with pytest.raises(RuleError) as refused:
        desk.order(opened)
    assert refused.value.message.code == "volumes.restricted"
    with pytest.raises(RuleError):
        desk.page(opened)
    assert rows(desk.world, Volume) == []


def test_a_restricted_case_has_no_volume_for_anybody(desk: Desk) -> None:
    opened = desk.open(("检举信.pdf", pdf_of(1)))
    made = desk.make(opened)
    head = desk.world.actor("head")
    seal(desk.world.platform, head, CaseCommand(opened.case, "检举控告"))
    for username in ("head", "mediator", "archivist", "intake"):
        with pytest.raises((RuleError, NotVisibleError)):
            desk.page(opened, username)
        with pytest.raises((RuleError, NotVisibleError)):
            desk.order(opened, username)
        with pytest.raises((RuleError, NotVisibleError)):
            read_volume(desk.world.platform, desk.world.actor(username), made)


def test_a_case_restricted_while_its_papers_are_bound_gets_no_volume(desk: Desk) -> None:
    opened = desk.open(("检举信.pdf", pdf_of(1)))
    desk.order(opened)
    with desk.world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(CaseRecord).values(access_class="sealed"))
    desk.work()
    volume = rows(desk.world, Volume)[0]
    assert (volume.state, volume.sha256) == ("failed", None)
    assert volume.problem[0] == "volumes.restricted"


def test_files_of_sealed_fields_and_of_nobody_stay_out(desk: Desk) -> None:
    opened = desk.open(("合同.pdf", pdf_of(1)), ("笔记.pdf", pdf_of(2)))
    with desk.world.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(StoredFile).where(StoredFile.name == "笔记.pdf").values(field="secret")
        )
    desk.make(opened)
    titles = [p.title for line in desk.page(opened).lines for p in line.papers]
    assert titles == ["告知书", "合同.pdf"]
