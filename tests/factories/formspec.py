"""Forms with the least data, and ID numbers that belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workflows.formspec import Form, load_form

NOW = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
"""Friday 9 October 2026, 10:00 in Jiuquan."""

ID_NUMBER = "990001199204172987"
"""A woman born on 1992-04-17; area 990001 does not exist."""
OTHER_ID_NUMBER = "990000197110215071"
"""A man born on 1971-10-21."""
CREDIT_CODE = "919900001MQLM4QHX7"


def make_property(title: str, **keywords: Any) -> dict[str, Any]:
    """A property with its title in both languages; `widget` and `store` for `x-…`."""
    english = keywords.pop("en", title)
    prop: dict[str, Any] = {"type": "string", "title": title, "x-i18n": {"en": {"title": english}}}
    for short in ("widget", "store", "labels", "earliest", "latest"):
        if short in keywords:
            prop[f"x-{short}"] = keywords.pop(short)
    return prop | keywords


def make_schema(
    properties: Mapping[str, Any], required: tuple[str, ...] = (), **keywords: Any
) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": "测试表",
        "x-i18n": {"en": {"title": "Test form"}},
        "additionalProperties": False,
        "properties": dict(properties),
        "required": list(required),
        **keywords,
    }


def make_form(
    properties: Mapping[str, Any],
    required: tuple[str, ...] = (),
    *,
    ui: Mapping[str, Any] | None = None,
) -> Form:
    """A form named `test`."""
    return load_form(make_schema(properties, required), ui or {}, name="test")


def make_choice(title: str, *values: str, **keywords: Any) -> dict[str, Any]:
    """A choice whose labels are 选项 + value."""
    labels = {value: f"选项{value}" for value in values}
    prop = make_property(title, widget="choice", enum=list(values), labels=labels, **keywords)
    prop["x-i18n"]["en"]["labels"] = {value: f"Choice {value}" for value in values}
    return prop


def make_party(**changes: Any) -> dict[str, Any]:
    """A person who applies, with an ID number."""
    return {"kind": "person", "name": "李玉梅", "side": "申请人", "id_number": ID_NUMBER} | changes


PARTIES = make_property("当事人", type="array", widget="parties", store="party", minItems=2)


def make_wide_form() -> Form:
    """One field of every widget, with a condition, a table and the party list."""
    checks = {"type": "string", "enum": ["a", "b", "c"]}
    labels = {"a": "甲项", "b": "乙项", "c": "丙项"}
    return make_form(
        {
            "title": make_property("纠纷名称", widget="text", maxLength=60, store="case"),
            "summary": make_property("简要情况", widget="longtext", minLength=5),
            "count": make_property("人数", type="integer", minimum=1, maximum=500),
            "share": make_property("比例", type="number"),
            "amount": make_property("涉及金额", widget="money", store="case"),
            "day": make_property("受理日期", format="date"),
            "moment": make_property("开会时间", format="date-time"),
            "court": make_choice("法院已经受理了吗", "yes", "no"),
            "court_name": make_property("受理的法院"),
            "kinds": make_property(
                "涉及方面", type="array", widget="checklist", items=checks, labels=labels
            ),
            "agreed": make_property("双方同意", type="boolean"),
            "parties": PARTIES,
            "secret": make_property("线索", store="sealed", widget="longtext"),
            "mediator": make_property("调解员", widget="person"),
            "office": make_property("单位", widget="unit"),
            "contact": make_property("联系电话", widget="phone"),
            "proof": make_property("材料照片", widget="file", accept=["image/*"]),
            "papers": make_property("其他材料", type="array", widget="file"),
            "place": make_property("地点", type="object", widget="location"),
            "clauses": make_property(
                "协议条款",
                type="array",
                widget="rows",
                items={
                    "type": "object",
                    "required": ["what"],
                    "properties": {
                        "what": make_property("做什么", maxLength=100),
                        "paid": make_property("是否付钱", type="boolean"),
                        "amount": make_property("金额", widget="money"),
                        "due_on": make_property("履行期限", format="date"),
                    },
                },
            ),
        },
        ("title", "court_name"),
        ui={"ui:visible": {"court_name": 'court = "yes"', "clauses.amount": "paid = true"}},
    )


def wide_values() -> dict[str, Any]:
    """Values for every field of `make_wide_form`, as an officer types them."""
    return {
        "title": "浇水纠纷",
        "summary": "李玉梅家的渠水\n流进张克俭家的地窖",
        "count": "5",
        "share": "0.5",
        "amount": "12,000.00",
        "day": "2026年10月9日",
        "moment": "2026年10月9日 9:05",
        "court": "yes",
        "court_name": "肃州区人民法院",
        "kinds": ["a", "c"],
        "agreed": "true",
        "parties": [
            make_party(id="p1", phone="10012181816", address="西峰镇"),
            {"kind": "organisation", "name": "瑞安物业", "side": "被申请人"},
            {"name": "祁\U0002c6b1", "side": "第三人", "id_pending": "true", "ethnicity": "汉"},
        ],
        "secret": "<b>知情人</b>",
        "mediator": "mediator2",
        "office": "620902104-TW",
        "contact": "0937-2612345",
        "proof": "f1",
        "papers": ["f2", "f3"],
        "place": {"text": "村口", "latitude": "39.7", "longitude": "98.5"},
        "clauses": [
            {"what": "付款", "paid": "true", "amount": "100.00", "due_on": "2026-11-1"},
            {"what": "道歉", "paid": "false"},
        ],
    }
