"""How values are spoken on pages, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, g

from webapp.pages import formats, language

TODAY = date(2026, 10, 9)


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    language.install(app)
    return app


@pytest.fixture(autouse=True)
def speaking(app: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    """Inside a request in the language of the marker's parameter, Chinese by default."""
    with app.test_request_context():
        g.language = getattr(request, "param", "zh-Hans")
        yield


english = pytest.mark.parametrize("speaking", ["en"], indirect=True)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 10, 8), "10月8日（周四）"),
        (date(2027, 1, 4), "2027年1月4日"),
        (date(2026, 12, 8), "12月8日（周二）"),
        (date(2026, 12, 9), "12月9日"),
        (date(2025, 12, 31), "2025年12月31日"),
        (datetime(2026, 10, 8, 16, 30, tzinfo=UTC), "10月9日（周五）"),
    ],
)
def test_day_is_written_as_in_the_office(on: date, words: str) -> None:
    assert formats.day(on, TODAY) == words


def test_swapped_working_day_says_so() -> None:
    assert formats.day(date(2026, 10, 10), TODAY, swapped=True) == "10月10日（周六，上班）"


@english
def test_english_days() -> None:
    assert formats.day(date(2026, 10, 8), TODAY) == "8 Oct (Thu)"
    assert formats.day(date(2026, 10, 10), TODAY, swapped=True) == "10 Oct (Sat, working day)"
    assert formats.day(date(2027, 1, 4), TODAY) == "4 Jan 2027"
    assert formats.full_day(date(2027, 1, 4)) == "4 January 2027"


def test_time_is_shanghais_without_leading_zero() -> None:
    assert formats.clock_time(datetime(2026, 10, 9, 1, 5, tzinfo=UTC)) == "9:05"
    assert formats.moment(datetime(2026, 10, 9, 1, 5, tzinfo=UTC), TODAY) == "10月9日（周五）9:05"


def test_short_and_full_day() -> None:
    assert formats.short_day(date(2026, 10, 8), TODAY) == "10月8日"
    assert formats.short_day(date(2025, 10, 8), TODAY) == "2025年10月8日"
    assert formats.full_day(date(2026, 10, 8)) == "2026年10月8日"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((), ""),
        (("李玉梅",), "李玉梅"),
        (("李玉梅", "张克俭"), "李玉梅 与 张克俭"),
        (("李玉梅", "张克俭", "王五"), "李玉梅等 3 人"),
        (("<b>", "张克俭"), "&lt;b&gt; 与 张克俭"),
        (("<b>", "甲", "乙"), "&lt;b&gt;等 3 人"),
    ],
)
def test_names_of_parties(people: tuple[str, ...], words: str) -> None:
    assert formats.names(people) == words


@english
def test_chinese_data_is_marked_on_english_pages() -> None:
    marked = '<span lang="zh-Hans">李玉梅</span>'
    assert formats.data("李玉梅") == marked
    assert formats.data("<R 12>") == "&lt;R 12&gt;"
    assert formats.names(("李玉梅", "A", "B")) == f"{marked} and others (3)"


def test_data_is_escaped_and_none_is_nothing() -> None:
    assert formats.data("<b>甲</b>") == "&lt;b&gt;甲&lt;/b&gt;"
    assert formats.data(None) == ""


@pytest.mark.parametrize(
    ("amount", "words"),
    [("18600", "18,600.00"), ("0.5", "0.50"), (None, ""), ("约三千", "约三千")],
)
def test_money(amount: str | None, words: str) -> None:
    assert formats.money(amount) == words


@pytest.mark.parametrize(
    ("count", "words"), [(980, "980 B"), (12_300, "12 KB"), (1_258_291, "1.2 MB")]
)
def test_size(count: int, words: str) -> None:
    assert formats.size(count) == words


@pytest.mark.parametrize(
    ("name", "mark"), [("李玉梅", "李"), ("甘肃沙洲商贸有限公司", "沙"), ("", "?")]
)
def test_initial_is_the_own_word_of_a_name(name: str, mark: str) -> None:
    assert formats.initial(name) == mark


def test_titles_fall_back_to_chinese() -> None:
    assert formats.titled({"zh": "登记"}) == "登记"
    assert formats.titled(None) == ""


@english
def test_titles_in_english() -> None:
    assert formats.titled({"zh": "登记", "en": "Register"}) == "Register"
    assert formats.titled({"zh": "登记"}) == "登记"
