"""From frozen JSON to what templates see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.factories import documents as factory
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import read_folder
from workflows.documents.context import named_keys, thaw

ROOT = Path(__file__).parents[3]


@cache
def package() -> Package:
    return compile_package(read_folder(ROOT, "people_mediation"))


def test_dates_and_money_become_values() -> None:
    context = thaw(factory.frozen(), package())
    assert context["case"]["session_on"] == date(2026, 9, 3)
    assert context["case"]["amount"] == Decimal("12000.00")
    assert context["data"]["informed_on"] == date(2026, 8, 6)
    assert context["case"]["clauses"][0]["amount"] == Decimal("9600.00")
    assert context["case"]["clauses"][0]["due_on"] == date(2026, 9, 30)
    assert context["parties"][0]["birth_date"] == date(1968, 4, 19)
    assert context["run"]["opened_on"] == date(2026, 8, 3)
    assert context["today"] == date(2026, 9, 3)


def test_coded_values_have_words_beside_them() -> None:
    context = thaw(factory.frozen(), package())
    assert context["case"]["dispute_kind"] == "neighbourhood"
    assert context["case"]["dispute_kind_text"] == "邻里"
    assert context["data"]["mediator_text"] == "柴永贵"
    assert context["case"]["recorder_text"] == "安玥珺"
    assert context["data"]["performance_text"] == "已经履行"


def test_empty_text_is_null() -> None:
    context = thaw(factory.frozen(case={"claims": "", "place": ""}), package())
    assert context["case"]["claims"] is None
    assert context["case"]["place"] is None


def test_rows_keep_their_numbers() -> None:
    context = thaw(factory.frozen(), package())
    assert [row["no"] for row in context["case"]["clauses"]] == [1, 2, 3]
    assert [party["no"] for party in context["parties"]] == [1, 2]


def test_unreadable_draft_values_are_left_blank() -> None:
    typed = {
        "amount": "一万二",
        "session_on": "昨天",
        "clauses": [{"what": "赔偿", "amount": "9,600", "due_on": "月底"}],
    }
    context = thaw(factory.frozen(case=typed), package())
    assert context["case"]["amount"] is None
    assert context["case"]["session_on"] is None
    (row,) = context["case"]["clauses"]
    assert (row["amount"], row["due_on"]) == (Decimal(9600), None)


def test_values_of_the_wrong_shape_do_no_harm() -> None:
    context = thaw(factory.frozen(case={"clauses": "赔偿"}), package())
    assert context["case"]["clauses"] == []


def test_unknown_choice_is_shown_as_it_is() -> None:
    context = thaw(factory.frozen(case={"dispute_kind": "retired_kind"}), package())
    assert context["case"]["dispute_kind_text"] == "retired_kind"


def test_names_of_person_fields_are_asked_for_and_no_others() -> None:
    found = named_keys(({"mediator": "mediator", "session_place": "recorder"},), package())
    assert found == {"mediator"}


def test_person_without_account_is_shown_by_username() -> None:
    context = thaw(factory.frozen(data={"mediator": "left_long_ago"}), package())
    assert context["data"]["mediator_text"] == "left_long_ago"
