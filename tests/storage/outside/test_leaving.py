"""What goes out, what never does, and what colleagues learn of each other's cases."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.factories.cases import World
from tests.factories.outside import FIRST, SYSTEMS, csv_bytes, line, take
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.queries.cases_list import CasesQuery
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.cases.tables import CaseRecord
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.outside.apply import apply_file
from workflows.outside.copying import load_copy_page
from workflows.outside.export import PAGE, Exported, ExportQuery, export_cases
from workflows.outside.queries.lists import RowsQuery, list_rows, load_desk
from workflows.outside.queries.row_page import load_row_page
from workflows.storage import SYSTEM
from workflows.storage.clock import MovableClock
from workflows.storage.ids import decode_id

PROVINCE, PETITION = SYSTEMS.load("province"), SYSTEMS.load("petition")
REASON = "按月上报"


def export(world: World, username: str, **more: Any) -> tuple[Exported, str]:
    target = io.BytesIO()
    page = more.pop("page", PAGE)
    query = ExportQuery(more.pop("cases", CasesQuery()), **more)
    actor = world.actor(username)
    done = export_cases(world.platform, actor, PROVINCE, query, target, page=page)
    return done, target.getvalue().decode("utf-8-sig")


def change(world: World, case: str, **values: Any) -> None:
    with world.platform.database.transaction(SYSTEM) as session:
        row = session.get_one(CaseRecord, decode_id(case))
        for name, value in values.items():
            setattr(row, name, value)


def test_every_case_in_a_list_says_so_in_its_record(world: World) -> None:
    opened = world.open()
    done, text = export(world, "intake")
    assert (done.cases, opened.number in text) == (1, True)
    query = TimelineQuery(opened.case, limit=50)
    found = list_timeline(world.platform, world.actor("head"), query).entries
    assert [one.actor for one in found if one.action == "export"] == ["intake"]
    assert [one.cases for one in load_desk(world.platform, world.actor("head")).exports] == [1]


def test_pages_of_cases_are_all_in_the_list_once(world: World) -> None:
    numbers = [world.open().number for _case in range(5)]
    done, text = export(world, "intake", page=2)
    assert done.cases == 5
    assert [text.count(f",{number},") for number in numbers] == [1] * 5


def test_filters_are_those_of_the_list_of_cases(world: World) -> None:
    world.open()
    assert export(world, "intake", cases=CasesQuery(status="closed"))[0].cases == 0
    assert export(world, "intake", cases=CasesQuery(q="王建国"))[0].cases == 1


def test_how_a_case_ended_and_how_long_it_took_are_told(world: World, clock: MovableClock) -> None:
    """What a yearly report is counted from; nothing of it while the case is open."""
    _opened, talk = world.at_talk()
    assert yearly(world) == {"办理结果": "", "办理天数": "", "办结日期": ""}
    clock.advance(timedelta(days=9))
    world.complete("mediator", talk, outcome="done")
    closed = yearly(world)
    assert (closed["办理结果"], closed["办理天数"]) == ("办结", "9")
    assert closed["办结日期"] != ""


def yearly(world: World) -> dict[str, str]:
    """The last columns of the only case in the petition office's list."""
    target = io.BytesIO()
    query = ExportQuery(CasesQuery())
    export_cases(world.platform, world.actor("head"), PETITION, query, target, page=PAGE)
    (row,) = csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig")))
    return {name: row[name] for name in ("办理结果", "办理天数", "办结日期")}


def test_cases_seen_in_part_are_left_out(world: World) -> None:
    world.open()
    world.hire("court", "法院联络员@111-TW")
    assert export(world, "court")[0] == Exported(0, 1)


def test_accusations_go_out_by_no_way_whoever_asks(world: World) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "检举件"))
    change(world, opened.case, process="petition")
    more = {"restricted": True, "reason": REASON}
    assert export(world, "intake", **more)[0] == Exported(0, 1)
    with pytest.raises(ForbiddenError):
        load_copy_page(world.platform, world.actor("intake"), PETITION, opened.case)
    with pytest.raises(NotVisibleError):
        load_copy_page(world.platform, world.actor("head"), PETITION, opened.case)


def test_sealed_facts_and_what_was_said_in_mediation_are_in_no_value(world: World) -> None:
    opened = world.open()
    facts = {
        "title": "甲乙",
        "session_summary": "鸜鹆",
        "concessions": "鸜鹆",
        "failure_reason": "鸜鹆",
    }
    change(world, opened.case, facts=facts)
    spy = SYSTEMS.load("court").columns[15]
    assert spy.feel is not None
    for system in SYSTEMS.by_key.values():
        page = load_copy_page(world.platform, world.actor("intake"), system, opened.case)
        texts = " ".join(cell.text for cell in page.cells)
        assert "鸜鹆" not in texts
        assert "不想让儿子知道" not in texts
    asking = replace(spy, feel=lambda context: str(context))
    system = replace(PROVINCE, columns=(*PROVINCE.columns, asking))
    page = load_copy_page(world.platform, world.actor("intake"), system, opened.case)
    assert "甲乙" in page.cells[-1].text
    assert "鸜鹆" not in page.cells[-1].text


def test_restricted_and_whole_numbers_need_a_reason(world: World) -> None:
    world.open()
    for more in ({"restricted": True}, {"whole_numbers": True}):
        with pytest.raises(RuleError):
            export(world, "head", **more)
    assert "990001198812249226" in export(world, "head", whole_numbers=True, reason=REASON)[1]
    with pytest.raises(ForbiddenError):
        export(world, "intake", whole_numbers=True, reason=REASON)


def test_who_handles_no_lists_takes_none_out(world: World) -> None:
    with pytest.raises(ForbiddenError):
        export(world, "mediator")
    with pytest.raises(ForbiddenError):
        export(world, "intake", unit="1111-TW")


def test_date_of_a_year_without_a_calendar_is_given_as_provisional(world: World) -> None:
    column = replace(PROVINCE.columns[0], source=None, feel=lambda c: list(c["clocks"].values()))
    system = replace(PROVINCE, columns=(*PROVINCE.columns, column))
    opened = world.open()
    page = load_copy_page(world.platform, world.actor("intake"), system, opened.case)
    assert page.cells[-1].text.startswith("2026-")


def test_colleagues_are_not_told_of_cases_they_do_not_see(world: World) -> None:
    opened = world.open()
    taken = take(world, csv_bytes(line(本地编号=opened.number)))
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    query = RowsQuery(file=taken.file)
    [own] = list_rows(world.platform, world.actor("intake"), query).rows
    assert (own.case, own.reason.params["number"]) == (opened.case, opened.number)
    [other] = list_rows(world.platform, world.actor("head"), query).rows
    assert (other.case, other.reason.code) == (None, "outside.of_hidden_case")
    assert load_row_page(world.platform, world.actor("head"), SYSTEMS, own.id).candidates == ()


def test_conflict_with_a_hidden_case_names_it_to_nobody_else(world: World) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    content = csv_bytes(line(FIRST, 登记日期="2020-01-01", 申请人="李玉梅", 被申请人="王建国"))
    taken = take(world, content)
    apply_file(world.platform, world.actor("intake"), SYSTEMS, taken.file)
    [row] = list_rows(world.platform, world.actor("head"), RowsQuery(state="open")).rows
    assert row.reason.code == "outside.of_hidden_case"
    seen = load_row_page(world.platform, world.actor("intake"), SYSTEMS, row.id).candidates
    assert [one.number for one in seen] == [opened.number]
    assert load_row_page(world.platform, world.actor("head"), SYSTEMS, row.id).candidates == ()
