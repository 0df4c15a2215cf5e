"""Every document of people_mediation, filled in from the facts its scenarios leave behind."""

from __future__ import annotations

import pytest

from tests.factories.documents import PEOPLE
from tests.factories.package_papers import Papers

PAPERS = Papers("people_mediation", people={**PEOPLE, "mediator2": "鄂文清"})
text_of, words, frozen, first_of = PAPERS.text_of, PAPERS.words, PAPERS.frozen, PAPERS.first


def test_application_is_signed_by_the_applicant_alone_unless_both_apply() -> None:
    assert text_of("happy", "application").count("签名、盖章或按指印") == 1
    assert text_of("changed", "application").count("签名、盖章或按指印") == 2
    assert "代理人邬秀英代为签名" in text_of("represented", "application")


def test_schedule_lists_every_payee_under_one_clause() -> None:
    text = text_of("thirty_parties", "agreement")
    assert "给付明细如下" in text
    assert text.count("7,050.00") == 1
    assert "本协议一式三十一份" in text
    assert "给付明细" not in text_of("happy", "agreement")


def test_agreement_has_lines_for_guardians_and_agents() -> None:
    text = text_of("represented", "agreement")
    assert "监护人邬秀英代为签名" in text
    assert "本人或委托代理人签名，加盖公章" in text


def test_power_of_attorney_ticks_only_what_was_given() -> None:
    general, special = text_of("investigated", "power_of_attorney"), "■签署调解协议"
    assert special in general
    assert "受托人：鲜于晓梅" in general


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ("not_accepted", "人民法院、公安机关或者其他机关已经受理或者解决"),
        ("supplement_expired", "补正的材料在规定的期限内没有补正"),
        ("refused", "一方当事人明确拒绝调解"),
        ("unreachable", "无法与对方当事人取得联系"),
        ("failed", "各方没有达成协议"),
        ("sign_refused", "当事人没有在协议书上签字"),
        ("extended_then_expired", "没有一致同意延长"),
        ("unperformed", "义务人没有按照约定履行"),
    ],
)
def test_termination_notice_says_why_and_what_else_there_is(scenario: str, why: str) -> None:
    text = text_of(scenario, "termination_notice")
    assert why in text
    assert "可以通过下列途径维护自己的权利" in text
    assert "诉讼时效自提出请求之日起中断" in text


def test_changed_agreement_names_the_old_one() -> None:
    text = text_of("changed", "changed_agreement")
    assert "于2026年5月19日达成的人民调解协议（西峰镇调委会人调字〔2026〕第1号" in text
    assert "以本协议为准" in text


def test_follow_up_says_what_became_of_every_clause() -> None:
    assert "第1条已履行。第2条各方同意变更。第3条已履行。" in text_of("changed", "follow_up_record")
    assert "第1条已履行。第2条未履行。" in text_of("unperformed", "follow_up_record")


def test_record_names_who_was_invited_and_the_appraisal() -> None:
    text = text_of("investigated", "mediation_record")
    assert "火明亮（侯家沟村三组，邻里）" in text
    assert "相邻基槽开挖是裂缝产生的主要原因" in text
