"""Names people really have: which of their characters are drawn, and that those that are not are
known before anything is printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.factories.names import BEYOND, EXTENDED, RARE, names
from tests.factories.paper_reader import read_sheets
from webapp.pdf.coverage import Coverage
from webapp.pdf.fonts import font_folders
from webapp.pdf.renderer import RendererPool, RendererSettings
from workflows.documents.page import PageFrame, build_page
from workflows.documents.rendering import Rendered

TEN_THOUSAND = names(10_000)


@pytest.fixture(scope="module")
def folders() -> tuple[Path, ...]:
    return font_folders(RendererSettings().packages, None)


@pytest.fixture(scope="module")
def coverage(folders: tuple[Path, ...]) -> Coverage:
    return Coverage(folders)


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


def render(pool: RendererPool, people: list[str]) -> Rendered:
    body = "".join(f"<p>申请人：{name}</p>" for name in people)
    frame = PageFrame("人民调解协议书", "西峰镇人民调解委员会", "第1号", "7K3M-Q9TX-22HD")
    return pool.render(
        build_page(body, frame), title="协议书", created=datetime(2026, 9, 3, tzinfo=UTC)
    )


def test_ten_thousand_names_are_what_they_claim_to_be() -> None:
    assert names(10_000) == TEN_THOUSAND
    assert len(set(TEN_THOUSAND)) > 6_000
    assert sum("·" in name for name in TEN_THOUSAND) > 800
    assert sum(any(ord(c) > 0xFFFF for c in name) for name in TEN_THOUSAND) > 700


def test_every_character_of_the_standard_table_is_drawn(coverage: Coverage) -> None:
    assert coverage.lacking(RARE + EXTENDED) == ""


def test_of_ten_thousand_names_only_those_beyond_the_table_lack_a_character(
    coverage: Coverage,
) -> None:
    lacking = {name: coverage.lacking(name) for name in TEN_THOUSAND if coverage.lacking(name)}
    assert set("".join(lacking.values())) <= set(BEYOND)
    assert len(lacking) <= 100


def test_coverage_is_that_of_another_reader_of_fonts(
    coverage: Coverage, folders: tuple[Path, ...]
) -> None:
    """fontTools reads the same tables; an ideograph more or less would be a name in boxes."""
    known: set[int] = set()
    for folder in folders:
        for path in folder.glob("*.ttf"):
            known |= set(TTFont(path).getBestCmap())
    asked = {ord(c) for c in "".join(TEN_THOUSAND)} | set(range(0x3400, 0xA000))
    assert {code for code in asked if coverage.has(chr(code))} == asked & known


def test_fifty_names_are_printed_and_read_back(pool: RendererPool, coverage: Coverage) -> None:
    drawn = [name for name in TEN_THOUSAND[::197] if not coverage.lacking(name)][:50]
    made = render(pool, drawn)
    assert made.missing == ""
    told = "".join(one.text for sheet in read_sheets(made.pdf) for one in sheet.glyphs)
    assert len(drawn) == 50
    assert [name for name in drawn if name not in told] == []


def test_renderer_and_page_miss_the_same_characters(pool: RendererPool, coverage: Coverage) -> None:
    people = [f"赵{character}" for character in BEYOND]
    said = "".join(people)
    assert set(render(pool, people).missing) == set(coverage.lacking(said))


def test_broken_font_of_an_office_counts_as_having_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0\0\1" + b"\0" * 6 + b"cmap\xff\xff\xff\xff" * 9)
    (tmp_path / "empty.otf").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("赵")
    assert Coverage([tmp_path]).lacking("赵 a\u200b") == "赵a"
