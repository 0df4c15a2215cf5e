"""Every document of judicial_confirmation, filled in from what its scenarios leave behind."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html import unescape

import pytest

from tests.factories.documents import PEOPLE, UNIT
from tests.factories.rollout import package, rehearsal
from workflows.documents.compose import DocumentFacts, compose
from workflows.documents.freeze import Frozen, freeze
from workflows.rollout.pure_run import CreatedDocument

KEY = "judicial_confirmation"
DAY = date(2026, 9, 3)


@cache
def created() -> tuple[tuple[str, CreatedDocument], ...]:
    """Scenario and document, in the order they were made."""
    return tuple(
        (walk.name, document)
        for walk in rehearsal(KEY).walks
        if walk.world is not None and walk.world.run is not None
        for document in walk.world.run.created
    )


def frozen(document: CreatedDocument) -> Frozen:
    return freeze(
        case=document.facts.case,
        parties=document.facts.parties,
        unit=UNIT,
        run={"number": document.number, "opened_on": "2026-08-03", "case_number": "西受41号"},
        data=document.data,
        people=PEOPLE,
        today=DAY,
    )


def words(document: CreatedDocument, facts: Frozen | None = None) -> str:
    """The text of the body without markup and spaces."""
    about = DocumentFacts(document.kind, document.number, DAY, "7K3M-Q9TX-22HD")
    html = compose(package(KEY), facts or frozen(document), about).html
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", html.partition("<body>")[2])))


def text_of(scenario: str, kind: str) -> str:
    """The last document of a kind in a scenario."""
    return words([d for name, d in created() if (name, d.kind) == (scenario, kind)][-1])


@cache
def first_of(kind: str) -> CreatedDocument:
    return next(document for _, document in created() if document.kind == kind)


@pytest.mark.parametrize("kind", sorted(package(KEY).manifest.documents))
def test_document_is_made_and_has_no_holes(kind: str) -> None:
    text = words(first_of(kind))
    assert "null" not in text
    assert "None" not in text
    assert "{{" not in text
    assert "（）" not in text
    assert first_of(kind).facts.parties[0]["name"] in text


@pytest.mark.parametrize("kind", sorted(package(KEY).manifest.documents))
def test_document_survives_a_record_that_knows_next_to_nothing(kind: str) -> None:
    bare = {
        **frozen(first_of(kind)),
        "case": {"title": "邻里纠纷"},
        "data": {},
        "parties": [{"name": "甲", "kind": "person", "side": "申请人", "no": 1, "age": None}],
    }
    assert "null" not in words(first_of(kind), bare)


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
