"""Frozen facts of invented disputes: two neighbours, a shop and its landlord, thirty workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.documents.freeze import Frozen, freeze

TODAY = date(2026, 9, 3)
UNIT = {
    "code": "620902104-TW",
    "name": "肃州区西峰镇人民调解委员会",
    "kind": "人民调解委员会",
    "county": "620902",
}
RUN = {
    "number": "西峰镇人调字〔2026〕第17号",
    "opened_on": "2026-08-03",
    "case_number": "西峰镇受〔2026〕41号",
}
RARE_NAMES = ("喆堃祎昇", "玥珺赟旸", "甡𬱖䶮㛃")
"""Characters that poorer fonts leave out; one needs four bytes in UTF-8."""


def person(name: str, side: str = "申请人", **fields: Any) -> dict[str, Any]:
    """A natural person with everything a registration asks."""
    return {
        "id": f"party-{name}",
        "name": name,
        "kind": "person",
        "side": side,
        "gender": "女",
        "ethnicity": "汉族",
        "birth_date": "1968-04-19",
        "occupation": "务农",
        "id_number": "990001196804191513",
        "phone": "10012254406",
        "address": "肃州区西峰镇侯家沟村三组12号",
        **fields,
    }


def organisation(name: str, side: str = "被申请人", **fields: Any) -> dict[str, Any]:
    """A firm with its representative."""
    return {
        "id": f"party-{name}",
        "name": name,
        "kind": "organisation",
        "side": side,
        "credit_code": "919900001MQLM4QHX7",
        "legal_representative": "邓培源",
        "phone": "10014118883",
        "address": "肃州区盘旋东路66号",
        **fields,
    }


def clause(what: str, **fields: Any) -> dict[str, Any]:
    """One row of an agreement's terms."""
    return {
        "obligor": "马成林",
        "obligee": "赵秀兰",
        "what": what,
        "amount": None,
        "due_on": None,
        "method": None,
        **fields,
    }


CASE = {
    "title": "楼上水管破裂致楼下装修受损",
    "dispute_kind": "neighbourhood",
    "source": "application",
    "summary": "2026年7月19日，马成林家中水管破裂，致赵秀兰家中吊顶、地板受损。",
    "claims": "一、赔偿修复费用12000元；\n二、更换破损水管。",
    "amount": "12000.00",
    "recorder": "recorder",
    "session_on": "2026-09-03",
    "session_no": 2,
    "session_place": "西峰镇综治中心调解室",
    "session_summary": (
        "赵秀兰：7月19日晚发现客厅吊顶滴水，上楼敲门无人，第二天才联系上马成林。\n"
        "马成林：水管是老化破裂，不是故意，愿意赔，但一万二太高。\n"
        "人民调解员现场查看吊顶和地板，请双方各找一家装修店报价，分别为9,200元和10,100元。"
    ),
    "facts": (
        "2026年7月19日，马成林家中水管破裂，致赵秀兰家中吊顶、地板受损。"
        "经查看现场并参考两家报价，双方认可修复费用为9,600元。"
    ),
    "disputed": "双方对修复费用的数额和由谁修复有争议。马成林对水管未及时检修，应当承担赔偿责任。",
    "clauses": [
        clause(
            "一次付清修复费用", amount="9600.00", due_on="2026-09-30", method="转入赵秀兰本人账户"
        ),
        clause("自行更换破损水管，费用自理", due_on="2026-09-20"),
        clause("双方就此事再无其他争议。", obligor="", obligee=None),
    ],
    "follow_up_on": "2026-10-09",
    "follow_up_summary": "马成林已于9月28日转账9,600元，水管已更换。赵秀兰表示满意。",
    "follow_up_way": "visit",
    "follow_up_with": "赵秀兰",
    "satisfaction": "satisfied",
    "sued": "no",
    "new_risk": "no",
    "session_public": "closed",
    "place": "西峰镇侯家沟村",
    "participants": "侯家沟村妇联主任 石春梅",
}
DATA = {
    "mediator": "mediator",
    "informed_on": "2026-08-06",
    "session_result": "success",
    "outcome_form": "written",
    "agreed_on": "2026-09-03",
    "performance": "performed",
}
PEOPLE = {"mediator": "柴永贵", "recorder": "安玥珺"}


def frozen(**changes: Mapping[str, Any] | list[Any]) -> Frozen:
    """Facts of the two neighbours. Keys given replace parts: parties, case, data, run."""
    parties = changes.get("parties") or [
        person("赵秀兰"),
        person("马成林", "被申请人", gender="男", ethnicity="回族", birth_date="1971-11-02"),
    ]
    return freeze(
        case={**CASE, **dict(changes.get("case") or {})},
        parties=list(parties),
        unit=UNIT,
        run={**RUN, **dict(changes.get("run") or {})},
        data={**DATA, **dict(changes.get("data") or {})},
        people=PEOPLE,
        today=TODAY,
    )


def thirty_workers() -> list[dict[str, Any]]:
    """Thirty applicants and the firm that owes them wages."""
    workers = [
        person(f"{surname}{given}", id_number=f"9900011980010{n:02d}51X", phone=f"100130000{n:02d}")
        for n, (surname, given) in enumerate(
            ((s, g) for s in "赵钱孙李周吴" for g in ("振堂", "喆", "玥珺", "建国", "𬱖")), 1
        )
    ]
    return [*workers, organisation("酒泉瑞安居物业管理有限公司")]
