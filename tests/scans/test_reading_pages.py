"""The process that reads pages: codes found on poor pictures, pages upright, nothing opened."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from tests.factories.scans import draw, jpeg, noisy, photographed, tilted
from webapp.pdf.process import ROOT
from webapp.pdf.renderer import RendererPool
from webapp.pdf.scans import ScanReader
from workflows.documents.page import PageFrame, build_page
from workflows.scans.codes import Mark, read_mark, read_marks
from workflows.scans.reading import PDF, PICTURE, ReadPage

CODE = "7K3M-Q9TX-22HD"
FRAME = PageFrame(
    title="人民调解协议书",
    unit_name="肃州区西峰镇人民调解委员会",
    number="西峰镇人调字〔2026〕第17号",
    verify_code=CODE,
    verify_url=f"https://jiuquan.example/verify/{CODE}",
    text_mark="3f9a01bc77de",
)
BODY = "<h1>人民调解协议书</h1>" + "<p>双方认可修复费用为人民币9,600.00元，一次付清。</p>" * 12


@pytest.fixture(scope="module")
def page(renderer: RendererPool) -> Image.Image:
    """A printed page."""
    html = build_page(BODY, FRAME)
    made = renderer.render(html, title="a", created=datetime(2026, 9, 3, tzinfo=UTC))
    return draw(made.pdf)


def read(reader: ScanReader, content: bytes, how: str = PICTURE) -> ReadPage:
    with reader.open(content, how) as opened:
        assert opened.pages == 1
        return opened.page(0)


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How dark a part of a page is; corners in mm."""
    grey = picture.convert("L").resize((210, 297)).crop(box)
    return sum(255 - value for value in grey.tobytes()) + 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [-7, 0, 7])
def test_a_page_is_found_and_kept_upright(
    reader: ScanReader, page: Image.Image, turn: int, tilt: int
) -> None:
    found = read(reader, jpeg(noisy(tilted(page, turn + tilt)), 60))
    assert read_marks(found.codes) == (Mark(CODE, 1),)
    assert len(found.jpeg) <= 300_000
    with Image.open(BytesIO(found.jpeg)) as kept:
        assert kept.height > kept.width
        around = 0 if tilt else 1
        code = ink(kept, (24, 250, 56, 292)) if around == 0 else ink(kept, (26, 264, 46, 286))
        assert code > 3 * ink(kept, (150, 225, 170, 247))


def test_a_photo_in_poor_light_is_found(reader: ScanReader, page: Image.Image) -> None:
    for turn in (0, 90, 180, 270):
        photo = photographed(page).rotate(turn, expand=True)
        assert read_marks(read(reader, jpeg(photo, 60)).codes) == (Mark(CODE, 1),)


def test_a_whole_page_of_lines_stays_readable_in_its_bytes(reader: ScanReader) -> None:
    """Noise is what JPEG keeps worst: quality goes down before size, and both end."""
    hard = noisy(Image.new("RGB", (2480, 3508), (128, 90, 60)), 120)
    found = read(reader, jpeg(hard, 95))
    assert found.codes == ()
    assert len(found.jpeg) <= 300_000


def test_a_phones_turn_counts(reader: ScanReader, page: Image.Image) -> None:
    kept = BytesIO()
    exif = Image.Exif()
    exif[0x112] = 6
    page.rotate(90, expand=True).save(kept, "JPEG", exif=exif)
    assert read_marks(read(reader, kept.getvalue()).codes) == (Mark(CODE, 1),)


def test_pages_become_one_pdf(reader: ScanReader, page: Image.Image) -> None:
    sent = [read(reader, jpeg(tilted(page, 90))).jpeg, read(reader, jpeg(page)).jpeg]
    with reader.open(reader.bind(sent), PDF) as opened:
        assert opened.pages == 2
        assert read_marks(opened.page(1).codes) == (Mark(CODE, 1),)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (f"https://a.example/verify/{CODE}?p=3", Mark(CODE, 3)),
        (f"http://10.0.0.1:8000/verify/{CODE}", Mark(CODE, None)),
        (f"https://a.example/base/verify/{CODE}?p=0", Mark(CODE, None)),
        (f"{CODE}/12", Mark(CODE, 12)),
        (CODE, Mark(CODE, None)),
        (f"https://a.example/verify/{CODE}?p=12345", None),
        (f"https://a.example/verify/{CODE}/../../x", None),
        (f"javascript:{CODE}", None),
        ("HT-000123", None),
        ("", None),
    ],
)
def test_what_a_code_says(text: str, mark: Mark | None) -> None:
    assert read_mark(text) == mark


def test_other_codes_on_a_page_do_not_count() -> None:
    assert read_marks(["HT-000123", f"{CODE}/1", f"{CODE}/1"]) == (Mark(CODE, 1),)
    assert len(read_marks([f"{CODE}/1", f"{CODE}/2"])) == 2


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "__import__('socket').socket().connect(('127.0.0.1', 9))",
        "__import__('os').system('true')",
        "__import__('os').remove('/nowhere')",
    ],
    ids=["file", "socket", "program", "remove"],
)
def test_a_reader_of_files_opens_nothing(attempt: str) -> None:
    lines = (
        "import sys, socket, os",
        "from webapp.pdf.serving import opens_nothing",
        "sys.addaudithook(opens_nothing)",
        attempt,
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, check=False
    )
    assert b"PermissionError" in done.stderr
