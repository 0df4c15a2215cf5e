"""A matter goes over, is received, accepted and answered; each side sees its own case."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.factories.cases import rows
from tests.factories.handoffs import COURT, TALKS, TOWN, Letters
from workflows.cases.files import Upload, upload
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_run
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import CaseRecord, Document, Run, StoredFile, TimelineEntry
from workflows.cases.timeline import verify
from workflows.errors import NotVisibleError
from workflows.handoffs.places import received_place
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id


def only(letters: Letters) -> Handoff:
    (row,) = rows(letters.world, Handoff)
    return row


def run_of(letters: Letters, process: str) -> Run:
    (run,) = [run for run in rows(letters.world, Run) if run.process == process]
    return run


def test_a_matter_goes_over_and_its_answer_comes_back(letters: Letters) -> None:
    letters.send()
    assert only(letters).state == "sent"
    letters.work()
    row = only(letters)
    assert (row.state, row.to_unit, run_of(letters, TALKS).status) == ("received", TOWN, "open")
    letters.complete("head", "receive", takes="yes")
    letters.work()
    assert only(letters).state == "accepted"
    letters.complete("mediator", "talk", outcome="agreed", terms="各让一步")
    letters.work()
    row = only(letters)
    assert (row.state, row.outcome, row.problem) == ("answered", "agreed", None)
    assert run_of(letters, COURT).end_state == "e_agreed"
    assert [answer.state for answer in rows(letters.world, HandoffAnswer)] == ["delivered"] * 2


def test_the_new_case_holds_what_the_package_names_and_nothing_else(letters: Letters) -> None:
    letters.send(amount="18600")
    letters.work()
    (case,) = [c for c in rows(letters.world, CaseRecord) if c.process == TALKS]
    assert set(case.facts) == {"title", "dispute_kind", "summary"}
    page = load_case_page(letters.world.platform, letters.world.actor("head"), encode_id(case.id))
    assert [party.name for party in page.parties] == ["李玉梅", "王建国"]
    told = repr(page)
    for hidden in ("不想让儿子知道", "拟驳回", "990001198812249226", "丁村三组", "18600"):
        assert hidden not in told
    assert [file.name for file in page.files] == ["委派调解函.pdf"]


def test_neither_side_sees_the_others_case(letters: Letters) -> None:
    opened = letters.send()
    letters.work()
    platform, world = letters.world.platform, letters.world
    with pytest.raises(NotVisibleError):
        load_case_page(platform, world.actor("head"), opened.case)
    with pytest.raises(NotVisibleError):
        load_case_page(platform, world.actor("liaison"), encode_id(only(letters).to_case or 0))


def test_sealed_facts_and_party_fields_that_are_named_arrive_sealed(letters: Letters) -> None:
    letters.send()
    letters.work()
    row = only(letters)
    assert row.to_run is not None
    with letters.world.platform.database.transaction(SYSTEM) as session:
        loaded = load_run(session, letters.world.platform, row.to_run)
        sealed = open_sealed(loaded.case, loaded.key)
        people = [open_party(loaded.key, i, s) for i, s in loaded.sealed_parties.items()]
        received = session.get_one(Handoff, row.id).received
        parcel = open_json(loaded.key, received or b"", received_place(row.id))
    assert sealed == {"shelter": "甲市某路1号"}
    assert [person.get("phone") for person in people] == ["10014345715", None]
    assert [set(party) for party in parcel["parties"]] == [
        {"kind", "name", "side", "phone"},
        {"kind", "name", "side"},
    ]


def test_documents_travel_as_the_same_bytes(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.complete("mediator", "talk", outcome="agreed", terms="各让一步")
    letters.work()
    papers = {paper.id: paper for paper in rows(letters.world, Document)}
    files = rows(letters.world, StoredFile)
    row = only(letters)
    (letter,) = [file for file in files if file.case_id == row.to_case]
    assert letter.sha256 == papers[row.letter_out or 0].sha256
    back = {file.name: file.sha256 for file in files if file.case_id == row.from_case}
    digests = {paper.kind: paper.sha256 for paper in papers.values()}
    assert back == {"调解协议书.pdf": digests["agreement"], "回函.pdf": digests["reply"]}


def test_a_file_of_a_field_is_copied_with_its_value(letters: Letters) -> None:
    actor = letters.world.actor("liaison")
    scan = upload(letters.world.platform, actor, Upload(BytesIO(b"%PDF-1.7 x"), "证据.pdf"))
    letters.send(proof=scan.id)
    letters.work()
    row = only(letters)
    copies = [f for f in rows(letters.world, StoredFile) if f.case_id == row.to_case]
    (copy,) = [file for file in copies if file.field == "proof"]
    assert (copy.sha256, encode_id(copy.id) != scan.id) == (scan.sha256, True)


def test_both_records_tell_of_it(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="no", reason="not_local")
    letters.work()
    entries = rows(letters.world, TimelineEntry)
    row = only(letters)
    by_case = {
        case: [e.action for e in entries if e.case_id == case and e.action.startswith("handoff")]
        for case in (row.from_case, row.to_case)
    }
    assert by_case[row.from_case] == ["handoff.send", "handoff.arrive", "handoff.hear"]
    assert by_case[row.to_case] == ["handoff.receive", "handoff.answer"]
    with letters.world.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []


def test_the_letter_alone_carries_the_number_of_the_handoff(letters: Letters) -> None:
    letters.send()
    letters.work()
    letters.complete("head", "receive", takes="yes")
    letters.complete("mediator", "talk", outcome="agreed", terms="各让一步")
    letters.work()
    number = encode_id(only(letters).id)
    marked = [f"函件编号 {number}" in html for html in letters.renderer.calls]
    assert marked.count(True) == 1
    assert "委派调解函" in letters.renderer.calls[marked.index(True)]
