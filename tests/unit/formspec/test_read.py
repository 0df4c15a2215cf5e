"""A whole submission: stores, conditions, tables, parties, and all errors at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.formspec import (
    CREDIT_CODE,
    ID_NUMBER,
    NOW,
    OTHER_ID_NUMBER,
    PARTIES,
    make_choice,
    make_form,
    make_party,
    make_property,
    make_wide_form,
)
from workflows.errors import InvalidFormError
from workflows.formspec import Form, names, read_values
from workflows.messages import say

WIDE = make_wide_form()


def errors_of(form: Form, raw: Any, **known: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFormError) as refused:
        read_values(form, raw, now=NOW, known=known)
    return [(error.path, say(error.message)) for error in refused.value.errors]


def two_parties(second: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    other = make_party(name="张克俭", side="被申请人", id_number=OTHER_ID_NUMBER)
    return [make_party(), other | (second or {})]


def test_values_go_where_their_store_says():
    values = read_values(
        WIDE,
        {
            "title": "浇水纠纷",
            "amount": "1.2万",
            "day": "2026年10月9日",
            "secret": "知情人电话",
            "parties": two_parties(),
            "papers": ["f2", "f1"],
            "proof": "f1",
            "clauses": [{"what": "清理渠道", "due_on": "20261101"}],
        },
        now=NOW,
    )
    assert values.case == {"title": "浇水纠纷", "amount": "12000.00"}
    assert values.sealed == {"secret": "知情人电话"}
    assert values.process["day"] == "2026-10-09"
    assert values.process["clauses"] == [{"what": "清理渠道", "paid": None, "due_on": "2026-11-01"}]
    assert values.files == ("f1", "f2")
    assert [party["name"] for party in values.parties or ()] == ["李玉梅", "张克俭"]


def test_empty_fields_are_none_and_fields_not_asked_are_absent():
    values = read_values(WIDE, {"title": "x", "parties": two_parties()}, now=NOW)
    assert values.process["count"] is None
    assert values.process["clauses"] == []
    assert "court_name" not in values.process


def test_form_without_parties_gives_none():
    form = make_form({"note": make_property("备注")})
    assert read_values(form, {}, now=NOW).parties is None


def test_party_list_that_is_not_asked_leaves_the_parties_alone():
    form = make_form(
        {"parties": PARTIES}, ui={"ui:visible": {"parties": "case.other_side != null"}}
    )
    known = {"case": {"other_side": None}}
    assert read_values(form, {}, now=NOW, known=known).parties is None


def test_all_errors_come_at_once_in_the_order_of_the_form():
    raw = {
        "zzz": 1,
        "clauses": [{"amount": "x"}, {"what": "付款", "paid": True, "amount": "x", "due": "y"}],
        "amount": "若干",
        "parties": [make_party(id_number="620922198103061537"), {"name": ""}],
        "title": "",
        "count": [],
        "court": "perhaps",
    }
    assert errors_of(WIDE, raw) == [
        ("/title", "请填写纠纷名称"),
        ("/amount", "涉及金额要填金额，例如 18,600.00"),
        ("/court", "法院已经受理了吗请从列出的选项里选"),
        ("/parties/0/id_number", "身份证号最后一位不对，请对照证件再核一遍"),
        ("/parties/1/name", "请填写姓名（名称）"),
        ("/parties/1/side", "请选择地位"),
        ("/parties/1/id_number", "请填写身份证号"),
        ("/clauses/0/what", "请填写做什么"),
        ("/clauses/1/amount", "金额要填金额，例如 18,600.00"),
        ("/clauses/1/due", "表里没有“due”这一项，请去掉"),
        ("/zzz", "表里没有“zzz”这一项，请去掉"),
    ]


@pytest.mark.parametrize("raw", [None, [], "x", 7])
def test_submission_that_is_no_object_is_refused(raw):
    assert errors_of(WIDE, raw) == [("", "没有收到表里的内容，请回到表格再提交一次")]


def test_unknown_names_are_reported_escaped_and_only_so_many():
    form = make_form({"note": make_property("备注")})
    assert errors_of(form, {"a/b~c": 1}) == [("/a~1b~0c", "表里没有“a/b~c”这一项，请去掉")]
    assert len(errors_of(form, {f"n{i}": 1 for i in range(10_000)})) == 50


# Conditions


COURT = {
    "court": make_choice("法院已经受理了吗", "yes", "no"),
    "court_name": make_property("受理的法院"),
    "receipt": make_property("收件凭证"),
}
COURT_FORM = make_form(
    COURT,
    ("court", "court_name", "receipt"),
    ui={"ui:visible": {"court_name": 'court = "yes"', "receipt": 'court_name = "肃州区人民法院"'}},
)


def test_condition_that_is_true_makes_the_field_asked():
    assert errors_of(COURT_FORM, {"court": "yes"}) == [("/court_name", "请填写受理的法院")]


def test_condition_that_is_false_ignores_what_was_sent():
    raw = {"court": "no", "court_name": "\x00", "receipt": 9}
    assert read_values(COURT_FORM, raw, now=NOW).process == {"court": "no"}


def test_conditions_chain():
    raw = {"court": "yes", "court_name": "肃州区人民法院"}
    assert errors_of(COURT_FORM, raw) == [("/receipt", "请填写收件凭证")]


def test_condition_on_an_unreadable_answer_waits_for_it():
    assert errors_of(COURT_FORM, {"court": "perhaps"}) == [
        ("/court", "法院已经受理了吗请从列出的选项里选")
    ]


def test_condition_sees_a_field_that_stands_later():
    form = make_form(
        {"first": make_property("先"), "second": make_property("后")},
        ("first",),
        ui={"ui:visible": {"first": 'second = "x"'}},
    )
    assert errors_of(form, {"second": "x"}) == [("/first", "请填写先")]
    assert read_values(form, {"second": "y"}, now=NOW).process == {"second": "y"}


def test_condition_sees_the_case():
    form = make_form(
        {"note": make_property("备注")},
        ("note",),
        ui={"ui:visible": {"note": "case.urgent = true"}},
    )
    assert errors_of(form, {}, case={"urgent": True}) == [("/note", "请填写备注")]
    assert read_values(form, {}, now=NOW, known={"case": {"urgent": False}}).process == {}
    assert read_values(form, {}, now=NOW).process == {}


def test_condition_in_a_row_sees_its_row():
    raw = {
        "title": "x",
        "parties": two_parties(),
        "clauses": [
            {"what": "付款", "paid": "true", "amount": "100"},
            {"what": "道歉", "paid": "false", "amount": "9"},
        ],
    }
    rows = read_values(WIDE, raw, now=NOW).process["clauses"]
    assert rows[0]["amount"] == "100.00"
    assert "amount" not in rows[1]


# Tables


ROWS = make_form(
    {
        "clauses": make_property(
            "协议条款",
            type="array",
            widget="rows",
            minItems=1,
            maxItems=3,
            uniqueItems=True,
            items={
                "type": "object",
                "required": ["what"],
                "properties": {
                    "what": make_property("做什么"),
                    "how": make_choice("方式", "cash", "bank"),
                },
            },
        )
    },
    ("clauses",),
)


def test_blank_rows_beyond_the_minimum_are_dropped_and_the_rest_keep_their_place():
    raw = {"clauses": [{"what": "道歉"}, {"what": "", "how": "cash"}, {"how": "?", "what": "付款"}]}
    assert errors_of(ROWS, raw) == [("/clauses/2/how", "方式请从列出的选项里选")]
    raw["clauses"].pop()
    assert read_values(ROWS, raw, now=NOW).process["clauses"] == [{"what": "道歉", "how": None}]


@pytest.mark.parametrize(
    ("clauses", "error"),
    [
        ([], ("/clauses", "协议条款至少填 1 条")),
        ([{}], ("/clauses/0/what", "请填写做什么")),
        ([{"what": str(n)} for n in range(4)], ("/clauses", "协议条款最多 3 条，现在有 4 条")),
        ("道歉", ("/clauses", "协议条款要填成一个列表")),
        ([{"what": "a"}, {"what": "a"}], ("/clauses", "协议条款里有重复的内容，请去掉一个")),
        ([{"what": "a"}, 5], ("/clauses/1", "协议条款第 2 行要分项填写")),
    ],
)
def test_wrong_tables_are_refused(clauses, error):
    assert errors_of(ROWS, {"clauses": clauses}) == [error]


# Parties


PARTY_FORM = make_form({"parties": PARTIES}, ("parties",))


def read_parties(*parties: dict[str, Any]) -> list[dict[str, Any]]:
    form = make_form({"parties": PARTIES | {"minItems": 1}}, ("parties",))
    return read_values(form, {"parties": list(parties)}, now=NOW).parties or []


def test_party_keeps_what_was_given_and_what_follows_from_the_id_number():
    assert read_parties(make_party(phone="136 0937 9024", address="")) == [
        {
            "kind": "person",
            "name": "李玉梅",
            "side": "申请人",
            "id_number": ID_NUMBER,
            "phone": "13609379024",
            "birth_date": "1992-04-17",
            "gender": "女",
        }
    ]


def test_party_without_kind_is_a_person():
    assert read_parties({"name": "甲", "side": "第三人", "id_pending": True}) == [
        {"kind": "person", "name": "甲", "side": "第三人", "id_pending": True}
    ]


def test_id_number_is_demanded_unless_it_is_to_be_checked_later():
    form = make_form({"parties": PARTIES | {"minItems": 1}})
    assert errors_of(form, {"parties": [{"name": "甲", "side": "申请人"}]}) == [
        ("/parties/0/id_number", "请填写身份证号")
    ]


def test_id_number_that_came_after_all_ends_the_waiting():
    assert "id_pending" not in read_parties(make_party(id_pending="true"))[0]


def test_organisation_has_other_fields_and_ignores_those_of_persons():
    party = {
        "kind": "organisation",
        "name": "酒泉瑞安居物业管理有限公司",
        "side": "被申请人",
        "credit_code": CREDIT_CODE.lower(),
        "legal_representative": "邓培源",
        "id_number": "?",
        "gender": "?",
    }
    assert read_parties(party) == [
        {
            "kind": "organisation",
            "name": "酒泉瑞安居物业管理有限公司",
            "side": "被申请人",
            "credit_code": CREDIT_CODE,
            "legal_representative": "邓培源",
        }
    ]


def test_birth_date_and_gender_must_agree_with_the_id_number():
    second = {"birth_date": "1971-10-22", "gender": "女"}
    assert errors_of(PARTY_FORM, {"parties": two_parties(second)}) == [
        ("/parties/1/birth_date", "出生日期和身份证号对不上，请核对"),
        ("/parties/1/gender", "性别和身份证号对不上，请核对"),
    ]


def test_same_person_twice_is_refused_at_the_second():
    assert errors_of(PARTY_FORM, {"parties": two_parties({"id_number": ID_NUMBER})}) == [
        ("/parties/1/id_number", "身份证号和第 1 位当事人的一样，请核对是不是填重了")
    ]


def test_too_few_parties_are_refused():
    assert errors_of(PARTY_FORM, {"parties": [make_party()]}) == [
        ("/parties", "请至少填写 2 位当事人")
    ]
    assert errors_of(PARTY_FORM, {}) == [("/parties", "请至少填写 2 位当事人")]


def test_party_ids_survive():
    assert read_parties(make_party(id="7kq"))[0]["id"] == "7kq"


def test_form_may_show_fewer_party_fields_and_rename_them():
    items = {
        "type": "object",
        "properties": {"phone": make_property("手机")},
        "required": ["phone"],
    }
    form = make_form({"parties": PARTIES | {"minItems": 1, "items": items}})
    (parties,) = form.fields
    assert [(c.name, c.title["zh"], c.required) for c in parties.fields] == [
        ("id", "编号", False),
        ("kind", "类别", True),
        ("name", "姓名（名称）", True),
        ("side", "地位", True),
        ("phone", "手机", True),
    ]
    raw = {"parties": [{"name": "甲", "side": "申请人"}]}
    assert errors_of(form, raw) == [("/parties/0/phone", "请填写手机")]


def test_names_are_those_expressions_may_read():
    found = names(WIDE)
    assert found["amount"] == "number"
    assert found["day"] == "date"
    assert found["moment"] == "date and time"
    assert found["agreed"] == "boolean"
    assert found["clauses"] == "list"
    assert found["place"] == "context"
    assert found["papers"] == "list"
    assert found["title"] == "string"
    assert not {"parties", "secret"} & set(found)
    assert WIDE.stored_names()["amount"] == ("number", "case")
