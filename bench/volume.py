"""A volume of three hundred pages: laid out, bound, and the most memory the binder held."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from PIL import Image

from bench.figures import Figure
from webapp.pdf.binder import VolumeBinder
from webapp.pdf.renderer import RendererPool
from workflows.catalogue.volume import VolumeLine
from workflows.storage.files import FileStore
from workflows.volumes.binding import PDF, PICTURE
from workflows.volumes.contents import Contents, FilledLine, Paper
from workflows.volumes.facts import VolumeFacts
from workflows.volumes.layout import lay_out

SCANS, PAGES_EACH, PHOTOS, DOCUMENTS = 10, 10, 100, 49
"""100 pages of scans, 100 photos, 98 pages of documents of our own: with 备考表 about 300."""
PHOTO = (3000, 2250)
"""Of a middling phone, in pixels."""
STYLE = "html{font:16pt/28.9pt 'Noto Serif SC'}"
NOW = datetime(2026, 10, 9, tzinfo=UTC)


def measure() -> list[Figure]:
    """The whole way but the database: sheets, looking, binding, storing."""
    pool = RendererPool()
    with TemporaryDirectory() as folder:
        store = FileStore(Path(folder))
        papers = _papers(store, pool)
        pool.warm()
        begun = time.monotonic()
        contents = _contents(papers)
        opened = [store.open(str(paper.sha256)) for paper in papers]
        with VolumeBinder(Path(folder) / "spool").open() as binding:
            files = [
                (content, PICTURE if paper.media_type == "image/jpeg" else PDF, paper.is_document)
                for content, paper in zip(opened, papers, strict=True)
            ]
            found = binding.look(files)
            looked = time.monotonic()
            layout = lay_out(pool, _facts(), contents, found)
            laid_out = time.monotonic()
            bound = binding.bind(layout.wanted, lambda _done: None)
            blob = store.put(bound.content)
        ended = time.monotonic()
        for content in opened:
            content.close()
    pool.close()
    return [
        Figure(f"volume of {layout.pages} pages", ended - begun, "s", 20),
        Figure("  looking, photos made into pages", looked - begun, "s", None),
        Figure("  sheets and numbers", laid_out - looked, "s", None),
        Figure("  binding and storing", ended - laid_out, "s", None),
        Figure("binder's most memory", bound.peak_bytes / 2**20, "MB", 300),
        Figure("  size of the volume", blob.size / 2**20, "MB", None),
    ]


def _papers(store: FileStore, pool: RendererPool) -> list[Paper]:
    made: list[Paper] = []

    def keep(title: str, content: bytes, media_type: str = "") -> None:
        sha256 = store.put(content).sha256
        made.append(Paper(f"file/{len(made)}", len(made), title, sha256, media_type))

    for number in range(DOCUMENTS):
        text = f"<h1>调解记录</h1><p>{'双方就用水问题各自陈述，' * 60}第 {number} 次。</p>"
        page = f"<html><head><style>{STYLE}</style></head><body>{text}</body></html>"
        keep(f"调解记录{number}", pool.render(page, title="调解记录", created=NOW).pdf)
    for number in range(SCANS):
        keep(f"扫描件{number}.pdf", _scan(number), "application/pdf")
    for number in range(PHOTOS):
        keep(f"照片{number}.jpg", _photo(number), "image/jpeg")
    return made


def _scan(number: int) -> bytes:
    """Ten pages, each a picture of 150 dots an inch, as office machines make them."""
    kept = BytesIO()
    pages = [_picture((1240, 1754), number * 10 + page) for page in range(PAGES_EACH)]
    pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    with pikepdf.open(BytesIO(kept.getvalue())) as whole:
        assert len(whole.pages) == PAGES_EACH
    return kept.getvalue()


def _photo(number: int) -> bytes:
    kept = BytesIO()
    _picture(PHOTO, number).save(kept, "JPEG", quality=88)
    return kept.getvalue()


def _picture(size: tuple[int, int], seed: int) -> Image.Image:
    """Neither flat nor noise: a scene compresses like this."""
    small = Image.effect_noise((size[0] // 12, size[1] // 12), 40 + seed % 40)
    return small.resize(size, Image.Resampling.BICUBIC).convert("RGB")


def _contents(papers: list[Paper]) -> Contents:
    line = VolumeLine("all", {"zh": "全部材料", "en": "All papers"})
    note = VolumeLine("note", {"zh": "卷宗情况说明", "en": "Note"}, sheet="note")
    back = VolumeLine("back", {"zh": "封底", "en": "Back cover"}, sheet="back")
    filled = (FilledLine(line, tuple(papers)), FilledLine(note, ()), FilledLine(back, ()))
    return Contents(filled, ())


def _facts() -> VolumeFacts:
    return VolumeFacts(
        heading="人民调解卷宗",
        unit="西峰镇人民调解委员会",
        title="邻里用水纠纷",
        number="西峰镇人调字〔2026〕第17号",
        mediator="柴永贵",
        begun=date(2026, 9, 1),
        ended=date(2026, 10, 9),
        keeper="周敏",
        made=date(2026, 10, 9),
        retention="long",
        version=1,
        remark="",
        created=NOW,
    )
