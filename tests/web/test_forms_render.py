"""Generated forms: names, labels, errors and what a browser would post back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from lxml import html

from tests.factories.formpage import TODAY, make_app
from tests.factories.formspec import (
    NOW,
    PARTIES,
    make_choice,
    make_form,
    make_property,
    make_wide_form,
    wide_values,
)
from webapp.forms.build import Known
from webapp.forms.render import error_links, render_form
from webapp.pages import formats
from workflows.errors import FieldError, InvalidFormError
from workflows.formspec import Form, load_form, parse_submission, read_values
from workflows.messages import Message

PACKAGE = Path(__file__).parents[2] / "forms" / "people_mediation"
PACKAGE_FORMS = sorted(
    path.name.removesuffix(".schema.json") for path in PACKAGE.glob("*.schema.json")
)
WIDE = make_wide_form()


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_app()


@pytest.fixture
def speaking(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        g.language = "zh-Hans"
        yield


def render(form: Form, values: Mapping[str, Any], **options: Any) -> html.HtmlElement:
    errors = options.pop("errors", ())
    spoken = options.pop("language", "zh-Hans")
    g.language = spoken
    known = options.pop("known", TODAY)
    return html.fromstring(render_form(form, values, errors, spoken, known=known, **options))


def posted(page: html.HtmlElement) -> dict[str, list[str]]:
    """What a browser without scripts would send, except files and the pressed button."""
    pairs: dict[str, list[str]] = {}
    for one in page.xpath("//*[@name][not(ancestor::template)]"):
        if one.tag == "button" or one.get("type") == "file":
            continue
        if one.get("type") in ("radio", "checkbox") and one.get("checked") is None:
            continue
        if one.tag == "select":
            value = one.xpath("string(option[@selected]/@value)")
        elif one.tag == "textarea":
            value = (one.text or "").removeprefix("\n")
        else:
            value = one.get("value", "")
        pairs.setdefault(one.get("name"), []).append(value)
    return pairs


def errors_of(form: Form, raw: Mapping[str, Any]) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidFormError) as refused:
        read_values(form, raw, now=NOW)
    return refused.value.errors


def load_package_form(name: str) -> Form:
    schema, ui = (
        json.loads((PACKAGE / f"{name}.{kind}.json").read_text(encoding="utf-8"))
        for kind in ("schema", "ui")
    )
    return load_form(schema, ui, name=name)


@pytest.mark.usefixtures("speaking")
def test_what_the_page_posts_reads_as_what_it_shows():
    values = read_values(WIDE, wide_values(), now=NOW)
    again = read_values(WIDE, parse_submission(WIDE, posted(render(WIDE, wide_values()))), now=NOW)
    assert asdict(again) == asdict(values)


@pytest.mark.usefixtures("speaking")
def test_stored_values_are_spelt_for_people_and_read_the_same():
    values = read_values(WIDE, wide_values(), now=NOW)
    stored = {**values.process, **values.case, **values.sealed, "parties": values.parties}
    page = render(WIDE, stored)
    assert page.get_element_by_id("f-day").get("value") == "2026年10月9日"
    assert page.get_element_by_id("f-amount").get("value") == "12,000.00"
    assert page.get_element_by_id("f-moment").get("value") == "2026年10月9日 9:05"
    assert page.get_element_by_id("f-parties-0-birth_date").get("value") == "1992年4月17日"
    again = read_values(WIDE, parse_submission(WIDE, posted(page)), now=NOW)
    assert asdict(again) == asdict(values)


@pytest.mark.usefixtures("speaking")
def test_english_page_spells_dates_as_iso():
    page = render(WIDE, {"day": "2026-10-09"}, language="en")
    assert page.get_element_by_id("f-day").get("value") == "2026-10-09"


@pytest.mark.usefixtures("speaking")
def test_wrong_input_comes_back_as_typed():
    page = render(WIDE, {"amount": "若干<", "day": "明天", "moment": "x", "title": 5})
    assert page.get_element_by_id("f-amount").get("value") == "若干<"
    assert page.get_element_by_id("f-day").get("value") == "明天"
    assert page.get_element_by_id("f-moment").get("value") == "x"
    assert page.get_element_by_id("f-title").get("value") == "5"


@pytest.mark.usefixtures("speaking")
@pytest.mark.parametrize("name", PACKAGE_FORMS)
def test_every_control_of_the_package_has_a_label_and_its_own_id(name):
    page = render(load_package_form(name), {})
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for one in page.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        labels = page.xpath("//label[@for=$id]", id=one.get("id"))
        assert len(labels) == 1
        assert labels[0].text_content().strip()


@pytest.mark.usefixtures("speaking")
@pytest.mark.parametrize("name", PACKAGE_FORMS)
def test_every_error_links_to_a_control_that_says_the_same(name):
    form = load_package_form(name)
    try:
        read_values(form, {"zzz": 1}, now=NOW)
    except InvalidFormError as refused:
        errors = refused.errors
    page = render(form, {}, errors=errors)
    for (target, sentence), error in zip(error_links(form, errors, "zh-Hans"), errors, strict=True):
        found = page.get_element_by_id(target)
        if error.path != "/zzz":
            described = found.get("aria-describedby", "").split()
            told = "".join(page.get_element_by_id(one).text_content() for one in described)
            assert sentence.rpartition("：")[2] in told


@pytest.mark.usefixtures("speaking")
def test_errors_in_rows_say_where_and_lead_there():
    raw = wide_values() | {"clauses": [{"what": "x", "paid": "true", "amount": "x"}]}
    raw["parties"][1]["side"] = ""
    errors = errors_of(WIDE, raw)
    links = error_links(WIDE, errors, "zh-Hans")
    assert links == (
        ("f-parties-1-side", "第 2 位当事人：请选择地位"),
        ("f-clauses-0-amount", "协议条款第 1 条：金额要填金额，例如 18,600.00"),
    )
    page = render(WIDE, raw, errors=errors)
    side = page.get_element_by_id("f-parties-1-side")
    assert side.get("aria-invalid") == "true"
    assert page.get_element_by_id("f-parties-1-side-e").text_content() == "错误：请选择地位"
    assert "fq-bad" in side.getparent().get("class")


@pytest.mark.usefixtures("speaking")
def test_errors_of_whole_tables_rows_and_strange_names_lead_somewhere():
    errors = [
        FieldError("", Message("form.not_an_object")),
        FieldError("/parties", Message("form.too_few_parties", {"n": 2})),
        FieldError("/clauses/0", Message("form.row_not_object", {"title_zh": "条款", "n": 1})),
        FieldError("/place", Message("form.half_location", {"title_zh": "地点"})),
        FieldError("/proof", Message("form.upload", {"title_zh": "材料照片"})),
        FieldError("/zzz", Message("form.unknown_field", {"name": "zzz"})),
    ]
    page = render(WIDE, {"clauses": [{}]}, errors=errors)
    targets = [target for target, _ in error_links(WIDE, errors, "zh-Hans")]
    assert targets == [
        "f-top", "f-parties", "f-clauses-0", "f-place-text", "f-proof-upload", "f-top",
    ]  # fmt: skip
    for target in targets:
        assert page.get_element_by_id(target).get("tabindex") in ("-1", None)


@pytest.mark.usefixtures("speaking")
def test_unknown_area_warns_under_the_field():
    raw = wide_values()
    values = read_values(WIDE, raw, now=NOW)
    page = render(WIDE, raw, warnings=values.warnings)
    assert "不在行政区划表里" in page.get_element_by_id("f-parties-0-id_number-w").text_content()


@pytest.mark.usefixtures("speaking")
def test_empty_form_offers_the_rows_it_asks_for():
    page = render(make_form({"parties": PARTIES}, ("parties",)), {})
    sides = page.xpath("//fieldset[@data-row][not(ancestor::template)]//select/option[@selected]")
    assert [side.get("value") for side in sides] == ["申请人", "被申请人"]
    shown = "//button[@name='_action'][not(ancestor::template)][not(@hidden)]/@value"
    assert page.xpath(shown) == ["add:parties"]


@pytest.mark.usefixtures("speaking")
def test_rows_beyond_the_least_can_be_removed_without_scripts():
    values = {"parties": [{}, {}, {"name": "丙"}]}
    page = render(make_form({"parties": PARTIES}, ("parties",)), values)
    buttons = page.xpath("//button[@name='_action'][not(ancestor::template)]")
    assert [button.get("value") for button in buttons] == [
        "remove:parties.0",
        "remove:parties.1",
        "remove:parties.2",
        "add:parties",
    ]
    assert buttons[2].text_content() == "删除第 3 位"


@pytest.mark.usefixtures("speaking")
def test_enter_presses_a_button_that_only_submits():
    first = render(WIDE, wide_values()).xpath("//button")[0]
    assert (first.get("type"), first.get("name")) == ("submit", None)


@pytest.mark.usefixtures("speaking")
def test_conditions_are_told_to_the_browser_and_stand_behind_a_bar():
    page = render(WIDE, {"clauses": [{}]})
    (told,) = page.xpath("//div[@class='fq-then'][.//*[@name='court_name']]/@data-when")
    assert json.loads(told) == ["=", "court", "yes"]
    (told,) = page.xpath("//*[@name='clauses.0.amount']/ancestor::div[@data-when]/@data-when")
    assert json.loads(told) == ["=", "paid", True]


@pytest.mark.usefixtures("speaking")
def test_optional_and_required_questions():
    form = make_form(
        {
            "note": make_property("备注"),
            "name": make_property("姓名"),
            "fine": make_property("材料齐全", type="boolean"),
            "told": make_property("已告知", type="boolean", const=True),
            "maybe": make_property("要求保密", type="boolean"),
        },
        ("name", "fine", "told"),
    )
    page = render(form, {"maybe": True})
    assert page.xpath("string(//label[@for='f-note'])") == "备注 选填"
    assert page.xpath("string(//label[@for='f-name'])") == "姓名"
    assert page.xpath("//input[@name='fine']/@type") == ["radio", "radio"]
    assert page.xpath("//input[@name='told']/@type") == ["hidden", "checkbox"]
    assert page.get_element_by_id("f-maybe").get("checked") is not None


@pytest.mark.usefixtures("speaking")
def test_many_choices_are_a_list_and_few_are_buttons():
    form = make_form({"few": make_choice("少", *"abcd"), "many": make_choice("多", *"abcde")})
    page = render(form, {"few": "b", "many": "c"})
    assert page.xpath("//input[@name='few'][@checked]/@value") == ["b"]
    assert page.xpath("//select[@name='many']/option[@selected]/@value") == ["c"]


@pytest.mark.usefixtures("speaking")
def test_people_and_files_are_named_where_they_are_known():
    known = Known(
        options={"mediator": [("mediator2", "马玉兰（人民调解员）")], "unit": [("1", "肃州区")]},
        files={"f1": ("宅基地使用证.jpg", 1_250_000)},
        today=date(2026, 10, 9),
    )
    page = render(WIDE, wide_values(), known=known)
    assert page.xpath("string(//select[@name='mediator']/option[@selected])") == (
        "马玉兰（人民调解员）"
    )
    assert page.xpath("count(//select[@name='office']/option)") == 2
    lines = [" ".join(one.text_content().split()) for one in page.find_class("fq-file")]
    assert lines == [
        "宅基地使用证.jpg 1.2 MB，已上传删除宅基地使用证.jpg",
        "已上传的文件 已上传删除已上传的文件",
        "已上传的文件 已上传删除已上传的文件",
    ]


@pytest.mark.usefixtures("speaking")
def test_default_of_today_is_shown_only_before_anything_was_typed():
    form = make_form({"day": make_property("日期", format="date", default="today")})
    assert render(form, {}).get_element_by_id("f-day").get("value") == "2026年10月9日"
    assert render(form, {"day": ""}).get_element_by_id("f-day").get("value") == ""


@pytest.mark.usefixtures("speaking")
def test_group_with_one_table_of_the_same_name_is_not_headed_twice():
    groups = [{"title": "当事人", "x-i18n": {"en": {"title": "Parties"}}, "fields": ["parties"]}]
    page = render(make_form({"parties": PARTIES}, ui={"ui:groups": groups}), {})
    assert page.xpath("count(//*[normalize-space(text())='当事人'])") == 1
    assert page.get_element_by_id("f-parties").get("aria-labelledby") == "s-0"


@pytest.mark.usefixtures("speaking")
def test_nothing_is_inline_and_everything_is_escaped():
    raw = wide_values() | {"title": '"><script>alert(1)</script>', "summary": "</textarea><b>"}
    text = str(render_form(WIDE, raw, errors_of(WIDE, raw | {"day": "x"}), "zh-Hans", known=TODAY))
    page = html.fromstring(text)
    assert not page.xpath("//script|//style|//@style|//@onclick|//b[text()='知情人']")
    assert page.get_element_by_id("f-title").get("value") == raw["title"]


@pytest.mark.usefixtures("speaking")
@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [[]], {"a": [1]}, True, "\x00"])
def test_misshapen_drafts_are_shown_as_far_as_they_go(value):
    render(WIDE, dict.fromkeys(WIDE.by_name, value))


@pytest.mark.usefixtures("speaking")
@pytest.mark.parametrize("name", PACKAGE_FORMS)
def test_english_pages_hold_no_chinese(name):
    form = load_package_form(name)
    page = render(form, {}, language="en")
    # Hints may quote the Chinese words people write into documents.
    for one in page.xpath(
        "//label|//legend|//h2|//button|//summary|//option|//*[@class='fq-label']"
    ):
        assert not formats.HAN.search(one.text_content())
