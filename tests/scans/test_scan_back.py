"""From a heap of pictures to the signed paper of each document."""

from __future__ import annotations

import pypdfium2
import pytest
from sqlalchemy import select

from tests.factories.scans import (
    draw,
    joined,
    jpeg,
    noisy,
    pdf_of_pictures,
    photographed,
    tilted,
)
from tests.scans.conftest import Office, Paper
from workflows.cases.files import open_file
from workflows.cases.tables import Document, StoredFile, TimelineEntry
from workflows.errors import InvalidInputError
from workflows.organisation.tables import Account
from workflows.scans.filing import file_scan
from workflows.scans.placing import DOUBLE, PLACED, REPLACED, UNPLACED
from workflows.scans.send import MOST_FILES
from workflows.scans.tables import ScanPage, ScanUpload
from workflows.scans.take_in import take_in
from workflows.storage import SYSTEM


def pictures(paper: Paper) -> dict[str, bytes]:
    """Each page as a photo, in order."""
    return {f"{n + 1}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)}


def stored(office: Office) -> list[ScanPage]:
    with office.hall.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(ScanPage).order_by(ScanPage.id)))


def test_all_pages_of_a_document_become_a_file_of_its_case(office: Office) -> None:
    paper = office.agreement()
    seen = office.back(pictures(paper))
    (document,) = seen.documents
    assert (document.missing, document.doubles, seen.loose, seen.foreign) == ((), (), (), ())
    assert document.file is not None
    assert not seen.is_under_way
    file, content = open_file(office.hall.platform, office.hall.actor("mediator"), document.file)
    assert file.name.startswith("签署件 人民调解协议书")
    with content, pypdfium2.PdfDocument(content.read()) as pdf:
        assert len(pdf) == paper.pages
        assert all(size == pytest.approx((595, 842), abs=1) for size in map(_size, pdf))
    (scan,) = office.scans()
    assert (scan.kind, scan.pages, scan.number) == ("agreement", paper.pages, 1)
    with office.hall.platform.database.reading(SYSTEM) as session:
        row = session.get_one(StoredFile, scan.file_id)
        assert (row.case_id, row.run_id) == (scan.case_id, scan.run_id)
        wanted = select(TimelineEntry).where(TimelineEntry.action == "document.scan")
        line = session.scalars(wanted).one()
        mediator = select(Account.id).where(Account.username == "mediator")
        assert line.account_id == session.scalar(mediator)


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    size: tuple[float, float] = page.get_size()
    return size


def test_pages_of_two_documents_come_mixed_turned_tilted_and_photographed(office: Office) -> None:
    papers = [office.agreement(), office.agreement()]
    heap = {}
    for which, paper in enumerate(papers):
        for n in range(paper.pages):
            page = draw(paper.pdf, n)
            turn = (90, 180, 270, 0)[(which * 2 + n) % 4]
            grainy = noisy(tilted(page, turn + (7 if n else -7)), seed=n)
            heap[f"{n}-{which}.jpg"] = jpeg(grainy, 60)
    heap["9.jpg"] = jpeg(photographed(draw(papers[0].pdf, 0)), 60)
    seen = office.back(dict(sorted(heap.items())))
    assert {one.code for one in seen.documents} == {paper.code for paper in papers}
    assert all(one.missing == () and one.file for one in seen.documents)
    assert [one.state for document in seen.documents for one in document.doubles] == [DOUBLE]
    assert seen.loose == ()
    assert len(office.scans()) == 2


def test_two_documents_in_one_pdf_and_a_pdf_of_photos(office: Office) -> None:
    first, second = office.agreement(), office.agreement()
    photos = [photographed(draw(second.pdf, n)) for n in range(second.pages)]
    heap = {"all.pdf": joined(first.pdf, pdf_of_pictures(photos))}
    seen = office.back(heap)
    assert [one.missing for one in seen.documents] == [(), ()]
    assert len(office.scans()) == 2
    assert [file.total for file in seen.files] == [first.pages + second.pages]


def test_what_is_missing_is_named_and_completed_later(office: Office) -> None:
    paper = office.agreement()
    photos = pictures(paper)
    last = photos.pop(f"{paper.pages}.jpg")
    seen = office.back(photos)
    assert seen.documents[0].missing == (paper.pages,)
    assert seen.documents[0].file is None
    assert office.scans() == []
    later = office.back({"last.jpg": last})
    assert later.documents[0].missing == ()
    assert later.documents[0].file is not None
    assert [slot.scan is not None for slot in later.documents[0].slots][-1]
    assert later.documents[0].slots[0].scan is None
    assert office.seen(seen.id).documents[0].file == later.documents[0].file


def test_a_page_that_comes_again_is_a_double_and_files_nothing_anew(office: Office) -> None:
    paper = office.agreement()
    office.back(pictures(paper))
    again = office.back({"again.jpg": jpeg(draw(paper.pdf, 0), 70)})
    assert [one.page for one in again.documents[0].doubles] == [1]
    assert len(office.scans()) == 1


def test_the_original_is_kept_as_it_came(office: Office) -> None:
    paper = office.agreement()
    photo = jpeg(photographed(draw(paper.pdf)), 60)
    office.back({"照片 1.jpg": photo})
    with office.hall.platform.database.reading(SYSTEM) as session:
        (upload,) = session.scalars(select(ScanUpload)).all()
    assert upload.name == "照片 1.jpg"
    assert office.hall.platform.files.read(str(upload.sha256)) == photo


def test_work_that_is_brought_twice_is_done_once(office: Office) -> None:
    paper = office.agreement()
    office.back(pictures(paper))
    platform = office.hall.platform
    with platform.database.reading(SYSTEM) as session:
        uploads = session.scalars(select(ScanUpload)).all()
    for upload in uploads:
        take_in(platform, office.reader, {"upload": upload.id})
    (scan,) = office.scans()
    file_scan(platform, office.reader, {"document": paper.row, "account": scan.filed_by})
    assert [page.state for page in stored(office)] == [PLACED] * paper.pages
    assert len(office.scans()) == 1


def test_a_page_of_a_replaced_document_is_named_and_not_filed(office: Office) -> None:
    paper = office.agreement()
    with office.hall.platform.database.transaction(SYSTEM) as session:
        session.get_one(Document, paper.row).state = "superseded"
    seen = office.back(pictures(paper))
    assert {page.state for page in stored(office)} == {REPLACED}
    assert seen.documents[0].is_replaced
    assert not seen.is_under_way
    assert office.scans() == []


def test_a_paper_from_before_pages_were_told_waits_for_its_number(office: Office) -> None:
    paper = office.agreement()
    with office.hall.platform.database.transaction(SYSTEM) as session:
        row = session.get_one(Document, paper.row)
        row.text_mark, row.sha256 = None, None
    old = office.newest("agreement")
    seen = office.back({"a.jpg": jpeg(draw(old.pdf, 0))})
    assert [(page.state, page.code) for page in seen.loose] == [(UNPLACED, old.code)]
    assert seen.documents[0].missing == tuple(range(1, old.pages + 1))


def test_more_files_than_anybody_drops_are_refused_whole(office: Office) -> None:
    heap = {f"{n}.jpg": b"\xff\xd8\xff" for n in range(MOST_FILES + 1)}
    with pytest.raises(InvalidInputError, match="too_many"):
        office.send(heap)
    with pytest.raises(InvalidInputError, match="choose"):
        office.send({})
