"""Every document of judicial_confirmation, filled in from what its scenarios leave behind."""

from __future__ import annotations

import pytest

from tests.factories.package_papers import Papers

PAPERS = Papers("judicial_confirmation")
text_of, words, frozen, first_of = PAPERS.text_of, PAPERS.words, PAPERS.frozen, PAPERS.first


def test_application_is_of_both_parties_as_applicants() -> None:
    text = text_of("happy", "application")
    assert text.count("申请人：") == 4
    assert "被申请人" not in text
    assert "于2026年5月11日生效的调解协议（西峰镇调委会人调字〔2026〕第17号）有效" in text
    assert "金额：人民币3,000.00元（大写：叁仟元整）" in text
    assert text.index("此致") < text.index("肃州区人民法院")


def test_application_of_a_person_and_an_organisation_names_who_stands_for_them() -> None:
    text = text_of("enforced", "application")
    assert "委托代理人：尉迟山，代理权限：特别授权" in text
    assert "法定代表人（负责人）：綦国栋" in text
    assert "（法定代表人或者委托代理人签名，加盖公章）" in text


def test_statement_names_the_body_that_mediated() -> None:
    text = text_of("not_accepted", "mediation_statement")
    assert "由酒泉市消费纠纷人民调解委员会主持调解" in text


def test_inventory_ticks_what_is_there() -> None:
    assert text_of("dismissed_sue", "inventory").count("■") == 6
    assert "（不涉及）" in text_of("happy", "inventory")


def test_supplement_notice_says_what_and_by_when() -> None:
    text = text_of("enforced", "supplement_notice")
    assert "公司法定代表人身份证明书原件" in text
    assert "2026年3月7日以前" in text


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ("refused", "各方没有一致同意共同申请"),
        ("ineligible", "涉及婚姻、亲子、收养等身份关系"),
        ("late", "自协议生效之日起三十日内没有共同提出申请"),
        ("not_accepted", "裁定不予受理，理由是不属于该法院管辖"),
        ("dismissed_mediate", "以（2026）甘0902民特12号裁定驳回申请，理由是内容不明确"),
        ("absent", "按撤回申请处理"),
    ],
)
def test_result_notice_says_why_and_what_else_there_is(scenario: str, why: str) -> None:
    text = text_of(scenario, "result_notice")
    assert why in text
    assert "可以通过下列途径维护自己的权利" in text


def test_enforcement_notice_names_the_two_years_and_their_first_day() -> None:
    text = text_of("performed_late", "enforcement_notice")
    assert "二年，从履行期间的最后一日（2026年3月10日）起计算" in text


def test_effect_notice_lists_every_clause() -> None:
    text = text_of("happy", "effect_notice")
    assert "（一）巩玉兰支付砖款3000元" in text
    assert "（二）巩玉兰支付砖款3000元" in text
