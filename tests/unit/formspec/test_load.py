"""Forms as written: what is read from the two files, and every finding."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.formspec import PARTIES, make_choice, make_form, make_property, make_schema
from workflows.formspec import FormDefinitionError, Store, Widget, check_form, load_form
from workflows.messages import say

NOTE = {"note": make_property("备注", en="Note")}


def findings(schema: Any, ui: Any = None) -> list[tuple[str, str, str]]:
    found = check_form(schema, {} if ui is None else ui, name="test")
    return [(one.severity, one.path, say(one.message)) for one in found]


def property_findings(prop: Any) -> list[tuple[str, str, str]]:
    return findings(make_schema({"field": prop}))


def test_form_has_titles_stores_and_limits():
    form = make_form(
        {
            "amount": make_property(
                "金额", widget="money", store="case", minimum=0, description="没有的不填"
            )
        },
        ("amount",),
    )
    assert form.title == {"zh": "测试表", "en": "Test form"}
    (amount,) = form.fields
    assert (amount.widget, amount.store, amount.required) == (Widget.MONEY, Store.CASE, True)
    assert amount.help == {"zh": "没有的不填", "en": "没有的不填"}
    assert amount.minimum == 0


@pytest.mark.parametrize(
    ("keywords", "widget"),
    [
        ({}, Widget.TEXT),
        ({"format": "date"}, Widget.DATE),
        ({"format": "date-time"}, Widget.DATETIME),
        ({"format": "money"}, Widget.MONEY),
        ({"type": "boolean"}, Widget.BOOLEAN),
        ({"type": "integer"}, Widget.NUMBER),
        ({"enum": ["a"], "labels": {"a": "甲"}}, Widget.CHOICE),
        ({"type": "array", "items": {"enum": ["a"], "x-labels": {"a": "甲"}}}, Widget.CHECKLIST),
        ({"type": "array", "items": {"type": "object", "properties": NOTE}}, Widget.ROWS),
    ],
)
def test_widget_follows_from_the_schema(keywords, widget):
    assert make_form({"field": make_property("项", **keywords)}).fields[0].widget is widget


def test_order_and_groups_come_from_the_ui():
    ui = {
        "ui:order": ["b", "a", "c"],
        "ui:groups": [
            {"title": "一", "x-i18n": {"en": {"title": "One"}}, "fields": ["b", "a"]},
            {"title": "二", "x-i18n": {"en": {"title": "Two"}}, "fields": ["c"]},
        ],
        "ui:pairs": [["b", "a"]],
    }
    form = make_form({name: make_property(name) for name in "abc"}, ui=ui)
    assert [field.name for field in form.fields] == ["b", "a", "c"]
    assert [group.title["zh"] for group in form.groups] == ["一", "二"]
    assert form.groups[0].pairs == (("b", "a"),)


def test_form_without_ui_is_one_group_in_the_order_of_the_schema():
    form = make_form({name: make_property(name) for name in "ba"})
    assert [group.fields for group in form.groups] == [("b", "a")]


def test_english_labels_of_choices_are_read():
    (field,) = make_form({"field": make_choice("项", "a")}).fields
    assert [(choice.value, choice.title) for choice in field.choices] == [
        ("a", {"zh": "选项a", "en": "Choice a"})
    ]


def test_missing_english_is_only_a_warning():
    prop = {"type": "string", "title": "备注", "description": "说明"}
    assert property_findings(prop) == [
        ("warning", "properties.field", "“备注”没有英文（x-i18n.en）"),
        ("warning", "properties.field", "“说明”没有英文（x-i18n.en）"),
    ]


@pytest.mark.parametrize(
    ("prop", "sentence"),
    [
        ({"type": "string"}, "缺少中文标题 title"),
        (make_property("项", widget="slider"), "没有“slider”这种填法"),
        (make_property("项", widget="rows"), "rows 不能配 type string"),
        (make_property("项", type=["string", "null"]), "text 不能配 type ['string', 'null']"),
        (
            make_property("项", store="cloud"),
            "x-store 只能是 process、case、sealed、party，不能是“cloud”",
        ),
        (make_property("项", store="party"), "当事人名单的 x-store 要是 party，其他项不能是"),
        (PARTIES | {"x-store": "case"}, "当事人名单的 x-store 要是 party，其他项不能是"),
        (make_property("项", **{"x-wdiget": "text"}), "不认识“x-wdiget”，请核对拼写或去掉"),
        (make_property("项", **{"$ref": "#"}), "不认识“$ref”，请核对拼写或去掉"),
        (make_property("项", pattern="(?=a)b"), "pattern“(?=a)b”不是 RE2 的写法"),
        (make_property("项", latest="tomorrow"), "x-latest 要写 today 或 2026-10-09 这样的日期"),
        (make_property("项", minLength=9, maxLength=3), "下限 9 大于上限 3"),
        (make_property("项", widget="choice"), "选项 enum 要列出文字或整数"),
        (make_property("项", enum=["a"]), "选项“a”没有中文名称（x-labels）"),
        (make_property("项", type="array", widget="rows"), "明细要有 items.properties"),
        (True, "“field”要写成一个对象"),
    ],
)
def test_broken_property_is_an_error(prop, sentence):
    assert ("error", "properties.field", sentence) in property_findings(prop)


@pytest.mark.parametrize("name", ["case", "today", "Name", "a-b", "_x", "", "a" * 61])
def test_bad_field_name_is_an_error(name):
    (first, *_) = findings(make_schema({name: make_property("项")}))
    assert first[:2] == ("error", f"properties.{name}")


def test_tables_do_not_nest_and_parties_have_no_other_fields():
    inner = make_property("内", type="array", widget="rows", items={"properties": NOTE})
    outer = make_property("外", type="array", widget="rows", items={"properties": {"inner": inner}})
    assert ("error", "properties.field.items.properties.inner", "明细里不能再放明细") in (
        property_findings(outer)
    )
    items = {"properties": {"shoe_size": make_property("鞋码")}}
    path = "properties.field.items.properties.shoe_size"
    assert property_findings(PARTIES | {"items": items}) == [
        ("error", path, "当事人没有“shoe_size”这一项")
    ]


@pytest.mark.parametrize(
    ("ui", "path", "sentence"),
    [
        ({"ui:oder": []}, "ui:oder", "不认识“ui:oder”，请核对拼写或去掉"),
        ({"ui:order": "note"}, "ui:order", "ui:order 要写成项名的列表"),
        ({"ui:order": ["note", "x"]}, "ui:order", "ui:order 里的“x”不在表里"),
        ({"ui:order": []}, "ui:order", "“note”在 ui:order 里要恰好出现一次"),
        ({"ui:groups": {}}, "ui:groups", "ui:groups 的每一组要有 title 和 fields"),
        ({"ui:groups": [{"title": "一"}]}, "ui:groups.0", "ui:groups 的每一组要有 title 和 fields"),
        ({"ui:groups": []}, "ui:groups", "“note”要恰好在一组里"),
        ({"ui:pairs": [["note"]]}, "ui:pairs", "ui:pairs 的每一对要写两个表里的项名"),
        ({"ui:visible": []}, "ui:visible", "ui:visible 要写成“项名: 条件”"),
        (
            {"ui:visible": {"x": "true"}},
            "ui:visible.x",
            "ui:visible 里的“x”不在表里，或条件不是文字",
        ),
        (
            {"ui:visible": {"note": 5}},
            "ui:visible.note",
            "ui:visible 里的“note”不在表里，或条件不是文字",
        ),
    ],
)
def test_broken_ui_is_an_error(ui, path, sentence):
    assert ("error", path, sentence) in findings(make_schema(NOTE), ui)


def test_group_with_a_field_of_another_form_is_an_error():
    groups = [{"title": "一", "fields": ["note", "x"]}]
    assert ("error", "ui:groups", "ui:groups 里的“x”不在表里") in (
        findings(make_schema(NOTE), {"ui:groups": groups})
    )


def test_broken_condition_names_line_and_column():
    (finding,) = findings(make_schema(NOTE), {"ui:visible": {"note": "nonsense = 1"}})
    assert finding[:2] == ("error", "ui:visible.note")
    assert finding[2].startswith("条件第 1 行第 1 个字：")


def test_conditions_in_a_circle_are_an_error():
    fields = {"a": make_property("甲"), "b": make_property("乙")}
    ui = {"ui:visible": {"a": 'b = "x"', "b": 'a = "x"'}}
    assert findings(make_schema(fields), ui) == [
        ("error", "ui:visible", "这些项的显示条件互相绕圈：a, b")
    ]
    assert findings(make_schema(fields), {"ui:visible": {"a": 'a = "x"'}}) == [
        ("error", "ui:visible", "这些项的显示条件互相绕圈：a")
    ]


def test_conditions_in_a_circle_between_columns_are_an_error():
    columns = {"a": make_property("甲"), "b": make_property("乙")}
    rows = make_property("表", type="array", widget="rows", items={"properties": columns})
    ui = {"ui:visible": {"rows.a": 'b = "x"', "rows.b": 'a = "x"'}}
    assert ("error", "ui:visible.rows", "这些项的显示条件互相绕圈：a, b") in (
        findings(make_schema({"rows": rows}), ui)
    )


@pytest.mark.parametrize("schema", [None, [], "x", 5, True])
def test_schema_that_is_no_object_is_an_error(schema):
    assert findings(schema) == [("error", "", "表单文件要是一个 JSON 对象")]


def test_other_broken_schemas_are_errors():
    assert findings(make_schema(NOTE), []) == [("error", "", "界面文件要是一个 JSON 对象")]
    assert findings(make_schema({})) == [("error", "properties", "表里没有可以填的项")]
    assert ("error", "type", "最外层的 type 要写 object") in findings(
        make_schema(NOTE, type="array")
    )
    assert ("error", "allOf", "不认识“allOf”，请核对拼写或去掉") in findings(
        make_schema(NOTE, allOf=[{}])
    )
    assert findings(make_schema(NOTE, ("x",))) == [
        ("error", "required", "required 里的“x”不在表里")
    ]
    assert findings(make_schema({"a": make_property("甲", maxLength="9")})) == [
        ("error", "properties.a.maxLength", "“maxLength”的写法不符合 JSON Schema 2020-12")
    ]


def test_schema_nested_without_end_is_refused_unread():
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"items": deep}
    assert findings(make_schema({"a": deep})) == [("error", "", "表单文件嵌套太深")]


def test_load_form_raises_with_every_finding_and_says_where():
    with pytest.raises(FormDefinitionError) as refused:
        load_form(make_schema({"a": {"type": "string"}}), {"ui:order": []}, name="test")
    assert [say(problem) for problem in refused.value.problems] == [
        "properties.a：缺少中文标题 title",
        "ui:order：“a”在 ui:order 里要恰好出现一次",
    ]


def test_limits_that_are_no_numbers_set_no_limit():
    prop = make_property("数", type="number", minimum=float("nan"), maximum=float("inf"))
    (field,) = make_form({"field": prop}).fields
    assert (field.minimum, field.maximum) == (None, None)
