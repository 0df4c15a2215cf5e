"""The six documents of people's mediation, filled in. What they must say stands in the People's
Mediation Law (2010) and the forms of the Ministry of Justice."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from tests.factories import documents as factory
from tests.unit.documents.test_context import package
from workflows.documents.compose import DocumentFacts, compose, text_mark
from workflows.documents.freeze import Frozen
from workflows.errors import ProcessFaultError

KINDS = (
    "registration_form",
    "rights_notice",
    "mediation_record",
    "agreement",
    "oral_agreement",
    "follow_up_record",
)


def facts_of(kind: str, **changes: object) -> DocumentFacts:
    values = {
        "kind": kind,
        "number": factory.RUN["number"],
        "created_on": date(2026, 9, 3),
        "verify_code": "7K3M-Q9TX-22HD",
        **changes,
    }
    return DocumentFacts(**values)  # type: ignore[arg-type]


def markup(kind: str, frozen: Frozen | None = None, **changes: object) -> str:
    return compose(package(), frozen or factory.frozen(), facts_of(kind, **changes)).html


def words(kind: str, frozen: Frozen | None = None, **changes: object) -> str:
    """The text of the body without markup and spaces."""
    body = markup(kind, frozen, **changes).partition("<body>")[2]
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", body)))


@pytest.mark.parametrize("kind", KINDS)
def test_document_is_filled_in_without_holes(kind: str) -> None:
    text = words(kind)
    assert "null" not in text
    assert "None" not in text
    assert "{{" not in text
    assert "赵秀兰" in text
    assert "肃州区西峰镇人民调解委员会" in text


@pytest.mark.parametrize("kind", KINDS)
def test_document_survives_a_record_that_knows_next_to_nothing(kind: str) -> None:
    """A spot record may have no amount, no place, no address; the paper leaves room for them."""
    bare = {
        **factory.frozen(),
        "case": {"title": "邻里纠纷"},
        "data": {},
        "parties": [{"name": "甲", "kind": "person", "side": "申请人", "no": 1, "age": None}],
    }
    text = words(kind, bare, number=None)
    assert "null" not in text
    assert "受理号：西峰镇受〔2026〕41号" in text


@pytest.mark.parametrize("count", [2, 3, 30])
def test_agreement_names_every_party_twice_and_counts_copies(count: int) -> None:
    people = [factory.person(f"甲{n:02d}") for n in range(count - 1)]
    frozen = factory.frozen(parties=[*people, factory.organisation("酒泉瑞安居物业管理有限公司")])
    text = words("agreement", frozen)
    for n in range(count - 1):
        assert text.count(f"甲{n:02d}") == 2
    assert text.count("酒泉瑞安居物业管理有限公司") == 2
    copies = {2: "三", 3: "四", 30: "三十一"}[count]
    assert f"本协议一式{copies}份" in text
    assert ("各方当事人自愿" in text) is (count > 2)


def test_agreement_has_what_article_29_asks() -> None:
    text = words("agreement")
    assert (
        "申请人：赵秀兰，女，汉族，1968年4月19日出生，务农，住肃州区西峰镇侯家沟村三组12号。"
        in text
    )
    assert "双方认可修复费用为9,600元。" in text
    assert "双方对修复费用的数额和由谁修复有争议。" in text
    assert (
        "（一）马成林一次付清修复费用。金额：人民币9,600.00元（大写：玖仟陆佰元整）。"
        "权利人：赵秀兰。履行方式：转入赵秀兰本人账户。履行期限：2026年9月30日前（含当日）。"
    ) in text
    assert "（二）马成林自行更换破损水管，费用自理。" in text
    assert "（三）双方就此事再无其他争议。" in text
    assert "再无其他争议。。" not in text
    assert "当事人各执一份，人民调解委员会留存一份" in text
    assert "人民调解员：柴永贵" in text
    assert "记录人：安玥珺" in text
    assert "（人民调解委员会印章）" in text
    assert "年月日" in text


def test_agreement_of_a_firm_asks_for_its_seal() -> None:
    frozen = factory.frozen(
        parties=[factory.person("赵秀兰"), factory.organisation("酒泉瑞安居物业管理有限公司")]
    )
    text = words("agreement", frozen)
    assert "统一社会信用代码：919900001MQLM4QHX7。法定代表人（负责人）：邓培源。" in text
    assert "（法定代表人或委托代理人签名，加盖公章）" in text


def test_agreement_names_agents_and_their_power() -> None:
    frozen = factory.frozen(
        parties=[
            factory.person("赵秀兰", agent_name="赵立新", agent_power="特别授权"),
            factory.person("马成林", "被申请人"),
        ]
    )
    assert "委托代理人：赵立新，代理权限：特别授权。" in words("agreement", frozen)


def test_notice_tells_rights_duties_and_effect() -> None:
    text = words("rights_notice")
    for right in (
        "选择或者接受人民调解员",
        "接受调解、拒绝调解或者要求终止调解",
        "要求调解公开进行或者不公开进行",
        "自主表达意愿、自愿达成调解协议",
        "如实陈述纠纷事实",
        "遵守调解现场秩序，尊重人民调解员",
        "尊重对方当事人行使权利",
        "不收取任何费用",
        "自调解协议生效之日起三十日内共同向人民法院申请司法确认",
        "诉讼时效自提出请求之日起中断",
        "可以依法通过仲裁、行政、司法等途径维护自己的权利",
    ):
        assert right in text


@pytest.mark.parametrize(
    ("result", "ticked", "said"),
    [
        ("success", "■调解成功", "自愿达成协议"),
        ("failed", "■调解不成", "可以依法通过仲裁、行政、司法等途径"),
        ("continue", "■有待继续调解", "同意继续调解"),
    ],
)
def test_record_ticks_one_result(result: str, ticked: str, said: str) -> None:
    text = words("mediation_record", factory.frozen(data={"session_result": result}))
    assert text.count("■") == 1
    assert ticked in text
    assert said in text


def test_record_says_why_and_when_next() -> None:
    failed = factory.frozen(
        data={"session_result": "failed"}, case={"failure_reason": "差价谈不拢。"}
    )
    assert "原因：差价谈不拢。" in words("mediation_record", failed)
    later = factory.frozen(
        data={"session_result": "continue"}, case={"next_session_on": "2026-09-10"}
    )
    assert "下次调解时间为2026年9月10日" in words("mediation_record", later)


def test_registration_says_how_the_case_came_in() -> None:
    assert "依当事人申请，经当事人同意，调解赵秀兰、马成林之间的纠纷" in words("registration_form")
    own = factory.frozen(case={"source": "own_initiative"})
    assert "人民调解委员会主动调解，经当事人同意" in words("registration_form", own)


def test_registration_takes_age_and_gender_from_the_id_number() -> None:
    parties = [
        factory.person("赵秀兰", gender=None, birth_date=None, id_number="990001197204256794"),
        factory.person("马成林", "被申请人"),
    ]
    assert "申请人赵秀兰男汉族54务农" in words("registration_form", factory.frozen(parties=parties))


def test_facts_cannot_bring_markup() -> None:
    frozen = factory.frozen(case={"facts": "<img src='file:///etc/passwd'>", "title": "<b>&"})
    for kind in KINDS:
        html = markup(kind, frozen)
        assert "<img src='file" not in html
        assert "<b>&" not in html


def test_draft_carries_no_code() -> None:
    html = markup("agreement", verify_code=None)
    assert 'class="draft-mark"' in html
    assert "核验码" not in html


def test_verify_address_is_in_the_picture_only_where_there_is_one() -> None:
    frozen, facts = factory.frozen(), facts_of("agreement")
    without = compose(package(), frozen, facts).html
    with_address = compose(package(), frozen, facts, verify_base="https://jiuquan.example").html
    assert "扫码" not in without
    assert "扫码可核对真伪" in with_address


def test_unknown_kind_is_a_fault_of_the_package() -> None:
    with pytest.raises(ProcessFaultError) as caught:
        compose(package(), factory.frozen(), facts_of("poem"))
    assert caught.value.message.code == "documents.unknown_kind"


def test_same_facts_give_the_same_text() -> None:
    assert markup("agreement") == markup("agreement")


def test_the_fingerprint_is_of_facts_and_template() -> None:
    frozen = factory.frozen()
    mark = text_mark(package(), "agreement", frozen)
    assert re.fullmatch(r"[0-9a-f]{12}", mark)
    assert text_mark(package(), "agreement", dict(reversed(frozen.items()))) == mark
    assert text_mark(package(), "rights_notice", frozen) != mark
    other = {**frozen, "case": {**frozen["case"], "amount": "9600.01"}}
    assert text_mark(package(), "agreement", other) != mark
