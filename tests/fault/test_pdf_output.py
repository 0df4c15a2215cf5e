"""What comes out of the renderer: an archive format that can be read, searched and compared."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pdfplumber
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from webapp.pdf.renderer import RendererPool
from workflows.documents.page import PageFrame, build_page
from workflows.documents.rendering import Attachment, Rendered

CREATED = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)
FRAME = PageFrame(
    title="人民调解协议书",
    unit_name="肃州区西峰镇人民调解委员会",
    number="西峰镇人调字〔2026〕第17号",
    verify_code="7K3M-Q9TX-22HD",
    verify_url="https://jiuquan.example/verify/7K3M-Q9TX-22HD",
)
RARE = "喆堃祎昇玥珺赟旸甡𬱖䶮㛃㭎"
BODY = (
    f"<h1>人民调解协议书</h1><p>申请人：{RARE}。金额：人民币9,600.00元（大写：玖仟陆佰元整）。</p>"
)


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


def render(pool: RendererPool, body: str = BODY, frame: PageFrame = FRAME) -> Rendered:
    return pool.render(
        build_page(body, frame), title=frame.title, created=CREATED, author=frame.unit_name
    )


def texts(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [page.extract_text() for page in opened.pages]


def test_pdf_says_it_is_pdf_a_3u(pool: RendererPool) -> None:
    with pikepdf.open(io.BytesIO(render(pool).pdf)) as pdf:
        assert pdf.pdf_version == "1.7"
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3U"
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/AcroForm" not in pdf.Root


def test_metadata_names_title_office_and_day_but_no_tool(pool: RendererPool) -> None:
    made = render(pool)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert {name: str(value) for name, value in pdf.docinfo.items()} == {
            "/Title": "人民调解协议书",
            "/Author": "肃州区西峰镇人民调解委员会",
            "/Producer": "Fengqiao",
            "/CreationDate": "D:20260903020000+00'00",
            "/ModDate": "D:20260903020000+00'00",
        }
        assert b"WeasyPrint" not in pdf.Root.Metadata.read_bytes()
    assert b"WeasyPrint" not in made.pdf


def test_fonts_are_the_named_ones_embedded_in_parts(pool: RendererPool) -> None:
    with pikepdf.open(io.BytesIO(render(pool).pdf)) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o]
        names = {re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont)) for font in fonts}
        assert names == {"Noto-Serif-SC", "Noto-Serif-SC-Bold"}
        descriptors = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]
        assert descriptors
        assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_rare_name_characters_are_drawn_and_can_be_searched(pool: RendererPool) -> None:
    made = render(pool)
    assert made.missing == ""
    (text,) = texts(made.pdf)
    assert RARE in text
    assert not re.search("[\u2e80-\u2fdf]", text), "radicals in place of characters"


def glyphs(pdf: bytes) -> set[int]:
    """Every glyph number shown on any page; 0 is the box."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown = [
            bytes(part)
            for page in opened.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "TJ"
            for part in operands[0]
            if isinstance(part, pikepdf.String)
        ]
    return {int.from_bytes(run[i : i + 2]) for run in shown for i in range(0, len(run), 2)}


def test_no_character_is_a_box(pool: RendererPool) -> None:
    found = glyphs(render(pool).pdf)
    assert len(found) > 40
    assert 0 not in found


def test_character_that_no_font_has_is_reported(pool: RendererPool) -> None:
    made = render(pool, "<p>\U000f0000</p>")
    assert made.missing == "\U000f0000"


def test_every_page_has_number_office_and_verify_code(pool: RendererPool) -> None:
    made = render(pool, "<p>一</p>" * 60)
    assert made.pages == 3
    for number, text in enumerate(texts(made.pdf), 1):
        assert f"第 {number} 页 共 3 页" in text.replace("\u3000", " ")
        assert "西峰镇人调字〔2026〕第17号" in text
        assert "肃州区西峰镇人民调解委员会" in text
        assert "核验码 7K3M-Q9TX-22HD" in text


def test_pages_hold_the_official_text_area(pool: RendererPool) -> None:
    with pdfplumber.open(io.BytesIO(render(pool, "<p>字</p>" * 40).pdf)) as opened:
        page = opened.pages[0]
        body = [char for char in page.chars if char["size"] > 15]
        assert (round(page.width), round(page.height)) == (595, 842)
        assert len(body) == 22
        assert round(min(char["x0"] for char in body) / 72 * 25.4) == 28 + 11
        lines_mm = [(char["top"] + char["bottom"]) / 2 / 72 * 25.4 for char in body]
        assert 37 < min(lines_mm) < 37 + 10.3
        assert 297 - 35 - 10.3 < max(lines_mm) < 297 - 35


def test_draft_is_marked_on_every_page(pool: RendererPool) -> None:
    frame = PageFrame(FRAME.title, FRAME.unit_name, FRAME.number, None)
    made = render(pool, "<p>一</p>" * 60, frame)
    for text in texts(made.pdf):
        assert "未经签署和盖章，不具有效力" in text
        assert "草" in text
        assert "核验码" not in text


def test_same_document_gives_the_same_bytes_in_another_process(pool: RendererPool) -> None:
    other = RendererPool()
    try:
        assert render(other).pdf == render(pool).pdf
    finally:
        other.close()


def test_other_document_in_between_changes_nothing(pool: RendererPool) -> None:
    first = render(pool).pdf
    render(pool, "<h2>二</h2>")
    assert render(pool).pdf == first


def test_other_text_gives_another_identifier(pool: RendererPool) -> None:
    def identifier(made: Rendered) -> bytes:
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            return bytes(pdf.trailer.ID[0])

    assert identifier(render(pool)) != identifier(render(pool, "<p>二</p>"))


def test_attachment_travels_inside(pool: RendererPool) -> None:
    made = pool.render(
        build_page(BODY, FRAME),
        title=FRAME.title,
        created=CREATED,
        attachments=[Attachment("facts.json", "application/json", b'{"a":1}', "依据")],
    )
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert pdf.attachments["facts.json"].get_file().read_bytes() == b'{"a":1}'
        assert str(pdf.Root.AF[0].AFRelationship) == "/Source"


def test_house_page_is_understood_completely(pool: RendererPool) -> None:
    assert render(pool).warnings == ()


def pictures(pdf: bytes) -> list[list[str]]:
    """What the QR pictures of each page hold."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [page.render(scale=2, grayscale=True).to_pil() for page in document]
    return [[found.text for found in zxingcpp.read_barcodes(picture)] for picture in drawn]


def test_each_page_carries_its_own_picture(pool: RendererPool) -> None:
    frame = replace(FRAME, text_mark="3f9a01bc77de")
    made = render(pool, BODY * 40, frame)
    assert made.pages > 3
    assert pictures(made.pdf) == [[f"{FRAME.verify_url}?p={n + 1}"] for n in range(made.pages)]
    assert all("文本指纹3f9a01bc77de" in "".join(text.split()) for text in texts(made.pdf))
    assert made.warnings == ()


def test_more_pages_than_anybody_counted_on_still_carry_the_code(pool: RendererPool) -> None:
    frame = replace(FRAME, text_mark="3f9a01bc77de")
    made = render(pool, '<p style="break-after: page">甲</p>' * 12, frame)
    found = pictures(made.pdf)
    assert found[0] == [f"{FRAME.verify_url}?p=1"]
    assert found[-1] == [FRAME.verify_url]


def test_a_document_from_before_keeps_one_picture_for_all_pages(pool: RendererPool) -> None:
    made = render(pool, BODY * 40)
    assert pictures(made.pdf) == [[FRAME.verify_url]] * made.pages
