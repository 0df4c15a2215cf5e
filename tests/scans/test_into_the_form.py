"""A whole scan stands in the form that asks for it, beside what somebody typed."""

from __future__ import annotations

import json

from tests.factories.hall import scenario_data
from tests.factories.papers import PAPERS, papers_package
from tests.factories.scans import draw, jpeg
from tests.scans.conftest import PROCESS, Office, Paper
from workflows.cases.queries.scans import with_scans
from workflows.cases.queries.task_page import load_task_page
from workflows.cases.save_draft import SaveDraft, save_draft
from workflows.cases.tables import StoredFile
from workflows.catalogue.gate import read_parts
from workflows.catalogue.source import PackageSource
from workflows.storage import SYSTEM


def signed(office: Office, paper: Paper) -> str:
    """Everybody signed on paper and the pages came back; the outside id of the file."""
    heap = {f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)}
    file = office.back(heap).documents[0].file
    assert file is not None
    return file


def signing(office: Office) -> str:
    """The mediator's open item after both parties signed."""
    for nth in (0, 1):
        office.hall.do("mediator", "sign_paper", scenario_data(PROCESS, "happy", "sign_paper", nth))
    return office.hall.tasks("mediator", "sign_mediator")[0].id


def test_the_form_begins_with_the_signed_paper_and_takes_it(office: Office) -> None:
    paper = office.agreement()
    item = signing(office)
    platform, mediator = office.hall.platform, office.hall.actor("mediator")
    assert "signed_scan" not in load_task_page(platform, mediator, item).data
    file = signed(office, paper)
    page = load_task_page(platform, mediator, item)
    assert page.data["signed_scan"] == file
    given = scenario_data(PROCESS, "happy", "sign_mediator")
    office.hall.do("mediator", "sign_mediator", given, signed_scan=file)
    (scan,) = office.scans()
    with platform.database.reading(SYSTEM) as session:
        row = session.get_one(StoredFile, scan.file_id)
    assert (row.field, row.case_id) == ("signed_scan", scan.case_id)


def test_nothing_else_that_was_typed_is_touched(office: Office) -> None:
    paper = office.agreement()
    item = signing(office)
    platform, mediator = office.hall.platform, office.hall.actor("mediator")
    typed = {"helpers": [{"name": "甲", "capacity": "witness", "for_whom": "乙"}]}
    save_draft(platform, mediator, SaveDraft(item, typed, 0))
    file = signed(office, paper)
    assert load_task_page(platform, mediator, item).draft == {**typed, "signed_scan": file}
    own = {**typed, "signed_scan": "0000000000001"}
    assert with_scans(own, {"signed_scan": file}) == own
    assert with_scans(None, {"signed_scan": file}) is None


def test_a_scan_stands_in_the_field_of_the_volume_before_any_form(office: Office) -> None:
    signed(office, office.agreement())
    (scan,) = office.scans()
    with office.hall.platform.database.reading(SYSTEM) as session:
        assert session.get_one(StoredFile, scan.file_id).field == "signed_scan"


def test_a_field_may_ask_only_for_a_document_of_its_package() -> None:
    files = dict(papers_package().files)
    name = f"forms/{PAPERS}/talk.schema.json"
    for kind, code in (("record", None), ("nothing", "package.scan_of_nothing")):
        form = json.loads(files[name])
        form["properties"]["paper"] = {
            "type": "string",
            "title": "签署件",
            "x-i18n": {"en": {"title": "Signed paper"}},
            "x-widget": "file",
            "x-scan-of": kind,
        }
        tree = PackageSource(PAPERS, {**files, name: json.dumps(form).encode()})
        found = {finding.message.code for finding in read_parts(tree).findings}
        assert ("package.scan_of_nothing" in found) == (code is not None)


def test_only_a_field_of_one_file_may_ask() -> None:
    files = dict(papers_package().files)
    name = f"forms/{PAPERS}/talk.schema.json"
    form = json.loads(files[name])
    form["properties"]["summary"]["x-scan-of"] = "record"
    tree = PackageSource(PAPERS, {**files, name: json.dumps(form).encode()})
    assert "form.definition.not_scan" in repr(read_parts(tree).findings)
