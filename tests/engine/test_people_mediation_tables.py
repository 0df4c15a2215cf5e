"""The four decision tables, row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.factories.rollout import KEY, ROOT
from workflows.decisions import Decisions, load

PARTIES = [{"name": "仉淑芳"}, {"name": "闵长青"}]
CLAUSE = {
    "obligor": "仉淑芳",
    "obligee": "闵长青",
    "what": "更换弯头",
    "amount": None,
    "due_on": None,
    "method": None,
}
ORGANISATION = {"id": "p", "kind": "organisation", "agent_name": None, "agent_power": None}
PERSON = {**ORGANISATION, "kind": "person"}
DATED = {"due_on": "2026-11-05"}
MONEY = {**DATED, "amount": "1300.00"}
MEDIATED = ["registration", "rights_notice", "mediation_record", "agreement"]


def table(name: str) -> Decisions:
    return load((ROOT / "bpmn" / KEY / f"{name}.dmn").read_bytes())


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({}, "accept"),
        ({"crime_suspected": True}, "reject"),
        ({"civil_dispute": False}, "reject"),
        ({"already_handled": True}, "reject"),
        ({"materials_complete": False}, "supplement"),
        ({"materials_complete": False, "already_handled": True}, "reject"),
        ({"refer_to": "arbitration"}, "refer"),
        ({"refer_to": "police", "crime_suspected": True}, "refer"),
    ],
)
def test_accept(changes: dict[str, Any], route: str) -> None:
    answers = {
        "refer_to": None,
        "civil_dispute": True,
        "crime_suspected": False,
        "already_handled": False,
        "materials_complete": True,
        **changes,
    }
    assert table("accept").evaluate("accept", answers)["accept_route"] == route


@pytest.mark.parametrize(
    ("relation", "objection", "expected"),
    [
        ("none", False, False),
        ("none", True, True),
        ("kin", False, True),
        ("interest", False, True),
        ("influence", False, True),
    ],
)
def test_recusal(relation: str, objection: bool, expected: bool) -> None:
    context = {"mediator_relation": relation, "mediator_objection": objection}
    assert table("recusal").evaluate("recusal", context)["must_recuse"] is expected


def check(*clauses: dict[str, Any], touches: Any = None, **facts: Any) -> tuple[bool, str | None]:
    case = {
        "clauses": [{**CLAUSE, **clause} for clause in clauses],
        "agreement_total": None,
        "schedule": None,
        "override_reason": None,
        **facts,
    }
    context = {"case": case, "parties": PARTIES, "touches": touches}
    found = table("agreement_check").evaluate("agreement_check", context)
    return found["agreement_ready"], found["agreement_problem"]


def test_clear_clauses_are_ready_to_sign() -> None:
    assert check(DATED, {"obligor": "双方", "what": "互不追究"}) == (True, None)
    assert check({**DATED, "obligor": "仉淑芳、闵长青"}) == (True, None)
    assert check(MONEY, MONEY, agreement_total=Decimal("2600.00")) == (True, None)


@pytest.mark.parametrize(
    ("clauses", "problem"),
    [
        ([], "还没有协议条款"),
        ([{"what": "更换弯头并尽快把墙修好"}], "第1条写得含糊"),
        ([DATED, {"what": "墙面费用双方协商分担"}], "第2条写得含糊"),
        ([{"amount": "1300.00"}], "第1条有金额，没有写履行期限"),
        ([DATED, {**DATED, "what": "赔偿损失"}], "第2条要给付，没有写多少"),
        ([{**DATED, "obligor": "维修师傅"}], "第1条的义务人不是本案当事人"),
        ([{**DATED, "obligor": "仉淑芳、维修师傅"}], "第1条的义务人不是本案当事人"),
    ],
)
def test_errors_name_their_clause_and_no_reason_helps(
    clauses: list[dict[str, Any]], problem: str
) -> None:
    ready, said = check(*clauses, override_reason="当事人坚持")
    assert not ready
    assert said is not None
    assert said.startswith(problem)


def test_all_errors_are_told_at_once() -> None:
    _, said = check({"what": "尽快修好"}, {"amount": "1.00"})
    assert said is not None
    assert [part[:3] for part in said.split("；")] == ["第1条", "第2条"]


def test_total_must_equal_the_clauses() -> None:
    assert check(MONEY, agreement_total=Decimal("1300.01")) == (False, "合计金额与各条金额相加不等")
    assert check(DATED, agreement_total=Decimal("0")) == (True, None)


def test_instalments_must_add_up_and_go_to_parties() -> None:
    rows = [{"payee": "闵长青", "amount": "800.00"}, {"payee": "闵长青", "amount": "500.00"}]
    assert check(MONEY, schedule=rows) == (True, None)
    assert check(MONEY, schedule=rows[:1]) == (False, "给付明细相加与合计金额不等")
    stranger = [{"payee": "维修师傅", "amount": "1300.00"}]
    assert check(MONEY, schedule=stranger)[1] == "给付明细里有收款人不是本案当事人，请核对姓名"


@pytest.mark.parametrize(
    ("clause", "named", "warning"),
    [
        ({**DATED, "what": "孩子由女方行使抚养权"}, "identity", "第1条写到身份关系"),
        ({**DATED, "what": "院墙归其所有"}, "title", "第1条写到权属"),
        ({**DATED, "obligee": "村委会"}, "third_party", "第1条的权利人不是本案当事人"),
    ],
)
def test_warnings_need_to_be_named_or_explained(
    clause: dict[str, Any], named: str, warning: str
) -> None:
    ready, said = check(clause)
    assert not ready
    assert said is not None
    assert said.startswith(f"提示：{warning}")
    assert check(clause, touches=[named]) == (True, None)
    assert check(clause, override_reason="当事人都同意这样写") == (True, None)


def test_clause_without_any_time_needs_a_reason() -> None:
    ready, said = check({})
    assert (ready, said is not None and "第1条没有写什么时候做" in said) == (False, True)
    assert check({}, override_reason="已经当面做完") == (True, None)
    assert check({"what": "不再堆放杂物"}) == (True, None)


@pytest.mark.parametrize(
    ("party", "signed_by", "allowed"),
    [
        (PERSON, "self", True),
        (PERSON, "representative", False),
        (PERSON, "agent", False),
        (PERSON, "guardian", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "一般代理"}, "agent", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "特别授权"}, "agent", True),
        ({**PERSON, "agent_name": "甲", "agent_power": "特别授权"}, "self", True),
        ({**PERSON, "agent_name": "甲", "agent_power": "法定代理"}, "self", False),
        ({**PERSON, "agent_name": "甲", "agent_power": "法定代理"}, "guardian", True),
        (ORGANISATION, "self", False),
        (ORGANISATION, "guardian", False),
        (ORGANISATION, "representative", True),
        ({**ORGANISATION, "agent_name": "甲", "agent_power": "特别授权"}, "agent", True),
    ],
)
def test_signer_check(party: dict[str, Any], signed_by: str, allowed: bool) -> None:
    context = {
        "signing_result": "signed",
        "signed_by": signed_by,
        "signer": "p",
        "parties": [party],
    }
    found = table("signer_check").evaluate("signer_check", context)
    assert found["signer_allowed"] is allowed
    assert (found["signer_problem"] is None) is allowed


def test_signer_check_takes_a_refusal_from_anybody() -> None:
    context = {"signing_result": "refused", "signer": "p", "parties": [ORGANISATION]}
    assert table("signer_check").evaluate("signer_check", context)["signer_allowed"]


@pytest.mark.parametrize(
    ("ending", "entry", "items", "missing"),
    [
        ("rejected", "register", ["registration"], "缺告知书或者转介函"),
        ("rejected", "register", ["registration", "routes_notice"], None),
        ("referred", "register", ["registration"], "缺告知书或者转介函"),
        ("rejected", "register", ["routes_notice"], "缺申请书或者受理登记表"),
        ("failed", "register", ["registration"], None),
        ("performed", "register", [*MEDIATED, "performance", "follow_up"], None),
        ("performed", "register", [*MEDIATED, "follow_up"], "缺履行凭证"),
        ("performed", "register", [*MEDIATED, "performance"], "缺回访记录"),
        ("performed", "register", ["registration", "follow_up"], "缺协议书或者口头协议登记表"),
        ("performed", "register", ["registration", "agreement"], "缺权利义务告知书"),
        (
            "unperformed",
            "register",
            ["registration", "agreement", "rights_notice"],
            "缺调解记录",
        ),
        ("unperformed", "register", [*MEDIATED, "follow_up"], "缺告知书或者转介函"),
        ("unperformed", "register", [*MEDIATED, "follow_up", "routes_notice"], None),
        ("changed", "register", [*MEDIATED, "follow_up"], None),
        ("changed", "register", ["registration", "agreement"], "缺权利义务告知书"),
        (
            "performed",
            "record",
            ["registration", "agreement", "performance", "follow_up"],
            None,
        ),
    ],
)
def test_volume_complete(ending: str, entry: str, items: list[str], missing: str | None) -> None:
    context = {"ending": ending, "entry": entry, "volume_items": items}
    found = table("volume_complete").evaluate("volume_complete", context)
    assert found == {"volume_ready": missing is None, "volume_missing": missing}
