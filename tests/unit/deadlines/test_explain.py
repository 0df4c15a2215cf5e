"""The reasons of a due date, word for word."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.deadlines import make_rule, make_year
from workflows.deadlines import Calendar, RuleBook, compute_due
from workflows.deadlines.explain import explain
from workflows.errors import InvalidInputError
from workflows.messages import say

BOOK = RuleBook.built_in()


def test_explain_rolled_limit_says_every_step():
    told = explain(BOOK, "confirmation", "2026-09-03")
    assert told.found
    assert told.lines == (
        "2026-10-08 final",
        "共同申请司法确认的期限：30日（民诉法第205条）。",
        "从2026年9月3日（周四）起算，当日不计入，第1日是2026年9月4日（周五）。",
        "最后一日是2026年10月3日（周六）。",
        "2026年10月3日（周六）是法定休假日（国庆节），顺延到休假结束后的第一日2026年10月8日（周四）。",
        "到2026年10月8日（周四） 24:00 为止。",
        "规则版本 2023.205，日历版本 2026.1。",
    )


def test_explain_in_english_says_every_step():
    told = explain(BOOK, "court_step", "2026-04-30", language="en")
    assert told.lines == (
        "2026-05-08 final",
        "Step of online mediation: 3 working days (SPC Rules on Online Mediation (2021)).",
        "Counted from 2026-04-30 (Thu); that day is not counted, day 1 is 2026-05-01 (Fri).",
        "The last day is 2026-05-08 (Fri).",
        "It ends at 24:00 on 2026-05-08 (Fri).",
        "Rule version 2021.1, calendar version 2026.1.",
    )


def test_explain_provisional_limit_says_what_is_missing():
    told = explain(BOOK, "limitation", "2026-10-09")
    assert told.lines[0] == "2029-10-09 provisional"
    assert told.lines[4] == (
        "2029年的日历还没有录入，暂定为2029年10月9日（周二）；录入后只可能往后顺延。"
        "请管理员录入2029年日历。"
    )


def test_explain_without_any_calendar_says_so():
    assert explain(BOOK, "limitation", "2030-01-01").lines[-1] == (
        "规则版本 2020.188，没有用到已录入的日历。"
    )


def test_explain_uncomputable_limit_gives_no_date():
    told = explain(BOOK, "court_step", "2026-12-30")
    assert not told.found
    assert told.lines[-1] == (
        "2027年的日历还没有录入，工作日数不出来，暂时给不出日期。请管理员录入2027年日历。"
    )
    assert len(told.lines) == 3


def test_explain_swapped_working_day_says_why_it_stays():
    assert (
        "2026年10月10日（周六）调休上班，不是休假日，不顺延。"
        in explain(BOOK, "confirmation", "2026-09-10").lines
    )


def test_explain_unrolled_limit_names_the_working_day_before():
    assert (
        "这一期限遇休假日不顺延，请在前一个工作日2026年9月30日（周三）办完。"
        in explain(BOOK, "petition_handling", "2026-08-02").lines
    )


def test_steps_of_pause_extension_weekend_and_local_holiday():
    calendar = Calendar([make_year(2026)], [make_year(2026, rest=(date(2026, 4, 20),))])
    pause = (date(2026, 3, 1), date(2026, 3, 14))
    due = compute_due(make_rule(30), date(2026, 3, 4), calendar, excluded=[pause], extended_days=5)
    told = [say(step) for step in due.steps]
    assert told[2:] == [
        "2026年3月5日（周四）到2026年3月14日（周六）暂停计算，扣除 10 天。",
        "经延长，加 5 日。",
        "最后一日是2026年4月18日（周六）。",
        "2026年4月18日（周六）是周末休息日，顺延到休假结束后的第一日2026年4月21日（周二）。",
        "到2026年4月21日（周二） 24:00 为止。",
    ]
    assert due.calendar_version == "2026.test+2026.test"
    ends = compute_due(make_rule(47), date(2026, 3, 4), calendar)
    assert say(ends.steps[3]).startswith("2026年4月20日（周一）是法定休假日（那达慕），")


def test_steps_of_agreed_day_do_not_count():
    due = BOOK.due("performance", "2026-10-09")
    assert [say(step) for step in due.steps] == [
        "约定的履行期限（民法典第203条）。",
        "约定的日期是2026年10月9日（周五）。",
        "最后一日是2026年10月9日（周五）。",
        "到2026年10月9日（周五） 24:00 为止。",
    ]


def test_steps_of_counted_first_day():
    due = compute_due(make_rule(1, start_excluded=False), date(2026, 3, 2), BOOK.calendar())
    assert say(due.steps[1]) == (
        "从2026年3月2日（周一）起算，当日计入，第1日是2026年3月2日（周一）。"
    )


@pytest.mark.parametrize("base", ["", "昨天", "2026-13-01", "20261009T", "2026-10-09T25:00+08:00"])
def test_explain_malformed_base_is_refused(base):
    with pytest.raises(InvalidInputError) as refused:
        explain(BOOK, "confirmation", base)
    assert refused.value.message.code == "deadline.base_malformed"


def test_explain_unknown_rule_lists_the_known_ones():
    with pytest.raises(InvalidInputError) as refused:
        explain(BOOK, "divorce", "2026-10-09")
    assert "confirmation, consent_reply, court_acceptance" in say(refused.value.message)
