"""A clock in words: six states, each with its own icon and sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask, g

from webapp.pages import clocks, language
from workflows.cases.queries.records import ClockView

TODAY = date(2026, 10, 9)
CLOCK = ClockView(
    id="r-1",
    rule="mediation",
    title={"zh": "人民调解", "en": "Mediation"},
    article={"zh": "若干规定第33条 · 1个月", "en": "Provisions, art. 33 · 1 month"},
    base="2026-09-10",
    due_on=date(2026, 10, 21),
    due_at=None,
    state="ok",
    status="final",
    left=12,
    unit="d",
    rolled=False,
    excluded=(),
    used_share=0.5,
    steps=(),
    rule_version="1",
    calendar_version="1",
    run="r",
)


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    language.install(app)
    return app


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        g.language = "zh-Hans"
        yield


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "还剩 12 天"),
        ({"unit": "wd", "left": 4}, "还剩 4 个工作日"),
        ({"state": "soon", "left": 0, "due_on": TODAY}, "今天到期"),
        ({"state": "soon", "left": 1, "due_on": date(2026, 10, 10)}, "明天到期"),
        (
            {"state": "soon", "unit": "wd", "left": 1, "due_on": date(2026, 10, 12)},
            "还剩 1 个工作日",
        ),
        ({"state": "over", "left": -3, "due_on": date(2026, 10, 6)}, "逾期 3 天"),
        (
            {"state": "over", "unit": "wd", "left": -2, "due_on": date(2026, 9, 30)},
            "逾期 2 个工作日",
        ),
        ({"left": 1065, "due_on": date(2029, 9, 8)}, "还剩 2 年 10 个月"),
        ({"state": "paused"}, "已暂停"),
        ({"state": "paused", "excluded": ((TODAY, TODAY, "鉴定"),)}, "已暂停 · 鉴定"),
        ({"state": "met"}, "按期完成"),
        ({"state": "missed"}, "到期未办完"),
        ({"state": "closed"}, "不再计时"),
        ({"state": "none", "left": None, "due_on": None}, "算不出到期日"),
    ],
)
def test_words_of_a_clock(changes: dict[str, object], words: str) -> None:
    assert clocks.words(replace(CLOCK, **changes), TODAY) == words


def test_chip_holds_icon_date_and_article() -> None:
    assert clocks.chip(CLOCK, TODAY) == clocks.Chip(
        style="ok",
        icon="clock",
        words="还剩 12 天",
        due="10月21日（周三）",
        due_iso="2026-10-21",
        why="若干规定第33条 · 1个月",
    )


def test_chip_of_a_swapped_working_day_says_so() -> None:
    saturday = replace(CLOCK, due_on=date(2026, 10, 10))
    assert clocks.chip(saturday, TODAY, lambda _on: True).due == "10月10日（周六，上班）"


def test_paused_clock_has_no_date_to_rely_on() -> None:
    assert clocks.chip(replace(CLOCK, state="paused"), TODAY).due == "到期日顺延"


@pytest.mark.parametrize(("used", "share"), [(None, None), (0.0, 0), (0.456, 46), (1.4, 100)])
def test_share_stays_on_the_bar(used: float | None, share: int | None) -> None:
    assert clocks.share(replace(CLOCK, used_share=used)) == share


@pytest.mark.parametrize(
    ("base", "on"),
    [
        ("2026-09-10", date(2026, 9, 10)),
        ("2026-09-10T18:00:00+00:00", date(2026, 9, 11)),
        ("soon", None),
    ],
)
def test_opening_day_is_shanghais(base: str, on: date | None) -> None:
    assert clocks.opened_on(base) == on
