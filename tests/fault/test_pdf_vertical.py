"""Copies in a second language as they lie on the sheet: columns from left to right, lines from
right to left, Chinese upright in both."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pdfplumber
import pytest
from pdfplumber.page import Page

from tests.factories import documents as factory
from tests.factories.rollout import package
from webapp.pdf.renderer import RendererPool
from workflows.catalogue.languages import LANGUAGES
from workflows.documents.beside import compose_beside
from workflows.documents.compose import DocumentFacts
from workflows.documents.rendering import Rendered

CODE = "7K3M-Q9TX-22HD"
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, 37 * MM, (297 - 35) * MM
LYING = (0, -1, 1, 0)
"""Directions of a glyph turned a quarter to the right."""


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


def made(pool: RendererPool, kind: str, code: str, **changes: object) -> Rendered:
    facts = DocumentFacts(kind, factory.RUN["number"], date(2026, 9, 3), CODE)
    frozen = factory.frozen(**changes)  # type: ignore[arg-type]
    composed = compose_beside(package("people_mediation"), frozen, facts, LANGUAGES[code])
    return pool.render(
        composed.html, title=composed.title, created=datetime(2026, 9, 3, tzinfo=UTC)
    )


def pages(rendered: Rendered) -> list[Page]:
    return list(pdfplumber.open(io.BytesIO(rendered.pdf)).pages)


def inside(page: Page) -> list[dict]:  # type: ignore[type-arg]
    """Glyphs of the text area, in the order in which they were drawn."""
    return [
        char
        for char in page.chars
        if char["text"].strip() and TOP - 2 < (char["top"] + char["bottom"]) / 2 < BOTTOM + 2
    ]


def is_mongolian(char: dict) -> bool:  # type: ignore[type-arg]
    return "MONGOLIAN LETTER" in unicodedata.name(char["text"][0], "")


def turn(char: dict) -> tuple[int, ...]:  # type: ignore[type-arg]
    """Sign of the four directions of a glyph's matrix."""
    return tuple((value > 0.01) - (value < -0.01) for value in char["matrix"][:4])


def test_mongolian_lies_along_columns_and_chinese_stands_in_them(pool: RendererPool) -> None:
    page = pages(made(pool, "agreement", "mn"))[-2]
    drawn = inside(page)
    mongolian = [char for char in drawn if is_mongolian(char)]
    chinese = [char for char in drawn if "CJK UNIFIED" in unicodedata.name(char["text"][0], "")]
    assert len(mongolian) > 200
    assert {turn(char) for char in mongolian} == {LYING}
    assert len(chinese) > 50
    assert {turn(char) for char in chinese} == {(1, 0, 0, 1)}


def test_columns_follow_each_other_from_left_to_right(pool: RendererPool) -> None:
    page = pages(made(pool, "rights_notice", "mn"))[-1]
    mongolian = [char for char in inside(page) if is_mongolian(char)]
    for before, after in itertools.pairwise(mongolian):
        same_column = abs(before["matrix"][4] - after["matrix"][4]) < 5
        if same_column:
            assert after["top"] > before["top"] - 1
        else:
            assert after["matrix"][4] > before["matrix"][4]
            assert after["top"] < before["top"]


def test_text_of_a_thousand_characters_goes_on_on_the_next_sheet(pool: RendererPool) -> None:
    rendered = made(pool, "agreement", "mn", case={"facts": "楼上水管破裂，吊顶受损。" * 90})
    found = pages(rendered)
    vertical = [page for page in found if any(turn(char) == LYING for char in inside(page))]
    assert len(vertical) >= 3
    for page in vertical:
        for char in inside(page):
            assert LEFT - 2 < char["x0"] < char["x1"] < RIGHT + 2
            assert TOP - 2 < char["top"] < char["bottom"] < BOTTOM + 2


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_sheet_counts_itself_and_says_that_the_chinese_text_decides(
    pool: RendererPool, code: str
) -> None:
    rendered = made(pool, "agreement", code)
    found = pages(rendered)
    for number, page in enumerate(found, 1):
        text = "".join(char["text"] for char in page.chars if turn(char) == (1, 0, 0, 1))
        text = text.replace("\u3000", "").replace(" ", "")
        assert f"第{number}页共{len(found)}页" in text
        assert "以汉文文本为准" in text
        assert CODE in text
    assert rendered.missing == ""
    assert rendered.warnings == ()


@pytest.mark.parametrize("code", sorted(LANGUAGES))
@pytest.mark.parametrize("kind", ["agreement", "rights_notice"])
def test_amounts_names_and_what_officers_typed_are_in_both_texts(
    pool: RendererPool, kind: str, code: str
) -> None:
    told = "".join(char["text"] for page in pages(made(pool, kind, code)) for char in page.chars)
    wanted = ("赵秀兰", "9,600.00") if kind == "agreement" else ("赵", "肃州区西峰镇人民调解委员会")
    for words in wanted:
        backwards = words[::-1]
        assert told.count(words) + told.count(backwards) >= 2


def test_kazakh_lines_begin_at_the_right(pool: RendererPool) -> None:
    page = pages(made(pool, "rights_notice", "kk"))[-1]
    ends: dict[int, float] = {}
    for char in inside(page):
        if "ARABIC LETTER" in unicodedata.name(char["text"][0], ""):  # “(1)” stands before some
            row = round(char["matrix"][5])
            ends[row] = max(ends.get(row, 0.0), char["x1"])
    assert len(ends) > 10
    assert [x for x in ends.values() if not RIGHT - 34 < x < RIGHT + 1] == []


def test_copy_has_no_room_for_signatures(pool: RendererPool) -> None:
    told = "".join(
        char["text"] for page in pages(made(pool, "agreement", "kk")) for char in page.chars
    )
    assert "按指印）" not in told
    assert "签名、盖章在汉文文本上" in told


def test_copy_gives_the_same_bytes_again(pool: RendererPool) -> None:
    assert made(pool, "agreement", "mn").pdf == made(pool, "agreement", "mn").pdf
