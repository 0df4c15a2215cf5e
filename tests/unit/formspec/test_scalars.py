"""Every kind of single value: what is accepted, and the sentence when it is not.

Long, because it is one table for each kind of value.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.formspec import ID_NUMBER, NOW, make_choice, make_form, make_property
from workflows.errors import InvalidFormError
from workflows.formspec import read_values
from workflows.messages import say


def read_one(prop: dict[str, Any], raw: Any, *, required: bool = False) -> Any:
    form = make_form({"field": prop}, ("field",) if required else ())
    return read_values(form, {"field": raw}, now=NOW).process["field"]


def refusal(prop: dict[str, Any], raw: Any, language: str = "zh-Hans") -> str:
    with pytest.raises(InvalidFormError) as refused:
        read_one(prop, raw, required=True)
    (error,) = refused.value.errors
    assert error.path == "/field"
    return say(error.message, language)


TEXT = make_property("姓名", en="Name", maxLength=10)
LONG = make_property("简要情况", widget="longtext", minLength=5, maxLength=20)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  李玉梅 ", "李玉梅"),
        ("祁\U0002c6b1", "祁\U0002c6b1"),
        ("e\u0301", "é"),
        ("\ufeff加\u200b依娜", "加依娜"),
        ("巴图\n孟和", "巴图 孟和"),
        ("\u3000", None),
        ("", None),
        (None, None),
    ],
)
def test_text_is_trimmed_normalised_and_keeps_rare_characters(raw, value):
    assert read_one(TEXT, raw) == value


def test_long_text_keeps_lines():
    assert read_one(LONG, "第一行\r\n第二行\t好") == "第一行\n第二行\t好"


@pytest.mark.parametrize(
    ("prop", "raw", "sentence"),
    [
        (TEXT, "", "请填写姓名"),
        (TEXT, "十一个字十一个字十一个", "姓名最多 10 个字，现在是 11 个字"),
        (TEXT, "甲\x00乙", "姓名里有看不见的控制字符，请删掉重新输入"),
        (TEXT, "甲\ud800乙", "姓名里有看不见的控制字符，请删掉重新输入"),
        (TEXT, "甲\u202e乙", "姓名里有看不见的控制字符，请删掉重新输入"),
        (TEXT, 7, "姓名要填文字"),
        (TEXT, ["甲"], "姓名要填文字"),
        (LONG, "", "请填写简要情况，至少 5 个字"),
        (LONG, "宅基地", "简要情况至少写 5 个字，现在是 3 个字"),
        (LONG, "有\x07声的一行", "简要情况里有看不见的控制字符，请删掉重新输入"),
    ],
)
def test_wrong_text_is_refused_with_a_sentence(prop, raw, sentence):
    assert refusal(prop, raw) == sentence


def test_sentences_speak_english_with_the_english_title():
    assert refusal(TEXT, "", "en") == "Please fill in “Name”"


def test_pattern_is_searched_in_the_text():
    prop = make_property("案号", pattern="^[0-9]{4}$")
    assert read_one(prop, "2026") == "2026"
    assert refusal(prop, "26") == "案号的写法不对，请按说明填写"


MONEY = make_property("涉及金额", widget="money")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("18600", "18600.00"),
        ("18,600.5", "18600.50"),
        ("１８，６００．５０", "18600.50"),
        ("￥18 600 元", "18600.00"),
        ("1.2万", "12000.00"),
        ("1.86万元", "18600.00"),
        ("0", "0.00"),
        (18600, "18600.00"),
        (18600.5, "18600.50"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_is_text_with_two_decimals(raw, value):
    assert read_one(MONEY, raw) == value


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("若干", "涉及金额要填金额，例如 18,600.00"),
        ("1,86", "涉及金额要填金额，例如 18,600.00"),
        ("1e3", "涉及金额要填金额，例如 18,600.00"),
        ("NaN", "涉及金额要填金额，例如 18,600.00"),
        (float("nan"), "涉及金额要填金额，例如 18,600.00"),
        (True, "涉及金额要填金额，例如 18,600.00"),
        ("10.005", "涉及金额最多写到分，也就是两位小数"),
        ("-1", "涉及金额不能是负数"),
        ("2000000000000", "涉及金额超过了一万亿元，请核对有没有多按了零"),
        ("9999999999999999", "涉及金额的数字太大了，请核对"),
        pytest.param(10**5000, "涉及金额的数字太大了，请核对", id="huge"),
        (float("inf"), "涉及金额的数字太大了，请核对"),
        ({"a": 1}, "涉及金额要填文字"),
    ],
)
def test_wrong_money_is_refused(raw, sentence):
    assert refusal(MONEY, raw) == sentence


def test_money_limits_are_spelt_as_money():
    prop = make_property("涉及金额", type="number", widget="money", minimum=1, maximum=20000)
    assert refusal(prop, "20000.01") == "涉及金额不能大于 20,000.00"
    assert refusal(prop, "0") == "涉及金额不能小于 1.00"
    below_zero = make_property("差额", type="number", widget="money", minimum=-100)
    assert read_one(below_zero, "-99.5") == "-99.50"


WHOLE = make_property("人数", type="integer", minimum=1, maximum=500)
NUMBER = make_property("比例", type="number")


@pytest.mark.parametrize(
    ("prop", "raw", "value"),
    [
        (WHOLE, "12", 12),
        (WHOLE, "１２", 12),
        (WHOLE, 12, 12),
        (WHOLE, "12.0", 12),
        (NUMBER, "3.50", "3.50"),
        (NUMBER, "-0.000001", "-0.000001"),
        (NUMBER, "−4", "-4"),
        (NUMBER, 1e-05, "0.000010"),
        (NUMBER, "1,234", "1234"),
    ],
)
def test_numbers_are_exact(prop, raw, value):
    assert read_one(prop, raw) == value


@pytest.mark.parametrize(
    ("prop", "raw", "sentence"),
    [
        (WHOLE, "十二", "人数要填数字"),
        (WHOLE, "1.5", "人数要填整数"),
        (WHOLE, "0", "人数不能小于 1"),
        (WHOLE, "501", "人数不能大于 500"),
        (NUMBER, "0.0000001", "比例最多 6 位小数"),
        (NUMBER, "1" * 16, "比例的数字太大了，请核对"),
    ],
)
def test_wrong_numbers_are_refused(prop, raw, sentence):
    assert refusal(prop, raw) == sentence


def test_keywords_left_to_the_schema_speak_too():
    prop = make_property("人数", type="number", multipleOf=0.5, exclusiveMaximum=10)
    assert read_one(prop, "2.5") == "2.5"
    assert refusal(prop, "2.3") == "人数要是 0.5 的倍数"
    assert refusal(prop, "10") == "人数要小于 10"


DAY = make_property("受理日期", format="date")


@pytest.mark.parametrize(
    "raw",
    [
        "2026-10-09",
        "2026-10-9",
        "2026年10月9日",
        "2026年10月09",
        "2026/10/9",
        "2026.10.9",
        "20261009",
        "２０２６年１０月９日",
        " 2026 年 10 月 9 日 ",
    ],
)
def test_date_is_accepted_in_every_usual_spelling(raw):
    assert read_one(DAY, raw) == "2026-10-09"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("昨天", "受理日期要填日期，例如 2026年10月9日 或 2026-10-9"),
        ("10月9日", "受理日期要填日期，例如 2026年10月9日 或 2026-10-9"),
        ("26-10-9", "受理日期要填日期，例如 2026年10月9日 或 2026-10-9"),
        ("2026-02-30", "没有受理日期写的这一天，请核对年月日"),
        ("2026-00-10", "没有受理日期写的这一天，请核对年月日"),
        ("1026-10-09", "没有受理日期写的这一天，请核对年月日"),
        (20261009, "受理日期要填文字"),
    ],
)
def test_wrong_date_is_refused(raw, sentence):
    assert refusal(DAY, raw) == sentence


def test_date_limits_compare_with_the_shanghai_day():
    past = make_property("申请日期", format="date", latest="today", earliest="2026-01-01")
    assert read_one(past, "2026-10-09") == "2026-10-09"
    assert refusal(past, "2026-10-10") == "申请日期不能晚于今天"
    assert refusal(past, "2025-12-31") == "申请日期不能早于2026年1月1日"
    ahead = make_property("下次日期", format="date", earliest="today", latest="2026-12-31")
    assert refusal(ahead, "2026-10-08") == "下次日期不能早于今天"
    assert refusal(ahead, "2027-01-01") == "下次日期不能晚于2026年12月31日"


MOMENT = make_property("开会时间", format="date-time")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2026-10-09T09:05", "2026-10-09T09:05:00+08:00"),
        ("2026年10月9日 9:05", "2026-10-09T09:05:00+08:00"),
        ("2026年10月9日9时5分", "2026-10-09T09:05:00+08:00"),
        ("2026-10-9 14：30", "2026-10-09T14:30:00+08:00"),
        ("2026-10-09T01:05:00Z", "2026-10-09T09:05:00+08:00"),
        ("2026-10-09T09:05:00+08:00", "2026-10-09T09:05:00+08:00"),
    ],
)
def test_moment_is_told_with_shanghai_offset(raw, value):
    assert read_one(MOMENT, raw) == value


@pytest.mark.parametrize("raw", ["2026-10-09", "9:05", "2026-10-09 25:00", "2026-10-09 9:61", "x"])
def test_wrong_moment_is_refused(raw):
    assert refusal(MOMENT, raw) == "开会时间要填日期和时间，例如 2026年10月9日 9:05"


def test_moment_on_an_impossible_day_is_refused():
    assert refusal(MOMENT, "2026年2月30日 9:05") == "没有开会时间写的这一天，请核对年月日"
    assert refusal(MOMENT, "0001-01-01T00:00:00+00:00") == "没有开会时间写的这一天，请核对年月日"


CHOICE = make_choice("法院已经受理了吗", "yes", "no")


def test_choice_takes_listed_values_only():
    assert read_one(CHOICE, " yes ") == "yes"
    assert refusal(CHOICE, "maybe") == "法院已经受理了吗请从列出的选项里选"
    assert refusal(CHOICE, "选项yes") == "法院已经受理了吗请从列出的选项里选"
    assert refusal(CHOICE, True) == "法院已经受理了吗请从列出的选项里选"
    assert refusal(CHOICE, "") == "请选择法院已经受理了吗"


def test_integer_choice_gives_integers():
    prop = make_property("级别", type="integer", widget="choice", enum=[1, 2])
    prop["x-labels"] = {"1": "一级", "2": "二级"}
    assert read_one(prop, "2") == 2
    assert read_one(prop, 1) == 1
    assert refusal(prop, "3") == "级别请从列出的选项里选"


def make_checks(**keywords: Any) -> dict[str, Any]:
    items = {"type": "string", "enum": ["a", "b", "c"]}
    labels = {"a": "甲项", "b": "乙项", "c": "丙项"}
    return make_property(
        "涉及方面", type="array", widget="checklist", items=items, labels=labels, **keywords
    )


def test_checklist_keeps_the_order_of_the_form_without_doubles():
    assert read_one(make_checks(), ["c", "", "a", "a"]) == ["a", "c"]
    assert read_one(make_checks(), [""]) is None


def test_wrong_checklist_is_refused():
    assert refusal(make_checks(), ["d"]) == "涉及方面请从列出的选项里选"
    assert refusal(make_checks(), "a") == "涉及方面要填成一个列表"
    assert refusal(make_checks(), [""]) == "请选择涉及方面"
    assert refusal(make_checks(), ["a"] * 1000) == "涉及方面请从列出的选项里选"
    assert refusal(make_checks(minItems=2), ["a"]) == "涉及方面至少选 2 项"
    assert refusal(make_checks(maxItems=2), ["a", "b", "c"]) == "涉及方面最多选 2 项"


YES_NO = make_property("双方同意", type="boolean")


@pytest.mark.parametrize(
    ("raw", "value"), [(True, True), ("true", True), (False, False), ("false", False), ("", None)]
)
def test_boolean_is_true_false_or_unanswered(raw, value):
    assert read_one(YES_NO, raw) is value


def test_wrong_boolean_is_refused():
    assert refusal(YES_NO, "yes") == "双方同意要选“是”或“否”"
    assert refusal(YES_NO, 0) == "双方同意要选“是”或“否”"
    assert refusal(YES_NO, None) == "请选择双方同意"


def test_confirmation_must_be_ticked():
    prop = make_property("已告知权利义务", type="boolean", const=True)
    assert read_one(prop, "true") is True
    assert refusal(prop, "false") == "请先确认：已告知权利义务"
    assert refusal(prop, "") == "请先确认：已告知权利义务"


ID = make_property("身份证号", widget="id_number")


@pytest.mark.parametrize("raw", [ID_NUMBER, f" {ID_NUMBER[:6]} {ID_NUMBER[6:]} "])
def test_id_number_ignores_blanks(raw):
    assert read_one(ID, raw) == ID_NUMBER


def test_id_number_check_character_may_be_a_small_x():
    assert read_one(ID, "11010519491231002x") == "11010519491231002X"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (ID_NUMBER[:-1] + "8", "身份证号最后一位不对，请对照证件再核一遍"),
        (ID_NUMBER[:-1], "身份证号应是 18 位，现在是 17 位，请对照证件再核一遍"),
        ("99000119920417298Y", "身份证号只能是数字，最后一位可以是 X，请对照证件再核一遍"),
        ("990001199213172987", "身份证号里的出生日期不对，请对照证件再核一遍"),
        ("990001202610102981", "身份证号里的出生日期不对，请对照证件再核一遍"),
        (int(ID_NUMBER), "身份证号要填文字"),
        ("9" * 300, "身份证号应是 18 位，现在是 300 位，请对照证件再核一遍"),
    ],
)
def test_wrong_id_number_is_refused(raw, sentence):
    assert refusal(ID, raw) == sentence


def test_unknown_area_of_an_id_number_only_warns():
    form = make_form({"field": ID})
    values = read_values(form, {"field": ID_NUMBER}, now=NOW)
    (warning,) = values.warnings
    assert warning.path == "/field"
    assert say(warning.message) == (
        "身份证号的前六位 990001 不在行政区划表里，请再看一眼证件；没有错就不用改"
    )
    assert read_values(form, {"field": "11010519491231002X"}, now=NOW).warnings == ()


PHONE = make_property("电话", widget="phone")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("10012181816", "10012181816"),
        ("136 0937-9024", "13609379024"),
        ("+86 13609379024", "13609379024"),
        ("008613609379024", "13609379024"),
        ("１３６０９３７９０２４", "13609379024"),
        ("0937-2612345", "0937-2612345"),
        ("09372612345", "0937-2612345"),
        ("(0937) 2612345", "0937-2612345"),
        ("010-65123456转801", "010-65123456转801"),
        ("010-65123456-801", "010-65123456转801"),
        ("4008123123", "4008123123"),
    ],
)
def test_phone_gets_one_spelling(raw, value):
    assert read_one(PHONE, raw) == value


@pytest.mark.parametrize(
    "raw", ["2612345", "1360937902", "136093790245", "23609379024", "电话", "0937-261234567890"]
)
def test_wrong_phone_is_refused(raw):
    assert refusal(PHONE, raw) == (
        "电话写法不对，请填 11 位手机号，或带区号的座机，例如 0937-2612345"
    )


def test_person_unit_and_file_are_checked_for_shape_only():
    assert read_one(make_property("调解员", widget="person"), "mediator2") == "mediator2"
    assert read_one(make_property("单位", widget="unit"), "620902104-TW") == "620902104-TW"
    assert read_one(make_property("照片", widget="file"), "7k2mq") == "7k2mq"
    assert refusal(make_property("调解员", widget="person"), "马 玉") == "调解员请从名单里选人"
    assert refusal(make_property("单位", widget="unit"), "../x") == "单位请从单位名单里选"
    assert refusal(make_property("照片", widget="file"), "a/b") == "照片没有传上来，请重新选文件"
    assert refusal(make_property("照片", widget="file"), "") == "请上传照片"
    assert refusal(make_property("签名", widget="signature"), None) == "请在签名处签名"


def test_several_files_are_a_list_without_doubles():
    papers = make_property("材料", type="array", widget="file", maxItems=2)
    assert read_one(papers, ["a1", "", "b2", "a1"]) == ["a1", "b2"]
    assert read_one(papers, []) is None
    assert refusal(papers, ["a", "b", "c"]) == "材料最多放 2 个文件"
    assert refusal(papers, [""]) == "请上传材料"
    assert refusal(make_property("照片", widget="file"), ["a", "b"]) == "照片最多放 1 个文件"


PLACE = make_property("地点", type="object", widget="location")


def test_location_is_words_or_coordinates():
    assert read_one(PLACE, {"text": "村口"}) == {"text": "村口"}
    spot = {"latitude": "39.7437", "longitude": 98.5142}
    assert read_one(PLACE, spot) == {"latitude": "39.7437", "longitude": "98.5142"}
    assert read_one(PLACE, {"text": "", "latitude": ""}) is None


def test_wrong_location_is_refused():
    assert refusal(PLACE, {"latitude": "39.7"}) == "地点的经度和纬度要一起填"
    assert refusal(PLACE, "村口") == "地点要分项填写"
    assert refusal(PLACE, {"text": ""}) == "请填写地点"


def test_location_parts_are_reported_where_they_stand():
    form = make_form({"field": PLACE})
    with pytest.raises(InvalidFormError) as refused:
        read_values(form, {"field": {"latitude": "99", "longitude": "1", "zoom": "3"}}, now=NOW)
    assert [error.path for error in refused.value.errors] == [
        "/field/zoom",
        "/field/latitude",
        "/field",
    ]


def test_credit_code_is_checked():
    prop = make_property("信用代码", widget="credit_code")
    assert read_one(prop, "91990000 1mqlm4qhx7") == "919900001MQLM4QHX7"
    assert refusal(prop, "919900001MQLM4QHX8") == "信用代码最后一位不对，请对照执照再核一遍"
    assert refusal(prop, "91990000") == "信用代码应是 18 位，现在是 8 位，请对照执照再核一遍"
    assert refusal(prop, "91990000IMQLM4QHX7") == ("信用代码里有不会出现的字母，请对照执照再核一遍")
