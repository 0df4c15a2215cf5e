"""What cannot be read is named and keeps nothing else out; what is not yours stays nameless."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, update

from tests.factories.scans import draw, jpeg, photographed
from tests.factories.volumes import locked_pdf, pdf_of
from tests.scans.conftest import Office
from webapp.pdf.scans import ScanReader
from workflows.cases.tables import CaseRecord
from workflows.documents.orders import FAILED, READY
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError
from workflows.scans.by_hand import PlacePage, place_page
from workflows.scans.placing import FOREIGN, SEVERAL, UNKNOWN
from workflows.scans.reading import PDF, PICTURE, ReadError
from workflows.scans.send import MOST_BYTES
from workflows.scans.tables import ScanPage
from workflows.scans.views import list_batches, load_batch, open_page
from workflows.storage import SYSTEM


def bomb() -> bytes:
    """A small file that says it is four hundred million pixels."""
    kept = BytesIO()
    Image.new("1", (20_000, 20_000)).save(kept, "PNG")
    return kept.getvalue()


def test_one_bad_file_never_keeps_the_others_out(office: Office) -> None:
    paper = office.agreement()
    heap = {
        "large.pdf": b"%PDF-" + bytes(MOST_BYTES),
        "locked.pdf": locked_pdf(),
        "torn.pdf": b"%PDF-1.7\n" + b"nothing" * 50,
        "bomb.png": bomb(),
        "torn.jpg": b"\xff\xd8\xff\xe0" + b"nothing" * 50,
        "empty.jpg": b"",
        "words.txt": b"hello",
        "many.pdf": pdf_of(101),
        **{f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)},
    }
    seen = office.back(heap)
    said = {file.name: file.problem.code for file in seen.files if file.problem}
    assert said == {
        "large.pdf": "scans.too_large",
        "locked.pdf": "scans.encrypted",
        "torn.pdf": "scans.broken",
        "bomb.png": "scans.too_much",
        "torn.jpg": "scans.broken",
        "empty.jpg": "scans.empty",
        "words.txt": "scans.kind",
        "many.pdf": "scans.too_much",
    }
    assert {file.state for file in seen.files} == {READY, FAILED}
    assert seen.documents[0].file is not None


def test_pages_nobody_recognises_are_kept(office: Office) -> None:
    seen = office.back({"blank.pdf": pdf_of(2)})
    assert [(page.file, page.number, page.state) for page in seen.loose] == [
        ("blank.pdf", 1, UNKNOWN),
        ("blank.pdf", 2, UNKNOWN),
    ]
    platform, actor = office.hall.platform, office.hall.actor("mediator")
    with open_page(platform, actor, seen.loose[0].id) as picture:
        assert picture.read(3) == b"\xff\xd8\xff"
    with pytest.raises(NotVisibleError):
        open_page(platform, office.hall.actor("intake"), seen.loose[0].id)
    with pytest.raises(NotVisibleError):
        load_batch(platform, office.hall.actor("intake"), seen.id)
    assert [row.id for row in list_batches(platform, actor)] == [seen.id]
    assert list_batches(platform, office.hall.actor("intake")) == ()


def test_two_pages_on_one_photo_are_told_apart_by_a_person(office: Office) -> None:
    paper = office.agreement()
    one, other = draw(paper.pdf, 0), draw(paper.pdf, 1)
    both = Image.new("RGB", (one.width * 2, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    seen = office.back({"both.jpg": jpeg(both)})
    assert [page.state for page in seen.loose] == [SEVERAL]


def test_somebody_says_which_page_it_is(office: Office) -> None:
    paper = office.agreement()
    photos = {f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(1, paper.pages)}
    covered = draw(paper.pdf, 0)
    covered.paste("white", (0, covered.height * 3 // 4, covered.width, covered.height))
    seen = office.back({**photos, "thumb.jpg": jpeg(covered)})
    (loose,) = seen.loose
    platform, actor = office.hall.platform, office.hall.actor("mediator")
    typed = paper.code.lower().replace("-", " ")
    for wrong, code in (
        (PlacePage(loose.id, "none", 1), "scans.no_code"),
        (PlacePage(loose.id, "2222-2222-2222", 1), "scans.not_yours"),
        (PlacePage(loose.id, typed, 0), "scans.no_such_page"),
        (PlacePage(loose.id, typed, paper.pages + 1), "scans.no_such_page"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            place_page(platform, actor, wrong)
        assert refused.value.message.code == code
    assert office.scans() == []
    with pytest.raises(NotVisibleError):
        place_page(platform, office.hall.actor("intake"), PlacePage(loose.id, typed, 1))
    assert place_page(platform, actor, PlacePage(loose.id, typed, 1)) == seen.id
    office.work()
    assert office.seen(seen.id).documents[0].file is not None
    assert office.seen(seen.id).loose == ()


def test_a_better_page_by_hand_makes_the_next_scan(office: Office) -> None:
    paper = office.agreement()
    office.back({f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)})
    better = office.back({"better.jpg": jpeg(photographed(draw(paper.pdf, 0)))})
    (double,) = better.documents[0].doubles
    command = PlacePage(double.id, paper.code, 1)
    place_page(office.hall.platform, office.hall.actor("mediator"), command)
    office.work()
    assert [scan.number for scan in office.scans()] == [1, 2]


@pytest.mark.parametrize("who", ["liaison", "petition"])
def test_of_other_cases_a_page_says_nothing_and_files_nothing(office: Office, who: str) -> None:
    paper = office.agreement()
    heap = {f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)}
    seen = office.back(heap, who)
    assert seen.documents == ()
    assert [(page.state, page.code, page.page) for page in seen.foreign] == [
        (FOREIGN, "", None)
    ] * paper.pages
    assert paper.code not in repr(seen)
    assert office.scans() == []
    platform, actor = office.hall.platform, office.hall.actor(who)
    page = seen.foreign[0].id
    with pytest.raises(NotVisibleError):
        open_page(platform, actor, page)
    with pytest.raises(NotVisibleError):
        place_page(platform, actor, PlacePage(page, paper.code, 1))
    with pytest.raises(InvalidInputError, match="not_yours"):
        office.send(heap, who, paper.id)
    with platform.database.reading(SYSTEM) as session:
        assert set(session.execute(select(ScanPage.document_id, ScanPage.code))) == {(None, "")}


def test_a_post_without_the_ability_drops_nothing(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        office.send({"a.jpg": b"\xff\xd8\xff"}, "律师@620902105-TW")


@pytest.mark.parametrize("when", ["before", "between"])
def test_nothing_of_a_restricted_case_is_filed(office: Office, when: str) -> None:
    """Also where it is restricted after its pages were read and before they are filed."""
    paper = office.agreement()
    heap = {f"{n}.jpg": jpeg(draw(paper.pdf, n)) for n in range(paper.pages)}
    last = heap.popitem()
    batch = office.send(heap)
    if when == "between":
        office.work()
        assert office.seen(batch).documents != ()
    with office.hall.platform.database.transaction(SYSTEM) as session:
        session.execute(update(CaseRecord).values(access_class="sealed"))
    later = office.back(dict([last]))
    assert office.scans() == []
    assert office.seen(batch).documents == ()
    assert {page.state for page in later.foreign} == {FOREIGN}
    if when == "between":
        (page, *_others) = office.seen(batch).foreign
        with pytest.raises(NotVisibleError):
            open_page(office.hall.platform, office.hall.actor("mediator"), page.id)


def test_a_reader_that_dies_costs_one_file(office: Office) -> None:
    reader = office.reader
    with reader.open(pdf_of(1), PDF) as opened:
        opened.page(0)
    process = reader._process
    assert process is not None
    process.kill()
    with reader.open(pdf_of(2), PDF) as opened:
        assert opened.pages == 2


def test_an_impostor_of_a_reader_is_a_broken_file() -> None:
    reader = ScanReader(("/bin/false",))
    with pytest.raises(ReadError) as refused, reader.open(b"x", PICTURE):
        pass
    assert refused.value.message.code == "scans.broken"
    reader.close()
