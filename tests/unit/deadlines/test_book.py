"""Which rule and calendar count for a unit."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.deadlines import make_rule, make_year
from workflows.deadlines import RuleBook, check_extension
from workflows.deadlines.book import Overrides
from workflows.errors import InvalidInputError, RuleError
from workflows.messages import say

COUNTY, TOWN = "620923", "620923101"
LINEAGE = {COUNTY: ("620900", COUNTY), TOWN: ("620900", COUNTY, TOWN)}


def make_book(**overrides: object) -> RuleBook:
    return RuleBook(Overrides(lineage=LINEAGE, **overrides))


def test_keys_hold_every_promised_rule():
    promised = {
        "mediation",
        "confirmation",
        "delegated_mediation",
        "entrusted_ordinary",
        "entrusted_simple",
        "court_step",
        "petition_transfer",
        "petition_notice",
        "petition_objection",
        "petition_handling",
        "petition_review",
        "police_second_mediation",
        "limitation",
        "consent_reply",
        "supplement",
        "follow_up",
        "performance",
    }
    assert promised <= set(RuleBook.built_in().keys)


def test_rule_of_nearest_ancestor_wins():
    book = make_book(
        rules={
            "": [make_rule(8, key="supplement")],
            COUNTY: [make_rule(6, key="supplement"), make_rule(2, key="county_only")],
        }
    )
    assert book.rule("supplement").length == 8
    assert book.rule("supplement", "620900").length == 8
    assert book.rule("supplement", COUNTY).length == 6
    assert book.rule("supplement", TOWN).length == 6
    assert book.rule("follow_up", TOWN).length == 30
    assert "county_only" in book.keys


def test_rule_is_the_newest_in_force_on_the_base():
    changed = make_rule(40, key="follow_up", effective_on="2026-07-01")
    book = make_book(rules={COUNTY: [make_rule(20, key="follow_up"), changed]})
    assert book.due("follow_up", date(2026, 6, 30), TOWN).raw_on == date(2026, 7, 20)
    assert book.due("follow_up", date(2026, 7, 1), TOWN).raw_on == date(2026, 8, 10)
    assert book.rule("follow_up", TOWN).length == 40


def test_rule_not_yet_in_force_leaves_the_ancestor_s():
    later = make_rule(40, key="follow_up", effective_on="2026-07-01")
    book = make_book(rules={COUNTY: [later]})
    assert book.rule("follow_up", TOWN, date(2026, 6, 30)).length == 30


def test_rule_of_another_unit_is_unknown():
    book = make_book(rules={COUNTY: [make_rule(key="county_only")]})
    with pytest.raises(InvalidInputError):
        book.rule("county_only", "620902")


def test_local_holiday_counts_in_its_county_only():
    book = make_book(years={COUNTY: [make_year(2026, rest=(date(2026, 8, 20),))]})
    assert book.due("court_step", date(2026, 8, 17), TOWN).on == date(2026, 8, 21)
    assert book.due("court_step", date(2026, 8, 17)).on == date(2026, 8, 20)
    assert book.due("court_step", date(2026, 8, 17), TOWN).calendar_version == "2026.1+2026.test"


def test_nearest_layer_decides_about_one_day():
    off = make_year(2026, rest=(date(2026, 8, 20),))
    town_works = make_year(2026, work=(date(2026, 8, 20),))
    book = make_book(years={COUNTY: [off], TOWN: [town_works]})
    assert book.calendar(COUNTY).is_rest(date(2026, 8, 20))
    assert not book.calendar(TOWN).is_rest(date(2026, 8, 20))
    assert not book.calendar(TOWN).is_swapped(date(2026, 8, 20))


def test_installation_year_makes_a_year_known_and_replaces_a_built_in_one():
    book = make_book(years={"": [make_year(2027), make_year(2026)]})
    assert book.due("confirmation", "2026-12-03").status == "final"
    assert book.due("confirmation", "2026-09-03").on == date(2026, 10, 5)


def test_local_days_alone_do_not_make_a_year_known():
    book = make_book(years={COUNTY: [make_year(2027, rest=(date(2027, 8, 20),))]})
    assert book.due("confirmation", "2026-12-03", TOWN).status == "provisional"


def test_calendar_is_built_once_for_units_with_the_same_layers():
    book = make_book(years={COUNTY: [make_year(2026)]})
    assert book.calendar(TOWN) is book.calendar(COUNTY)
    assert book.calendar("620902") is book.calendar()


def test_due_takes_iso_text_with_time():
    late = "2026-09-02T16:30:00+00:00"
    assert RuleBook.built_in().due("confirmation", late).on == date(2026, 10, 8)


def test_extension_without_permission_in_the_rule_is_refused():
    rule = RuleBook.built_in().rule("confirmation")
    with pytest.raises(RuleError) as refused:
        check_extension(rule, 5)
    assert say(refused.value.message) == "共同申请司法确认的期限不能延长（民诉法第205条）。"


@pytest.mark.parametrize(
    ("days", "already", "fine"), [(30, 0, True), (10, 20, True), (11, 20, False)]
)
def test_extension_cap_holds_over_all_extensions(days, already, fine):
    rule = RuleBook.built_in().rule("petition_handling")
    if fine:
        check_extension(rule, days, already=already)
        return
    with pytest.raises(RuleError) as refused:
        check_extension(rule, days, already=already)
    assert say(refused.value.message) == (
        "信访事项办理期限最多一共延长 30 天，还可以延长 10 天（信访工作条例第34条）。"
    )


def test_extension_of_no_days_is_refused():
    with pytest.raises(RuleError) as refused:
        check_extension(RuleBook.built_in().rule("mediation"), 0)
    assert refused.value.message.code == "deadline.extension_too_small"


def test_extension_without_cap_takes_any_number():
    check_extension(RuleBook.built_in().rule("mediation"), 300, already=300)


@pytest.mark.parametrize("changes", [{"unit": "weeks"}, {"length": -1}])
def test_impossible_rule_row_is_refused(changes):
    with pytest.raises(ValueError, match="test_limit"):
        make_rule(**changes)
