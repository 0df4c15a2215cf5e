"""From the order to the bound PDF: order of papers, numbers, bookmarks, files that cannot be."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from tests.factories.cases import rows
from tests.factories.volumes import locked_pdf, pdf_of, photo
from tests.volumes.conftest import Desk
from workflows.cases.tables import TimelineEntry
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError, NotVisibleError
from workflows.volumes.open_volume import read_volume
from workflows.volumes.tables import Volume


def bytes_of(desk: Desk, volume: str) -> bytes:
    _view, content = read_volume(desk.world.platform, desk.world.actor("mediator"), volume)
    with content:
        return content.read()


def test_a_volume_has_all_papers_in_the_order_of_its_lines(desk: Desk) -> None:
    opened = desk.open(("合同.pdf", pdf_of(3)), ("现场.jpg", photo()))
    volume = desk.make(opened)
    page = desk.page(opened)
    assert page.shown is not None
    assert (page.shown.id, page.shown.state, page.shown.pages) == (volume, "ready", 7)
    assert [
        (line.title["zh"], line.first, line.pages, [paper.title for paper in line.papers])
        for line in page.lines
    ] == [
        ("告知书", 1, 2, ["告知书"]),
        ("证据", 3, 4, ["合同.pdf", "现场.jpg"]),
        ("谈话记录", None, 0, []),
        ("卷宗情况说明", 7, 1, []),
        ("封底", None, 0, []),
    ]
    assert page.shown.missing == ()


def test_the_pdf_has_bookmarks_labels_and_keeps_landscape(desk: Desk) -> None:
    opened = desk.open(("宽.pdf", pdf_of(1, (841.89, 595.276))), ("高.png", photo(30, 90)))
    content = bytes_of(desk, desk.make(opened))
    with pikepdf.open(BytesIO(content)) as pdf:
        sizes = [(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in pdf.pages]
        assert sizes == [(595, 842)] * 4 + [(842, 595)] + [(595, 842)] * 3
        with pdf.open_outline() as outline:
            marks = [(item.title, [one.title for one in item.children]) for item in outline.root]
        assert marks == [
            ("封面", []),
            ("卷内目录", []),
            ("告知书", ["告知书"]),
            ("证据", ["宽.pdf", "高.png"]),
            ("卷宗情况说明", []),
        ]
        assert [pdf.pages[n].label for n in (0, 2, 4)] == ["封", "1", "3"]


def test_every_numbered_page_is_stamped_and_no_other(desk: Desk) -> None:
    content = bytes_of(desk, desk.make(desk.open(("合同.pdf", pdf_of(3)))))
    with pikepdf.open(BytesIO(content)) as pdf:
        stamped = [bool(page.get("/Resources", {}).get("/XObject")) for page in pdf.pages]
    assert stamped == [False, False, *[True] * 6, False]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        pytest.param("锁.pdf", locked_pdf(), "encrypted", id="encrypted"),
        pytest.param("坏.pdf", pdf_of(2)[:60], "broken", id="cut off"),
        pytest.param("坏.jpg", b"\xff\xd8\xff" + bytes(400), "broken", id="no picture"),
        pytest.param("表.xlsx", b"PK\x03\x04" + bytes(40), "kind", id="a table"),
    ],
)
def test_a_file_that_cannot_be_bound_has_a_sheet_that_says_so(
    desk: Desk, name: str, content: bytes, problem: str
) -> None:
    desk.renderer.pages = 1
    opened = desk.open((name, content), ("好.pdf", pdf_of(2)))
    desk.make(opened)
    page = desk.page(opened)
    proof = page.lines[1]
    assert [(p.title, p.first, p.pages, p.problem) for p in proof.papers] == [
        (name, 2, 1, problem),
        ("好.pdf", 3, 2, None),
    ]
    assert name in desk.renderer.said("未能装订的电子文件")
    assert "未能装订，见说明页" in desk.renderer.said("卷内目录")


def test_a_lost_file_is_named_and_nothing_breaks(desk: Desk) -> None:
    opened = desk.open(("合同.pdf", pdf_of(1)))
    platform = desk.world.platform
    paper = next(line for line in desk.page(opened).lines if line.papers[:1])
    assert paper.papers
    for digest in list(platform.files.digests()):
        platform.files._path(digest).unlink()
    desk.make(opened)
    assert desk.page(opened).lines[1].papers[0].problem == "broken"


def test_the_cover_names_matter_number_and_term(desk: Desk) -> None:
    opened = desk.open(("合同.pdf", pdf_of(1)))
    desk.make(opened, retention="permanent")
    cover = desk.renderer.said('class="cover"')
    for words in (
        "文书卷宗",
        "浇水排到邻家地窖",
        "文字〔2026〕第1号",
        "永久",
        "mediator",
        "共 4 页",
    ):
        assert words in cover


def test_hostile_names_stay_text(desk: Desk) -> None:
    opened = desk.open(("<img src=x>{{ case }}.pdf", locked_pdf()), title="<b>{{ run.number }}</b>")
    desk.make(opened)
    front = next(html for html in desk.renderer.calls if 'class="cover"' in html)
    assert "&lt;b&gt;{{ run.number }}&lt;/b&gt;" in front
    assert "<img src=x>" not in front
    page = desk.page(opened)
    assert page.shown is not None


def test_ordering_and_making_stand_in_the_record(desk: Desk) -> None:
    desk.make(desk.open(("合同.pdf", pdf_of(1))))
    actions = [row.action for row in rows(desk.world, TimelineEntry)]
    assert [action for action in actions if action.startswith("volume.")] == [
        "volume.order",
        "volume.make",
    ]


def test_reading_twice_is_one_line_of_the_record(desk: Desk) -> None:
    volume = desk.make(desk.open())
    bytes_of(desk, volume)
    bytes_of(desk, volume)
    actions = [row.action for row in rows(desk.world, TimelineEntry)]
    assert actions.count("volume.read") == 1


def test_a_second_order_waits_for_the_first(desk: Desk) -> None:
    opened = desk.open()
    desk.order(opened)
    with pytest.raises(ConflictError) as refused:
        desk.order(opened)
    assert refused.value.message.code == "volumes.under_way"
    assert len(rows(desk.world, Volume)) == 1


def test_who_sees_nothing_of_the_case_may_not_order_or_look(desk: Desk) -> None:
    opened = desk.open()
    with pytest.raises(NotVisibleError):
        desk.order(opened, "stranger")
    with pytest.raises(NotVisibleError):
        desk.page(opened, "stranger")
    with pytest.raises(ForbiddenError):
        desk.page(opened, "watcher")


def test_an_unknown_term_is_refused(desk: Desk) -> None:
    opened = desk.open()
    with pytest.raises(InvalidInputError):
        desk.order(opened, retention="ever")
    assert rows(desk.world, Volume) == []
