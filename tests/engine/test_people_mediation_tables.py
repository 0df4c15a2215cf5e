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


def check(*clauses: dict[str, Any], total: Decimal | None = None) -> tuple[bool, str | None]:
    case = {"clauses": [{**CLAUSE, **clause} for clause in clauses], "agreement_total": total}
    found = table("agreement_check").evaluate("agreement_check", {"case": case, "parties": PARTIES})
    return found["agreement_ready"], found["agreement_problem"]


def test_clear_clauses_are_ready_to_sign() -> None:
    assert check({}, {"obligor": "双方", "what": "互不追究"}) == (True, None)
    money = {"amount": "1300.00", "due_on": "2026-11-05"}
    assert check(money, money, total=Decimal("2600.00")) == (True, None)


@pytest.mark.parametrize(
    "clauses",
    [
        [],
        [{"what": "更换弯头并尽快把墙修好"}],
        [{}, {"what": "墙面费用双方协商分担"}],
        [{"what": "适当时候归还"}],
        [{"amount": "1300.00"}],
        [{"obligor": "维修师傅"}],
    ],
)
def test_unclear_clauses_go_back_with_the_reason(clauses: list[dict[str, Any]]) -> None:
    ready, problem = check(*clauses)
    assert not ready
    assert problem


def test_total_must_equal_the_clauses() -> None:
    money = {"amount": "1300.00", "due_on": "2026-11-05"}
    assert check(money, total=Decimal("1300.01")) == (False, "合计金额与各条金额相加不等")
    assert check({}, total=Decimal("0")) == (True, None)


@pytest.mark.parametrize(
    ("ending", "entry", "items", "missing"),
    [
        ("rejected", "register", ["registration"], None),
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
        ("unperformed", "register", [*MEDIATED, "follow_up"], None),
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
