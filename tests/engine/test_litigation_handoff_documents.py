"""Every document of litigation_handoff, filled in from what its scenarios leave behind."""

from __future__ import annotations

import pytest

from tests.factories.package_papers import Papers

PAPERS = Papers("litigation_handoff")
text_of, words, frozen, first_of = PAPERS.text_of, PAPERS.words, PAPERS.frozen, PAPERS.first


def test_letter_names_who_gets_it_and_how_long_it_may_take() -> None:
    assert "委派调解函" in text_of("happy", "delegation_letter")
    assert "起三十日，" in text_of("happy", "delegation_letter")
    assert "委托调解函" in text_of("court_paper", "delegation_letter")
    assert "起七日，" in text_of("court_paper", "delegation_letter")
    assert "起十五日，" in text_of("suit_withdrawn", "delegation_letter")


def test_agreement_before_filing_is_in_force_with_the_signatures() -> None:
    text = text_of("happy", "agreement")
    assert "自各方当事人签名、盖章或者按指印之日起生效" in text
    assert "（二）晁秀琴支付饲料款6000元" in text
    assert "由人民法院依法制作调解书" in text_of("court_paper", "agreement")


def test_undisputed_facts_go_to_the_court_only_with_consent() -> None:
    assert "2024年3月借款30000元" in text_of("failed_filed", "termination_report")
    document = first_of("termination_report")
    facts = frozen(document)
    case = {**facts["case"], "undisputed": "甲欠乙三千元。"}
    without = {**facts, "case": case, "data": {**facts["data"], "undisputed_consent": False}}
    assert "甲欠乙三千元" not in words(document, without)


@pytest.mark.parametrize("kind", PAPERS.kinds)
def test_concessions_are_in_no_document(kind: str) -> None:
    """Specially invited mediation, art. 22."""
    facts = frozen(first_of(kind))
    told = {**facts, "case": {**facts["case"], "concessions": "愿意少要四百元"}}
    assert "愿意少要四百元" not in words(first_of(kind), told)


def test_letter_for_confirmation_says_that_concessions_stay() -> None:
    text = text_of("confirmed", "confirm_letter")
    assert "酒泉市物业纠纷人民调解委员会：" in text
    assert "于2026年3月2日达成协议并生效" in text
    assert "让步等内容没有随函转出" in text


def test_bar_note_names_the_mediator_and_what_is_barred() -> None:
    text = text_of("failed_filed", "mediator_bar")
    assert "第十六条" in text
    assert "不得担任本案的人民陪审员、诉讼代理人、证人" in text


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ("refused", "没有进行调解"),
        ("unsuited", "确认婚姻、身份关系，不适宜调解"),
        ("expired", "调解期限届满，没有一致同意延长"),
        ("unperformed_filed", "协议没有按约定履行"),
        ("failed_filed", "各方没有达成协议"),
    ],
)
def test_notice_says_why_mediation_is_over(scenario: str, why: str) -> None:
    assert why in text_of(scenario, "filing_notice")


def test_notice_says_what_the_court_does_now() -> None:
    assert "登记立案，案号（2026）甘0902民初1186号" in text_of("refused", "filing_notice")
    assert "恢复审理" in text_of("silent", "filing_notice")
