"""Every document of the petition package, filled in from the facts its scenarios leave behind."""

from __future__ import annotations

import pytest

from tests.factories.package_papers import NAMED, Papers

UNIT = {"code": "620902-XF", "name": "肃州区信访局", "kind": "信访局", "county": "620902"}
PAPERS = Papers("petition", unit=UNIT, people=NAMED, case_number="肃州信访局受〔2026〕41号")
text_of, words, frozen, first_of = PAPERS.text_of, PAPERS.words, PAPERS.frozen, PAPERS.first


def test_letter_says_what_kind_of_errand_it_is() -> None:
    assert "信访事项交办函" in text_of("happy", "transfer_letter")
    assert "2026年5月4日前反馈办理结果" in text_of("happy", "transfer_letter")
    assert "信访事项转送函西峰镇综治中心：" in text_of("third", "transfer_letter")
    assert "信访事项直接办理单肃州区信访局：" in text_of("changed", "transfer_letter")
    assert "经报请本级党委和政府决定" in text_of("led_in", "transfer_letter")
    assert "经肃州区人民政府决定，由你单位办理" in text_of("objected", "transfer_letter")


def test_objection_gives_reasons_to_the_office_that_forwarded() -> None:
    text = text_of("objected", "objection_letter", 0)
    assert "肃州区信访局：" in text
    assert "打井由区水务部门组织实施" in text
    assert "建议由区水务部门办理" in text


def test_notice_says_who_handles_it_and_what_comes_next() -> None:
    text = text_of("happy", "petition_notice")
    assert "一、该事项由西峰镇综治中心办理，联系电话10012554301" in text
    assert "六十日内办结" in text
    assert "三十日内请求复查" in text
    assert "按照第二十九条研究论证" in text_of("suggestion", "petition_notice")
    assert "涉法涉诉事项" in text_of("judicial", "petition_notice")


@pytest.mark.parametrize(
    ("scenario", "says"),
    [("happy", "予以支持"), ("changed", "作出解释说明"), ("third", "不予支持")],
)
def test_opinion_holds_what_article_32_asks(scenario: str, says: str) -> None:
    text = text_of(scenario, "opinion")
    parts = ("一、投诉请求", "二、事实和理由", "三、依据", "四、处理意见")
    assert all(part in text for part in parts)
    assert says in text
    assert "三十日内，向我单位的上一级机关、单位请求复查" in text


def test_reviews_name_their_office_and_what_is_left() -> None:
    review = text_of("third", "review_opinion")
    assert "维持原意见" in review
    assert "肃州区综治中心" in review
    assert "请求复核；逾期不请求的，本事项终结" in review
    recheck = text_of("third", "recheck_opinion")
    assert "酒泉市信访局" in recheck
    assert "不再受理" in recheck
    assert "变更原意见" in text_of("changed", "review_opinion")


def test_extension_tells_days_and_reasons() -> None:
    text = text_of("changed", "petition_extension_notice")
    assert "延长二十日" in text
    assert "第三方核定需要二十日" in text


def test_supervision_is_addressed_to_the_unit_that_is_late() -> None:
    text = text_of("overdue", "supervision_letter")
    assert "西峰镇综治中心：" in text
    assert "六十日办理期限已经届满" in text


def test_accusation_goes_to_the_authority_of_the_table_and_names_its_receiver_only() -> None:
    text = text_of("accusation", "accusation_transfer")
    assert "密件" in text
    assert "同级纪检监察机关：" in text
    assert "某村村委会主任" in text
    assert "不得透露或者转给被检举、揭发的人员或者单位" in text
    assert "上一级纪检监察机关：" in text_of("accusation_found", "accusation_transfer")
