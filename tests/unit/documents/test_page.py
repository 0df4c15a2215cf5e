"""The printed page around a text."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

from workflows.documents.page import PAGE_LETTERS, SPARE_PAGES, PageFrame, build_page

FRAME = PageFrame(
    title="人民调解协议书",
    unit_name="肃州区西峰镇人民调解委员会",
    number="西峰镇人调字〔2026〕第17号",
    verify_code="7K3M-Q9TX-22HD",
    verify_url="https://jiuquan.example/verify/7K3M-Q9TX-22HD",
)


def test_page_carries_unit_number_and_code() -> None:
    html = build_page("<h1>人民调解协议书</h1>", FRAME)
    assert '<html lang="zh-CN">' in html
    assert '<p class="page-unit">肃州区西峰镇人民调解委员会</p>' in html
    assert '<p class="page-number-of-document">西峰镇人调字〔2026〕第17号</p>' in html
    assert "核验码 7K3M-Q9TX-22HD" in html
    assert "<h1>人民调解协议书</h1>" in html
    assert 'class="draft-mark"' not in html


def test_page_has_its_code_as_a_picture_of_its_own() -> None:
    html = build_page("", FRAME)
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert base64.b64decode(picture).startswith(b"\x89PNG")


def test_page_without_public_address_promises_no_scanning() -> None:
    frame = PageFrame("a", "b", "c", "7K3M-Q9TX-22HD")
    assert "data:image/png" in build_page("", frame)
    assert "扫码" not in build_page("", frame)
    assert "扫码可核对真伪，不显示姓名" in build_page("", FRAME)


def test_draft_has_the_mark_and_no_code() -> None:
    html = build_page("", PageFrame("a", "b", "c", None))
    assert '<p class="draft-mark">草稿</p>' in html
    assert "未经签署和盖章，不具有效力" in html
    assert "核验码" not in html
    assert "data:image" not in html


def test_frame_is_escaped() -> None:
    html = build_page("", PageFrame("<b>", "<img src=x>", "&", "7K3M-Q9TX-22HD"))
    assert "<img src=x>" not in html
    assert "&lt;img src=x&gt;" in html
    assert "<title>&lt;b&gt;</title>" in html


def test_same_input_gives_the_same_page() -> None:
    assert build_page("<p>a</p>", FRAME) == build_page("<p>a</p>", FRAME)


def test_letter_carries_its_number_as_a_picture_and_in_figures() -> None:
    html = build_page("<h1>委派调解函</h1>", replace(FRAME, letter="1n9hhmgapd95p"))
    assert "函件编号 1n9hhmgapd95p" in html
    assert html.count("<img ") == 2
    assert "函件编号" not in build_page("", FRAME)


MARKED = replace(FRAME, text_mark="3f9a01bc77de")


def test_each_page_has_a_picture_that_says_which_page_it_is() -> None:
    html = build_page("", MARKED)
    named = re.findall(r'@page :nth\((\d+)\)\{@bottom-left\{background-image:url\("([^"]+)"', html)
    assert [int(page) for page, _ in named] == list(range(1, len(named) + 1))
    assert named[1][1] == "qr:https://jiuquan.example/verify/7K3M-Q9TX-22HD%3Fp%3D2"
    assert "data:image" not in html
    assert len(named) == SPARE_PAGES


def test_a_longer_text_may_have_more_pages() -> None:
    html = build_page("字" * PAGE_LETTERS * 3, MARKED)
    assert f":nth({SPARE_PAGES + 3})" in html
    assert f":nth({SPARE_PAGES + 4})" not in html


def test_without_a_public_address_the_picture_holds_code_and_page() -> None:
    html = build_page("", replace(MARKED, verify_url=None))
    assert 'url("qr:7K3M-Q9TX-22HD/2")' in html


def test_the_fingerprint_stands_beside_the_code_in_groups() -> None:
    assert "文本指纹 3f9a 01bc 77de" in build_page("", MARKED)
    assert "文本指纹" not in build_page("", FRAME)


def test_a_draft_has_no_picture_on_any_page() -> None:
    assert "qr:" not in build_page("", replace(MARKED, verify_code=None))
